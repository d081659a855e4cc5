"""Invented personal values. Real systems are full of them, so the simulated ones are too: that they are never
read is tested with them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from demo.workdays import Array

_POOL = 4096
_SURNAMES = "Nguyễn Trần Lê Phạm Huỳnh Võ Đặng Bùi Đỗ Hồ Ngô Dương Cao Mấu Bo Tro"
_MIDDLE = "Văn Thị Minh Ngọc Quốc Thanh Hữu Xuân Đức Kim"
_GIVEN = "An Bình Châu Dũng Giang Hạnh Hòa Khánh Lan Long Mai Nam Phúc Quỳnh Sơn Thảo Trang Tuấn Vy Yến"
_STREETS = ("Trần Phú", "Lê Hồng Phong", "Hùng Vương", "2 Tháng 4", "Nguyễn Huệ", "Hai Bà Trưng", "thôn Tân Lập")
_NOTES = (
    "Đã gọi điện cho công dân",
    "Hẹn đến bổ sung bản gốc",
    "Người nộp là con của chủ hồ sơ",
    "Nhận kết quả tại nhà",
    "Chuyển phòng chuyên môn",
)


class People:
    """Pools of texts, drawn from by a dossier's `person` number: the same number, the same person."""

    def __init__(self) -> None:
        draw = np.random.default_rng(20240915)

        def pick(words: Sequence[str]) -> list[str]:
            return [words[i] for i in draw.integers(0, len(words), _POOL)]

        names = zip(*(pick(words.split()) for words in (_SURNAMES, _MIDDLE, _GIVEN)), strict=True)
        self._names = _pool([" ".join(parts) for parts in names])
        self._phones = _pool([f"0900{n:06d}" for n in draw.integers(0, 10**6, _POOL)])
        self._papers = _pool([f"000{n:09d}" for n in draw.integers(0, 10**9, _POOL)])
        numbers = draw.integers(1, 300, _POOL)
        self._addresses = _pool([f"Số {n} {street}" for n, street in zip(numbers, pick(_STREETS), strict=True)])
        self._emails = _pool([f"congdan{n:05d}@example.vn" for n in range(_POOL)])
        births = np.datetime64("1950-01-01") + draw.integers(0, 20000, _POOL)
        self._births = _pool([str(day) for day in births])
        self._notes = _pool(pick(_NOTES))

    def names(self, person: Array, *, shift: int = 0) -> Array:
        """Full names; another shift, another person about the same dossier."""
        return _taken(self._names, person + shift)

    def phones(self, person: Array) -> Array:
        return _taken(self._phones, person // 3)

    def papers(self, person: Array) -> Array:
        return _taken(self._papers, person // 7)

    def addresses(self, person: Array) -> Array:
        return _taken(self._addresses, person // 11)

    def emails(self, person: Array) -> Array:
        return _taken(self._emails, person // 13)

    def births(self, person: Array) -> Array:
        return _taken(self._births, person // 17)

    def notes(self, person: Array) -> Array:
        """Free text of the officials, on about every third dossier."""
        return some(person % 3 == 0, _taken(self._notes, person // 19))


def _pool(texts: list[str]) -> Array:
    return np.array(texts, dtype=object)


def _taken(pool: Array, numbers: Array) -> Array:
    texts: Array = pool[numbers % _POOL]
    return texts


def some(where: Array, texts: Array) -> Array:
    """The texts there, nothing elsewhere."""
    kept = np.full(len(texts), None, dtype=object)
    kept[where] = texts[where]
    return kept

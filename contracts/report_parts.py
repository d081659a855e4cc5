"""The parts of the report that the drafting office writes itself; figures stay computed.

The outline (I to V) is that of the ministry's letter on periodic reports as far as it is known [unverified]: it is data
here, so that another one is a change of this file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from contracts.areas import areas_on


@dataclass(frozen=True)
class WrittenPart:
    """id: what commands and the warehouse call it. title: its place in the outline. hint: what belongs there."""

    id: str
    title: str
    hint: str

    @property
    def number(self) -> str:
        """I · II.3: how staff call it."""
        return self.title.split(" ", 1)[0].rstrip(".")


AREA_HINT = "Kết quả nổi bật trong kỳ của lĩnh vực này, theo kế hoạch năm"
AREAS = 6

PARTS: tuple[WrittenPart, ...] = (
    WrittenPart(
        "direction",
        "I. Công tác chỉ đạo, điều hành",
        "Kế hoạch, văn bản chỉ đạo, kiểm tra, tuyên truyền cải cách hành chính",
    ),
    *(WrittenPart(f"area-{n}", f"II.{n}. Lĩnh vực {n}", AREA_HINT) for n in range(1, AREAS + 1)),
    WrittenPart("good", "III.1. Kết quả đạt được", "Kết quả nổi bật ngoài các số liệu đã nêu"),
    WrittenPart("limits", "III.2. Tồn tại, hạn chế", "Tồn tại, hạn chế ngoài các số liệu đã nêu"),
    WrittenPart("causes", "III.3. Nguyên nhân", "Nguyên nhân khách quan, chủ quan"),
    WrittenPart("ahead", "IV. Phương hướng, nhiệm vụ kỳ sau", "Nhiệm vụ trọng tâm, cơ quan thực hiện, thời hạn"),
    WrittenPart("proposals", "V. Kiến nghị, đề xuất", "Kiến nghị với Chính phủ, bộ, ngành và cấp trên"),
)

PART_IDS = tuple(part.id for part in PARTS)


def parts_on(day: date) -> tuple[WrittenPart, ...]:
    """The parts with the names that the areas of reform have that day: II.2. Cải cách thủ tục hành chính."""
    areas = areas_on(day)
    names = {f"area-{n}": f"II.{n}. {areas.name(n)}" for n in range(1, AREAS + 1)}
    return tuple(replace(part, title=names.get(part.id, part.title)) for part in PARTS)

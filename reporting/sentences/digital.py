"""Online receipt, payment, post and digitisation, from the dossiers: each with both counts, and of how many dossiers
the sources tell where that is not all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from reporting.formats import count_text, listed
from reporting.indicator_text import basis_text, value_text
from transforms.indicators import Indicator, Part, counts_of, parts_of


@dataclass(frozen=True)
class _Words:
    """what: whose share; base: of what. nothing: where the base is 0. about: within «chưa có số liệu về …»."""

    what: str
    base: str
    nothing: str
    about: str


_SERVED = "hồ sơ tiếp nhận của thủ tục cung cấp dịch vụ công trực tuyến"
ONLINE: dict[str, _Words] = {
    "ONLINE_RECEIVED": _Words(
        "hồ sơ tiếp nhận trực tuyến",
        "tổng số hồ sơ tiếp nhận trong kỳ",
        "Trong kỳ không có hồ sơ tiếp nhận mới",
        "hồ sơ tiếp nhận trực tuyến",
    ),
    "OFFERED_ONLINE": _Words(
        "hồ sơ nộp trực tuyến",
        f"số {_SERVED} một phần hoặc toàn trình",
        f"Trong kỳ không có {_SERVED} một phần hoặc toàn trình",
        "hồ sơ nộp trực tuyến của thủ tục cung cấp dịch vụ công trực tuyến",
    ),
    "OFFERED_FULL_ONLINE": _Words(
        "hồ sơ nộp trực tuyến",
        f"số {_SERVED} toàn trình",
        f"Trong kỳ không có {_SERVED} toàn trình",
        "hồ sơ nộp trực tuyến của thủ tục cung cấp dịch vụ công trực tuyến toàn trình",
    ),
    "PAID_ONLINE": _Words(
        "hồ sơ thanh toán trực tuyến",
        "số hồ sơ có nghĩa vụ tài chính",
        "Không có hồ sơ có nghĩa vụ tài chính",
        "thanh toán trực tuyến",
    ),
}
"""The indicators that are told in words, in this order: how dossiers come and are paid for."""
DIGITISED: dict[str, _Words] = {
    "DIGITISED": _Words(
        "hồ sơ được số hóa thành phần hồ sơ",
        "số hồ sơ tiếp nhận trong kỳ",
        "Không có hồ sơ tiếp nhận trong kỳ để tính tỷ lệ số hóa thành phần hồ sơ",
        "số hóa thành phần hồ sơ",
    ),
    "RESULT_ELECTRONIC": _Words(
        "hồ sơ có kết quả giải quyết điện tử",
        "số hồ sơ đã giải quyết",
        "Không có hồ sơ đã giải quyết để tính tỷ lệ kết quả giải quyết điện tử",
        "kết quả giải quyết điện tử",
    ),
    "REUSED": _Words(
        "hồ sơ được tái sử dụng dữ liệu đã số hóa",
        "số hồ sơ tiếp nhận trong kỳ",
        "Không có hồ sơ tiếp nhận trong kỳ để tính tỷ lệ tái sử dụng dữ liệu đã số hóa",
        "tái sử dụng dữ liệu đã số hóa",
    ),
}
"""What of them is digital within."""


def paragraphs(indicators: Iterable[Indicator], counts: Mapping[str, int]) -> tuple[str, ...]:
    """One on receipt and payment, one on digitisation; what no source tells of is in the last sentence of each."""
    found = {indicator.id: indicator for indicator in indicators}
    said = (" ".join(_sentences(words, found, counts)) for words in (ONLINE, DIGITISED))
    return tuple(text for text in said if text)


def _sentences(told: Mapping[str, _Words], found: Mapping[str, Indicator], counts: Mapping[str, int]) -> Iterator[str]:
    unknown = []
    for name, words in told.items():
        if name in found and (text := _one(found[name], words, counts)):
            yield text
        elif name in found:
            unknown.append(words.about)
    if unknown:
        yield f"Chưa có số liệu về {listed(unknown)}: không hệ thống nguồn nào ghi nội dung này."


def _one(indicator: Indicator, words: _Words, counts: Mapping[str, int]) -> str:
    """ "" where no source tells of it."""
    numerator, denominator = counts_of(indicator, counts)
    if numerator is None:
        return ""
    part = _of_a_part(parts_of(indicator, counts))
    if not denominator:
        return f"{words.nothing}{part}."
    value, basis = (text(indicator, numerator, denominator) for text in (value_text, basis_text))
    return f"Tỷ lệ {words.what} trên {words.base} đạt {value} ({basis} hồ sơ){part}."


def _of_a_part(parts: Iterable[Part]) -> str:
    """, tính trên 1.000/2.000 hồ sơ mà hệ thống nguồn có ghi mức độ dịch vụ công."""
    said = [f"{count_text(p.told)}/{count_text(p.of)} hồ sơ mà hệ thống nguồn có ghi {p.base.label}" for p in parts]
    return f", tính trên {listed(said)}" if said else ""

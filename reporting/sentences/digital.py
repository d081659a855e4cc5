"""Online receipt, payment, post and digitisation, from the dossiers: each with both counts, and of how many dossiers
the sources tell where that is not all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reporting.formats import count_text, listed
from reporting.indicator_text import basis_text, value_text
from transforms.indicators import Indicator, Part, counts_of, parts_of


@dataclass(frozen=True)
class _Words:
    """share: before the figure and after it. nothing: where the base is 0. about: within «chưa có số liệu về …»."""

    before: str
    after: str
    nothing: str
    about: str


WORDS: dict[str, _Words] = {
    "ONLINE_RECEIVED": _Words(
        "Hồ sơ tiếp nhận trực tuyến đạt",
        "số hồ sơ tiếp nhận trong kỳ",
        "Trong kỳ không có hồ sơ tiếp nhận mới",
        "hồ sơ tiếp nhận trực tuyến",
    ),
    "OFFERED_ONLINE": _Words(
        "Hồ sơ nộp trực tuyến đạt",
        "số hồ sơ tiếp nhận của thủ tục cung cấp dịch vụ công trực tuyến một phần hoặc toàn trình",
        "Trong kỳ không có hồ sơ tiếp nhận của thủ tục cung cấp dịch vụ công trực tuyến một phần hoặc toàn trình",
        "hồ sơ của thủ tục cung cấp dịch vụ công trực tuyến",
    ),
    "OFFERED_FULL_ONLINE": _Words(
        "Riêng thủ tục cung cấp dịch vụ công trực tuyến toàn trình, hồ sơ nộp trực tuyến đạt",
        "số hồ sơ tiếp nhận",
        "Trong kỳ không có hồ sơ tiếp nhận của thủ tục cung cấp dịch vụ công trực tuyến toàn trình",
        "hồ sơ của thủ tục cung cấp dịch vụ công trực tuyến toàn trình",
    ),
    "PAID_ONLINE": _Words(
        "Hồ sơ thanh toán trực tuyến đạt",
        "số hồ sơ có nghĩa vụ tài chính",
        "Không có hồ sơ có nghĩa vụ tài chính",
        "thanh toán trực tuyến",
    ),
    "DIGITISED": _Words(
        "Hồ sơ được số hóa thành phần hồ sơ đạt",
        "số hồ sơ tiếp nhận trong kỳ",
        "Không có hồ sơ tiếp nhận trong kỳ để tính tỷ lệ số hóa thành phần hồ sơ",
        "số hóa thành phần hồ sơ",
    ),
    "RESULT_ELECTRONIC": _Words(
        "Hồ sơ có kết quả giải quyết điện tử đạt",
        "số hồ sơ đã giải quyết",
        "Không có hồ sơ đã giải quyết để tính tỷ lệ kết quả điện tử",
        "kết quả giải quyết điện tử",
    ),
    "REUSED": _Words(
        "Hồ sơ được tái sử dụng dữ liệu đã số hóa đạt",
        "số hồ sơ tiếp nhận trong kỳ",
        "Không có hồ sơ tiếp nhận trong kỳ để tính tỷ lệ tái sử dụng dữ liệu đã số hóa",
        "tái sử dụng dữ liệu đã số hóa",
    ),
}
"""The indicators that are told in words, in this order."""


def sentences(indicators: Iterable[Indicator], counts: Mapping[str, int]) -> tuple[str, ...]:
    """Of those in force; what no source tells of stands together in the last sentence."""
    found = {indicator.id: indicator for indicator in indicators}
    said, unknown = [], []
    for name, words in WORDS.items():
        if name in found and (text := _one(found[name], words, counts)):
            said.append(text)
        elif name in found:
            unknown.append(words.about)
    if unknown:
        said.append(f"Chưa có số liệu về {listed(unknown)}: không hệ thống nguồn nào ghi nội dung này.")
    return tuple(said)


def _one(indicator: Indicator, words: _Words, counts: Mapping[str, int]) -> str:
    """ "" where no source tells of it."""
    numerator, denominator = counts_of(indicator, counts)
    if numerator is None:
        return ""
    part = _of_a_part(parts_of(indicator, counts))
    if not denominator:
        return f"{words.nothing}{part}."
    figure = f"{value_text(indicator, numerator, denominator)} ({basis_text(indicator, numerator, denominator)})"
    return f"{words.before} {figure} {words.after}{part}."


def _of_a_part(parts: Iterable[Part]) -> str:
    """, tính trên 1.000/2.000 hồ sơ mà hệ thống nguồn có ghi mức độ dịch vụ công."""
    said = [f"{count_text(p.told)}/{count_text(p.of)} hồ sơ mà hệ thống nguồn có ghi {p.base.label}" for p in parts]
    return f", tính trên {listed(said)}" if said else ""

"""Vietnamese words of the quality page, and the short name that each rule has on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from contracts.codes import PartitionState, Severity
from contracts.columns import DOSSIER_COLUMNS
from contracts.comparisons import COUNTS, NOT_CARRIED, NOT_OPEN, REASONS
from contracts.regulations import citation
from expectations.suites import SUITES
from reporting.wording import ROWS, counted_in

SUBJECTS = {
    "contract": ("K", "Cấu trúc nguồn"),
    "identity": ("Đ", "Định danh hồ sơ"),
    "codes": ("M", "Mã và danh mục"),
    "statuses": ("T", "Trạng thái, kênh"),
    "dates": ("N", "Ngày tháng"),
    "marks": ("G", "Ghi kèm hồ sơ: mức độ, phí, thời hạn"),
    "across": ("H", "Giữa các hệ thống"),
    "facts": ("B", "Biểu số liệu"),
    "continuity": ("L", "Nối tiếp kỳ trước"),
    "history": ("S", "Sửa sau khi đã đọc"),
    "corrections": ("C", "Đính chính của tỉnh"),
    "published": ("P", "Số liệu công bố"),
}
OTHER = ("X", "Nội dung khác")
SEVERITIES = {
    Severity.CRITICAL: "Dừng nguồn",
    Severity.ERROR: "Loại ra",
    Severity.WARNING: "Cảnh báo",
}
STATES = {
    PartitionState.EXPECTED: "Chưa đọc",
    PartitionState.LANDED: "Đã đọc, chưa kiểm tra xong",
    PartitionState.VALIDATED: "Đã kiểm tra, chưa tổng hợp xong",
    PartitionState.LOADED: "Đã tổng hợp",
    PartitionState.FAILED: "LỖI, chưa tổng hợp được",
    PartitionState.NOT_RECEIVED: "CHƯA NHẬN ĐƯỢC số liệu",
}
CHANGES = {
    "vanished": "Hồ sơ biến mất khỏi hệ thống",
    "due_rewritten": "Ngày hẹn trả bị sửa sau khi quá hạn",
    "end_rewritten": "Ngày kết thúc bị sửa sau khi quá hạn",
    "moved_over_cut_off": "Ngày bị chuyển qua ngày chốt kỳ",
}
"""Kinds of change between two reads that are a matter for a person; a new dossier is none."""
CONTINUED = {
    NOT_CARRIED: "Còn tồn cuối kỳ trước, không chuyển sang kỳ này",
    NOT_OPEN: "Chuyển sang kỳ này, cuối kỳ trước không còn tồn",
}
COLUMNS = {c.name: c.label for c in DOSSIER_COLUMNS}


@dataclass(frozen=True)
class Named:
    """A rule as the page speaks of it. short: subject's letter and its number there, the same for all sources."""

    id: str
    short: str
    subject: str
    severity: Severity
    sentence: str
    regulation: str

    @property
    def counts(self) -> str:
        """What a number of its findings counts."""
        return counted_in(self.id)

    @property
    def is_of_rows(self) -> bool:
        """Whether its findings are a part of the rows that were read."""
        return self.counts == ROWS

    @property
    def gist(self) -> str:
        """What is wrong, without what to do."""
        return self.sentence.split(";")[0].rstrip(".")

    @property
    def anchor(self) -> str:
        return "quy-tac-" + self.id.replace(".", "-").replace("_", "-")


@cache
def rules(on: date) -> dict[str, Named]:
    """Every rule by its id, in the order of the suites; on: the day whose law is cited."""
    found = {}
    counted: dict[str, int] = {}
    for suite, told in SUITES.items():
        letter, subject = SUBJECTS.get(suite, OTHER)
        for rule in told:
            counted[letter] = counted.get(letter, 0) + 1
            cited = citation(rule.regulation, on=on)
            found[rule.id] = Named(rule.id, f"{letter}{counted[letter]}", subject, rule.severity, rule.sentence, cited)
    return found


def reason_label(reason: str) -> str:
    """Why a dossier was not continued; an unknown reason by its own name."""
    return REASONS[reason].label if reason in REASONS else reason


def measure_label(measure: str) -> str:
    """What a deviation is of; an unknown measure by its own name."""
    if measure not in COUNTS:
        return measure
    label = COUNTS[measure].label
    return label[:1].upper() + label[1:]

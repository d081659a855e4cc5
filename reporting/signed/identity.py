"""Which version of which report a file is: its first bytes are those of a PDF that was printed and registered.

What a signing program appends leaves our bytes as they are, so the SHA-256 of the file up to the end of one of its
revisions is in the register. Where it is not, the file is held against the PDFs that are asked for, to say why."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from reporting.signed.verdict import Refused
from storage.finished import is_as_entered
from warehouse.register import ReportVersion

LARGEST = 64 * 2**20
"""Bytes. A report has one or two million; a picture of a seal adds little."""
_ENDS_AT_MOST = 64
_MOSTLY = 0.9

Lookup = Callable[[Sequence[str]], list[ReportVersion]]
"""SHA-256 of files → the registered versions with such a PDF."""


@dataclass(frozen=True)
class Identity:
    """versions: all with that very PDF, which may have been printed again; length: of the PDF, in bytes."""

    versions: tuple[ReportVersion, ...]
    length: int


def read_file(path: Path) -> bytes:
    """Raises Refused where it is no PDF by its size or its first letters."""
    if not path.is_file():
        raise Refused("not_pdf", f"không có tệp {path}", advice="ghi đúng đường dẫn tới tệp đã ký")
    size = path.stat().st_size
    if size > LARGEST:
        raise Refused(
            "too_large",
            f"tệp lớn {size // 2**20} MB, quá mức {LARGEST // 2**20} MB",
            advice="nộp đúng tệp PDF đã ký của báo cáo",
        )
    content = path.read_bytes()
    if not content:
        raise Refused("not_pdf", "tệp rỗng, không có byte nào", advice="chép lại tệp từ máy đã ký")
    if not content.startswith(b"%PDF-"):
        raise Refused("not_pdf", "tệp không phải là PDF", advice="nộp tệp PDF đã ký, không nộp ảnh quét hay tệp nén")
    return content


def identify(content: bytes, lookup: Lookup) -> Identity | None:
    """The registered PDF with which the file begins; None where there is none."""
    ends = dict(_ends(content))
    found = lookup(list(ends))
    if not found:
        return None
    sha256 = max((one.sha256 for one in found), key=lambda one: ends[one])
    return Identity(tuple(one for one in found if one.sha256 == sha256), ends[sha256])


def _ends(content: bytes) -> Iterator[tuple[str, int]]:
    """SHA-256 and length of the file up to each end of a revision, as another program might have left it."""
    digest, done = hashlib.sha256(), 0
    marks = re.finditer(rb"%%EOF(\r\n|\n|\r)?", content)
    for mark, _ in zip(marks, range(_ENDS_AT_MOST), strict=False):
        for end in sorted({mark.start() + len(b"%%EOF"), mark.end()}):
            digest.update(content[done:end])
            done = end
            yield digest.hexdigest(), end


def explain(content: bytes, versions: Sequence[ReportVersion]) -> Refused:
    """Why a file that no registered PDF begins is not one of these versions, the newest of which comes first."""
    printed = [(one, Path(one.path).read_bytes()) for one in versions if is_as_entered(one.path, one.sha256)]
    return _damaged(content, printed) or _otherwise(content, printed)


def _damaged(content: bytes, printed: Sequence[tuple[ReportVersion, bytes]]) -> Refused | None:
    """Our bytes, but not all of them, or not all as they were."""
    for version, original in printed:
        common = min(len(content), len(original))
        if len(content) < len(original) and original.startswith(content):
            return Refused(
                "cut_off",
                f"tệp bị cắt cụt: chỉ còn {common} trong {len(original)} byte của bản {version.version}",
                advice="chép lại tệp từ máy đã ký",
            )
        same = np.frombuffer(content, np.uint8, common) == np.frombuffer(original, np.uint8, common)
        if len(content) >= len(original) and same.mean() >= _MOSTLY:
            wrong = int(common - same.sum())
            return Refused(
                "tampered",
                f"{wrong} byte trong phần đã in của bản {version.version} bị sửa (đầu tiên là byte thứ"
                f" {int(same.argmin()) + 1})",
                advice="không dùng tệp này; chép lại từ máy đã ký, hoặc ký lại từ bản PDF gốc",
            )
    return None


def _otherwise(content: bytes, printed: Sequence[tuple[ReportVersion, bytes]]) -> Refused:
    """Written anew around the same pages, around other pages, or another document."""
    from reporting.signed.check import shown

    pages = shown(content)
    if pages is None:
        return Refused(
            "broken", "tệp PDF hỏng, không đọc được, và không bắt đầu bằng bản nào đã in", advice="chép lại tệp"
        )
    for version, original in printed:
        ours = shown(original) or []
        if pages == ours:
            return Refused(
                "rewritten",
                f"chương trình ký đã ghi lại toàn bộ tệp: các trang giống bản {version.version},"
                " nhưng không còn chứng minh được từng byte",
                advice="đặt chương trình ký ở chế độ «ký nối thêm» (incremental update), rồi ký lại từ bản PDF gốc",
            )
        if set(pages) & set(ours):
            return _altered(version, pages, ours)
    return Refused(
        "foreign",
        "tệp không phải là bản PDF nào của báo cáo này mà cchc đã in",
        advice="nộp đúng tệp đã ký; bản in rồi quét, hoặc lưu lại bằng chương trình khác, không dùng được",
    )


def _altered(version: ReportVersion, pages: Sequence[str], ours: Sequence[str]) -> Refused:
    pairs = enumerate(zip(pages, ours, strict=False), start=1)
    other = [str(number) for number, (there, here) in pairs if there != here]
    said = [f"trang {', '.join(other[:10])} khác"] if other else []
    if len(pages) != len(ours):
        said.append(f"có {len(pages)} trang, bản đã in có {len(ours)} trang")
    return Refused(
        "altered",
        f"tệp đã bị ghi lại và nội dung khác bản {version.version}: {'; '.join(said)}",
        advice="không dùng tệp này; ký lại từ bản PDF gốc",
    )

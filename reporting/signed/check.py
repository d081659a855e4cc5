"""Looks through a file that begins with a PDF of ours: what came after must be signatures, and whole ones."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from pyhanko.sign.diff_analysis import SuspiciousModification

from reporting.signature_fields import DAY, MONTH, NUMBER, YEAR
from reporting.signed.changes import changed, has_places, text_of
from reporting.signed.pages import fingerprints
from reporting.signed.policy import signing_policy
from reporting.signed.reader import Reader
from reporting.signed.signatures import read_signers
from reporting.signed.trust import read_roots
from reporting.signed.verdict import Refused, Signer, Verdict


def check(content: bytes, *, length: int, printed_at: datetime, roots: Path, today: datetime) -> Verdict:
    """The verdict on a file whose first `length` bytes are a PDF of ours, printed at that time.

    roots: folder of the trusted root certificates. Raises Refused with the reason."""
    if not content[length:].strip():
        raise Refused("unsigned", "tệp chưa có chữ ký số nào", advice="ký số tệp này rồi nộp lại")
    with _quiet():
        ours, now = _read(content[:length]), _read(content)
        _check_changes(ours, now)
        _check_tail(content)
        signers = read_signers(now, roots=read_roots(roots), today=today)
        issued_on = [text_of(now, name) for name in (DAY, MONTH, YEAR)]
        return Verdict(
            signers=signers,
            number=text_of(now, NUMBER),
            issued_on="/".join(issued_on) if all(issued_on) else "",
            remarks=tuple(_remarks(signers, ours, printed_at, today)),
        )


def _read(content: bytes, *, strict: bool = True) -> Reader:
    try:
        reader = Reader(content, strict=strict)
        encrypted = reader.encrypt_dict is not None
    except Exception as error:  # a foreign file can fail anywhere in a reader
        raise _broken() from error
    if encrypted:
        raise Refused("encrypted", "tệp bị đặt mật khẩu hoặc mã hóa", advice="bỏ mật khẩu trong chương trình ký số")
    return reader


def _check_changes(ours: Reader, now: Reader) -> None:
    try:
        found = changed(ours, now)
        if not found and isinstance(signing_policy().review_file(now, 0), SuspiciousModification):
            found = ["thay đổi khác trong cấu trúc tệp, không phải do ký số"]
    except Exception as error:
        raise _broken() from error
    if found:
        raise Refused(
            "changed",
            f"sau khi cchc in, ngoài chữ ký, tệp còn bị thay đổi: {'; '.join(found)}",
            advice="ký lại từ bản PDF gốc; số và ngày ghi vào ô có sẵn ở trang 1, không dán chữ hay con dấu lên trang",
        )


def _check_tail(content: bytes) -> None:
    if not content.rstrip(b"\r\n \0").endswith(b"%%EOF"):
        raise Refused("changed", "cuối tệp có dữ liệu lạ, không thuộc chữ ký nào", advice="ký lại từ bản PDF gốc")


def _remarks(signers: tuple[Signer, ...], ours: Reader, printed_at: datetime, today: datetime) -> Iterator[str]:
    if len(signers) == 1:
        yield "mới có một chữ ký; thường cần chữ ký của lãnh đạo và chữ ký của cơ quan"
    if not has_places(ours):
        yield "bản PDF này in khi cchc chưa có ô ký: không kiểm tra được hình chữ ký có che nội dung hay không"
    for one in signers:
        if one.trust == "untrusted":
            yield f"chuỗi chứng thư của {one.name} KHÔNG được tin cậy: {one.reason}"
        if one.signed_at and one.signed_at > today:
            yield f"thời điểm ký của {one.name} ở sau thời điểm hiện tại: kiểm tra đồng hồ máy ký"
        if one.signed_at and one.signed_at < printed_at:
            yield f"thời điểm ký của {one.name} ở trước lúc in báo cáo: kiểm tra đồng hồ máy ký"
        if one.time_source != "stamped" and one.valid_to < today.date():
            day = f"{one.valid_to:%d/%m/%Y}"
            yield f"chứng thư của {one.name} đã hết hạn ngày {day}, thời điểm ký không có dấu thời gian"


def _broken() -> Refused:
    return Refused(
        "broken",
        "phần nối thêm vào tệp hỏng, bị cắt cụt hoặc không đúng chuẩn PDF",
        advice="chép lại tệp từ máy đã ký; nếu vẫn vậy, ký lại từ bản PDF gốc",
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """What pyHanko writes of a file that it rejects is told by us, once and in Vietnamese."""
    loggers = [logging.getLogger(name) for name in ("pyhanko", "pyhanko_certvalidator")]
    before = [one.level for one in loggers]
    for one in loggers:
        one.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for one, level in zip(loggers, before, strict=True):
            one.setLevel(level)


def shown(content: bytes) -> list[str] | None:
    """What each page of a file shows, as digests; None where it cannot be read. Raises Refused where encrypted."""
    with _quiet():
        try:
            return fingerprints(_read(content, strict=False))
        except Refused as error:
            if error.kind == "encrypted":
                raise
        except Exception:
            return None
    return None

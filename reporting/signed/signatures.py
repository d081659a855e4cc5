"""Each signature of a file: whole, by whom, when, with what digest, and whether its chain leads to a trusted root."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from asn1crypto import x509
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel

from contracts.clock import VIETNAM
from reporting.signed.policy import signing_policy
from reporting.signed.reader import Reader
from reporting.signed.trust import context_at
from reporting.signed.verdict import Refused, Signer, TimeSource, Trust

_WEAK = {"md2", "md5", "sha1"}
_USAGE = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)


def read_signers(now: Reader, *, roots: Sequence[x509.Certificate], today: datetime) -> tuple[Signer, ...]:
    """In the order of signing. Raises Refused where there is none, or one of them is not whole, weak or expired, or
    where something but time stamps came after the last."""
    try:
        embedded = list(now.embedded_signatures)
        filled = list(enumerate_sig_fields(now, filled_status=True))
    except Exception as error:  # pyHanko has no one class for what a foreign file can bring about
        raise Refused("invalid", "tệp có chữ ký không đọc được", advice="ký lại từ bản PDF gốc do cchc in") from error
    if len(embedded) != len(filled):
        raise Refused(
            "invalid", "tệp có chữ ký thuộc kiểu không kiểm tra được", advice="ký lại theo kiểu PAdES hoặc PKCS#7 rời"
        )
    signatures = [one for one in embedded if one.sig_object_type == "/Sig"]
    if not signatures:
        raise Refused("unsigned", "tệp chưa có chữ ký số nào", advice="ký số tệp này rồi nộp lại")
    signers = tuple(_signer(one, roots, today) for one in signatures)
    for stamp in (one for one in embedded if one.sig_object_type != "/Sig"):
        _check_stamp(stamp, roots, today)
    _check_end(signatures[-1], signers[-1], now)
    return signers


def _signer(one: EmbeddedPdfSignature, roots: Sequence[x509.Certificate], today: datetime) -> Signer:
    digest = one.md_algorithm
    who = str(one.signer_cert.subject.native.get("common_name") or one.signer_cert.subject.human_friendly)
    used = one.signer_info["signature_algorithm"]
    if digest in _WEAK or _hash_of(used) in _WEAK:
        raise Refused(
            "weak",
            f"chữ ký của {who} dùng hàm băm {digest.upper()}, nay không còn an toàn",
            advice="đặt chương trình ký số dùng SHA-256 trở lên rồi ký lại",
        )
    _check_range(one, who)
    claimed = one.self_reported_timestamp
    status = _validated(one, roots, claimed or today, who)
    _check_whole(one, status, who)
    signed_at, source = _time(status, claimed)
    if source == "stamped" and signed_at:  # the chain is to hold at the proven time, not at the claimed one
        status = _validated(one, roots, signed_at, who)
    _check_validity(one.signer_cert, signed_at or today, who)
    trust, reason = _trust(status, roots)
    subject, issuer = one.signer_cert.subject.native, one.signer_cert.issuer.native
    return Signer(
        field=str(one.field_name),  # pyHanko's own kind of text holds on to the whole file
        name=who,
        organisation=_first(subject, "organization_name", "organizational_unit_name"),
        issuer=_first(issuer, "common_name", "organization_name"),
        serial=f"{one.signer_cert.serial_number:x}",
        valid_to=_here(one.signer_cert.not_valid_after).date(),
        signed_at=_here(signed_at) if signed_at else None,
        time_source=source,
        digest=digest.upper().replace("SHA", "SHA-", 1),
        trust=trust,
        reason=reason,
    )


def _validated(
    one: EmbeddedPdfSignature, roots: Sequence[x509.Certificate], moment: datetime, who: str
) -> PdfSignatureStatus:
    try:
        return validate_pdf_signature(
            one, context_at(moment, roots=roots), diff_policy=signing_policy(), key_usage_settings=_USAGE
        )
    except Exception as error:
        raise _invalid(who, "không đọc được") from error


def _check_range(one: EmbeddedPdfSignature, who: str) -> None:
    """The signed bytes are all of the file but the signature itself, up to the end of its revision."""
    if one.evaluate_signature_coverage() < SignatureCoverageLevel.ENTIRE_REVISION:
        raise _invalid(who, "không bao trùm toàn bộ tệp tại thời điểm ký")


def _check_whole(one: EmbeddedPdfSignature, status: PdfSignatureStatus, who: str) -> None:
    if not status.intact:
        raise _invalid(who, "không khớp với nội dung: tệp bị sửa sau khi ký")
    if not status.valid:
        raise _invalid(who, "không hợp lệ: không phải do khóa của chứng thư kèm theo tạo ra")
    result: Any = one.diff_result
    if not isinstance(result, DiffResult):
        raise _invalid(who, "bị phá vỡ: sau khi ký, tệp bị thay đổi ngoài việc ký và ghi số, ngày")
    if status.docmdp_ok is False:
        raise _invalid(who, "đã khóa văn bản, nhưng sau đó tệp vẫn bị thay đổi")


def _check_validity(certificate: x509.Certificate, moment: datetime, who: str) -> None:
    first, last = certificate.not_valid_before, certificate.not_valid_after
    if not first <= moment <= last:
        raise Refused(
            "expired",
            f"lúc ký ({_here(moment):%d/%m/%Y}), chứng thư số của {who} không có hiệu lực"
            f" (hiệu lực {_here(first):%d/%m/%Y} – {_here(last):%d/%m/%Y})",
            advice="gia hạn chứng thư số, kiểm tra đồng hồ máy ký rồi ký lại",
        )


def _check_stamp(one: EmbeddedPdfSignature, roots: Sequence[x509.Certificate], today: datetime) -> None:
    try:
        status = validate_pdf_timestamp(one, context_at(today, roots=roots), diff_policy=signing_policy())
    except Exception as error:
        raise _invalid("dấu thời gian", "không đọc được") from error
    result: Any = one.diff_result
    if not (status.intact and status.valid and isinstance(result, DiffResult)):
        raise _invalid("dấu thời gian", "không khớp với nội dung tệp")


def _check_end(last: EmbeddedPdfSignature, signer: Signer, now: Reader) -> None:
    """After the last signature nothing but certificates and time stamps: number and date are there before the seal."""
    covered: Any = last.coverage  # both are filled in by the validation
    result: Any = last.diff_result
    if covered == SignatureCoverageLevel.ENTIRE_FILE:
        return
    quiet = isinstance(result, DiffResult) and result.modification_level <= ModificationLevel.LTA_UPDATES
    if not quiet or last.signed_revision == now.total_revisions - 1:
        raise Refused(
            "changed",
            f"sau chữ ký cuối cùng (của {signer.name}) tệp còn bị ghi thêm",
            advice="ghi số, ngày trước khi ký số của cơ quan; nộp tệp ngay sau lần ký cuối",
        )


def _time(status: PdfSignatureStatus, claimed: datetime | None) -> tuple[datetime | None, TimeSource]:
    """A time stamp counts where its own chain is trusted; else the clock of the machine that signed."""
    stamp = status.timestamp_validity
    if stamp is not None and stamp.valid and stamp.intact and stamp.trusted:
        return stamp.timestamp, "stamped"
    return (claimed, "claimed") if claimed else (None, "unknown")


def _trust(status: PdfSignatureStatus, roots: Sequence[x509.Certificate]) -> tuple[Trust, str]:
    if not roots:
        return "unchecked", "chưa có chứng thư gốc nào trong thư mục tin cậy của tỉnh"
    if status.trusted:
        return "trusted", ""
    return "untrusted", "không dẫn tới chứng thư gốc nào mà tỉnh tin cậy, hoặc chứng thư không dùng để ký"


def _invalid(who: str, why: str) -> Refused:
    return Refused("invalid", f"chữ ký của {who} {why}", advice="ký lại từ bản PDF gốc do cchc in")


def _hash_of(algorithm: Any) -> str:
    """Of a signature's own algorithm, empty where it names none."""
    try:
        return str(algorithm.hash_algo)
    except ValueError:
        return ""


def _first(names: dict[str, Any], *keys: str) -> str:
    found = next((names[key] for key in keys if names.get(key)), "")
    return ", ".join(found) if isinstance(found, list) else str(found)


def _here(moment: datetime) -> datetime:
    return moment.astimezone(VIETNAM)

"""What is handed out of a version of a report: which files, under which names, and only as they were registered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from contracts.errors import CchcError
from portal.checked_files import sha256_of
from portal.house import House
from portal.marked_files import digest_in, marked_copy
from portal.refusals import NotFound, Refusal
from portal.shelf import Shelved
from reporting import draft_mark
from reporting.draft_mark import Mark
from reporting.signed.verdict import Signer, Verdict
from storage import finished
from storage.errors import StoredFileDamaged, StoreError
from warehouse import report_files, signed_copies
from warehouse.report_files import ReportFile
from warehouse.signed_copies import SignedCopy
from warehouse.stages import Stage

PDF, WORKBOOK, ARCHIVE, SIGNED = "pdf", "so-tinh", "luu-tru", "ban-ky"
KINDS = {
    PDF: "Báo cáo (PDF)",
    WORKBOOK: "Bảng số liệu (Excel)",
    ARCHIVE: "Bản lưu trữ (PDF/A-3, kèm số liệu)",
    SIGNED: "Bản đã ký số (PDF)",
}
"""As addresses call them → in Vietnamese."""
_SUFFIXES = {PDF: ".pdf", WORKBOOK: ".xlsx", ARCHIVE: "-luu-tru.pdf", SIGNED: "-da-ky.pdf"}
_OF_REGISTER = {"workbook": WORKBOOK, "archive": ARCHIVE}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MARKABLE = {PDF, WORKBOOK}


class FileNotAsRegistered(Refusal):
    """The file is missing, or is not what was registered: it is given to nobody. result: for the audit."""

    status = 409

    def __init__(self, *, missing: bool) -> None:
        super().__init__()
        self.result = "tệp không còn" if missing else "tệp khác bản đã đăng ký"
        self.title = "Không tải được: tệp không còn trong kho" if missing else "Không tải được: tệp đã bị thay đổi"
        self.advice = (
            "Hệ thống không cung cấp tệp này, vì không còn đúng từng byte như khi in. Báo bộ phận vận hành khôi phục"
            " tệp từ bản sao lưu; nếu là bản mới nhất chưa duyệt, có thể in lại. Các tệp khác của báo cáo vẫn tải được."
        )


class FileAway(CchcError):
    """The file lies in the shared store, which cannot be asked now."""


class Withheld(Refusal):
    """There is such a file, and it is not given out while the version is no released one."""

    status = 409
    title = "Tệp này chưa được cung cấp"
    advice = (
        "Bản lưu trữ và bản ký chỉ được cung cấp khi bản báo cáo đang ở trạng thái đã duyệt hoặc đã công bố."
        " Bản PDF có dấu vẫn xem được."
    )


@dataclass(frozen=True)
class Offer:
    """A file of a version, as the register has it. mark: what is laid over the copy that is given, None where the file
    itself is given; withheld: whether none is."""

    kind: str
    path: Path
    sha256: str
    size: int | None
    name: str
    mark: Mark | None
    withheld: bool
    signed: SignedCopy | None = None

    @property
    def words(self) -> str:
        return KINDS[self.kind]

    @property
    def type(self) -> str:
        return XLSX if self.kind == WORKBOOK else "application/pdf"

    @property
    def signers(self) -> Sequence[Signer]:
        return Verdict.from_json(self.signed.verdict).signers if self.signed else ()


@dataclass(frozen=True)
class Handed:
    """A file that may be sent now. sha256: of just this file; size: bytes."""

    path: Path
    sha256: str
    size: int
    name: str
    type: str


def offers(house: House, one: Shelved) -> list[Offer]:
    """Every file of a version, in the order of KINDS."""
    beside = report_files.files_of(house.engine, one.version.version_key)
    signed = signed_copies.copies_of(house.engine, one.version)
    return offers_from(house, one, beside, signed[-1] if signed else None)


def offers_from(house: House, one: Shelved, beside: Sequence[ReportFile], signed: SignedCopy | None) -> list[Offer]:
    """The same of what was read from the register already."""
    version = one.version
    mark = None if one.is_frozen else mark_of(one)

    def offer(kind: str, path: str, sha256: str, size: int | None) -> Offer:
        name, withheld = name_of(house, one, kind), mark is not None and kind not in _MARKABLE
        return Offer(kind, Path(path), sha256, size, name, mark, withheld, signed if kind == SIGNED else None)

    found = {PDF: offer(PDF, version.path, version.sha256, None)}
    for file in beside:
        kind = _OF_REGISTER[file.kind]
        found[kind] = offer(kind, file.path, file.sha256, file.size)
    if signed:
        found[SIGNED] = offer(SIGNED, signed.path, signed.sha256, signed.size)
    return [found[kind] for kind in KINDS if kind in found]


def mark_of(one: Shelved) -> Mark:
    number = one.version.version
    return draft_mark.withdrawn(number) if one.stage is Stage.WITHDRAWN else draft_mark.draft(number)


def name_of(house: House, one: Shelved, kind: str) -> str:
    """bao-cao-cchc-2024Q4-khanh-hoa-570-ban-1.pdf; of what is not released DU-THAO-… or DA-THU-HOI-… before it."""
    version = one.version
    of = f"-{version.unit_code}" if version.scope == "unit" else ""
    period = version.period_id.replace("..", "-den-")
    said = "" if one.is_frozen else "DA-THU-HOI-" if one.stage is Stage.WITHDRAWN else "DU-THAO-"
    return f"{said}bao-cao-cchc-{period}-{house.province.id}{of}-ban-{version.version}{_SUFFIXES[kind]}"


def hand_out(house: House, offer: Offer) -> Handed:
    """The file, found to be as registered a moment ago, or its marked copy. Raises FileNotAsRegistered, Withheld, and
    CchcError where no marked copy can be made. Reads and computes: never call it in the event loop."""
    if offer.withheld:
        raise Withheld
    _bring(offer)
    now = sha256_of(offer.path)
    if now != offer.sha256:
        raise FileNotAsRegistered(missing=now is None)
    path, sha256 = offer.path, offer.sha256
    if offer.mark is not None:
        path = marked_copy(house, offer.path, offer.sha256, offer.mark)
        sha256 = digest_in(path)
    return Handed(path, sha256, path.stat().st_size, offer.name, offer.type)


def _bring(offer: Offer) -> None:
    """From the shared store, where the file is not on this machine yet."""
    try:
        finished.bring(offer.path, sha256=offer.sha256)
    except StoredFileDamaged:
        raise FileNotAsRegistered(missing=False) from None
    except StoreError:
        raise FileAway(
            "Không tải được: kho tệp dùng chung không trả lời",
            advice="Thử lại sau vài phút; nếu vẫn vậy, báo bộ phận vận hành.",
        ) from None


def offer_of(house: House, one: Shelved, kind: str) -> Offer:
    """Raises NotFound where the version has no such file."""
    for offer in offers(house, one):
        if offer.kind == kind:
            return offer
    raise NotFound

"""A signed copy handed in through the portal: the same checks as by command, and what they found in words."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from fastapi import UploadFile

from contracts.errors import CchcError
from flows.restated import ReportOf
from flows.signed import Added, add_signed
from portal.approving import told
from portal.house import House
from portal.people import Person
from portal.shelf import Shelved
from portal.signed_words import SignedWords, signed_words
from reporting.signed.verdict import Refused
from warehouse import approvals, audit
from warehouse.locks import between_runs
from warehouse.register import ReportVersion
from warehouse.stages import STAGE_LABELS, Stage

TAKES = frozenset({Stage.APPROVED, Stage.PUBLISHED})
_ADVICE = (
    "Kiểm tra lại: đúng báo cáo, đúng bản, ký trên tệp tải về từ cổng này, không in quét,"
    " không lưu lại bằng phần mềm khác."
)


@dataclass(frozen=True)
class Outcome:
    """added: the copy that was taken; why_not: why it was not, in sentences."""

    added: Added | None = None
    why_not: str = ""

    @property
    def signed(self) -> SignedWords | None:
        return signed_words(self.added.copy, self.added.verdict) if self.added else None


def hand_in(house: House, person: Person, one: Shelved, upload: UploadFile) -> Outcome:
    """Take the file for this version, or say why not; both are entered in the audit trail."""
    try:
        _refuse_stage(one.version, one.stage)
        added = _added(house, person, one, upload)
    except CchcError as error:
        audit.enter(house.engine, _deed(person, one, result=error.cause))
        return Outcome(why_not=told(CchcError(error.cause, advice=_advice(error))))
    signers = [signer.name for signer in added.verdict.signers]
    about = {"sha256": added.copy.sha256, "signatures": len(signers), "already": added.already}
    audit.enter(house.engine, _deed(person, one, about=about))
    return Outcome(added)


def _refuse_stage(version: ReportVersion, stage: Stage) -> None:
    if stage not in TAKES:
        raise Refused(
            "superseded",
            f"bản {version.version} là {STAGE_LABELS[stage]}: chỉ nhận bản ký của bản đã duyệt hoặc đã công bố",
            advice="Duyệt bản này trước, rồi trình ký tệp tải về.",
        )


def _added(house: House, person: Person, one: Shelved, upload: UploadFile) -> Added:
    version = one.version
    report = ReportOf(house.place(version.period_id), one.unit, version.scope, version.unit_code)
    with tempfile.TemporaryDirectory(prefix="cchc-ban-ky-") as folder:
        file = Path(folder) / "ban-ky.pdf"
        with file.open("wb") as kept:
            shutil.copyfileobj(upload.file, kept, 1024 * 1024)
        with between_runs(house.engine, version.period_id):  # steps are taken under it, too
            _refuse_stage(version, approvals.known(house.engine, version).standing(version).stage)
            return add_signed(house.engine, report, file, by_whom=person.account.name, version=version.version)


def _advice(error: CchcError) -> str:
    """What commands advise holds commands and places on the machine: not for this reader."""
    return error.advice if error.advice and "cchc" not in error.advice and "/" not in error.advice else _ADVICE


def _deed(person: Person, one: Shelved, *, result: str = "ok", about: dict[str, object] | None = None) -> audit.Deed:
    version = one.version
    return person.deed(
        "signed",
        result=result,
        period_id=version.period_id,
        unit_code=version.unit_code,
        version=version.version,
        about=about or {},
    )

"""The steps of a report's version, from draft to published and back, as they are entered.

Each stands in one transaction with its deed in the audit trail, after warehouse.approval_rule was asked there."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine

from contracts import clock
from contracts.errors import UsageError
from contracts.roles import Right
from warehouse import accounts, audit, publications, register, report_files
from warehouse.approval_rule import FORWARD, Known, Officer, Step, approved, refuse
from warehouse.database import reading, writing
from warehouse.locks import between_runs
from warehouse.publications import Event, Publication, ReportKey
from warehouse.register import ReportVersion

WITHOUT_APPROVAL = "công bố không qua duyệt"
"""How the note of such a publication begins."""
EVENTS: dict[Step, Event] = {
    Step.CHECK: "checked",
    Step.APPROVE: "approved",
    Step.PUBLISH: "published",
    Step.UNLOCK: "unlocked",
    Step.WITHDRAW: "withdrawn",
}


def check(engine: Engine, version: ReportVersion, officer: Officer, *, note: str = "") -> Publication:
    """Enter that somebody read the version and found it right. Raises UsageError where that is refused."""
    return take(engine, Step.CHECK, version, officer, note=note)


def approve(engine: Engine, version: ReportVersion, officer: Officer, *, note: str = "") -> Publication:
    """Enter that somebody else than who checked it approves the version. Raises UsageError."""
    return take(engine, Step.APPROVE, version, officer, note=note)


def publish(
    engine: Engine, version: ReportVersion, officer: Officer, *, note: str = "", without_approval: str = ""
) -> Publication:
    """Enter that the version was given out. without_approval: the reason why it was not approved before; it is entered
    and told wherever the version is. Raises UsageError."""
    return take(engine, Step.PUBLISH, version, officer, note=note, without_approval=without_approval)


def unlock(engine: Engine, version: ReportVersion, officer: Officer, *, reason: str) -> Publication:
    """Enter that the version is a draft again. Raises UsageError."""
    return take(engine, Step.UNLOCK, version, officer, note=reason)


def withdraw(engine: Engine, version: ReportVersion, officer: Officer, *, reason: str) -> Publication:
    """Enter that the version is no longer published. Raises UsageError."""
    return take(engine, Step.WITHDRAW, version, officer, note=reason)


def take(
    engine: Engine,
    step: Step,
    version: ReportVersion,
    officer: Officer,
    *,
    note: str = "",
    without_approval: str = "",
) -> Publication:
    """Take a step, not while a run of the period goes on. Raises UsageError."""
    note, without_approval = note.strip(), without_approval.strip()
    with between_runs(engine, version.period_id), writing(engine) as connection:
        publications.alone(connection, engine)
        _refuse_who_may_no_longer(connection, officer)
        refuse(step, version, officer, known_within(connection, version), note=note, without_approval=without_approval)
        if step in FORWARD:
            refuse_other_files(engine, version)
        said = f"{WITHOUT_APPROVAL}: {without_approval}" if without_approval else ""
        entered = Publication(
            period_id=version.period_id,
            scope=version.scope,
            unit_code=version.unit_code,
            version=version.version,
            event=EVENTS[step],
            at=clock.now(),
            by_whom=officer.name,
            note="; ".join(filter(None, (said, note))),
            sha256=version.sha256,
            account=officer.login,
        )
        publications.enter_within(connection, entered)
        audit.enter_within(connection, engine, deed(step, version, officer, note=entered.note))
    return entered


def _refuse_who_may_no_longer(connection: Connection, officer: Officer) -> None:
    """Between the page that let him ask and this moment the account may have been closed, or become another role's."""
    if officer.login is not None and accounts.has_lost(connection, officer.login, Right.APPROVE):
        raise UsageError(
            f"tài khoản «{officer.login}» không còn quyền kiểm tra, duyệt", advice="hỏi người quản trị cổng báo cáo"
        )


def deed(step: Step, version: ReportVersion, officer: Officer, *, note: str, result: str = "ok") -> audit.Deed:
    """As it stands in the audit trail. A command's user is no account: the name that was given stands with it."""
    named = {} if officer.login else {"by": officer.name}
    return audit.Deed(
        action=step.value,
        who=officer.login or officer.machine_user,
        role=officer.role,
        result=result,
        period_id=version.period_id,
        unit_code=version.unit_code,
        version=version.version,
        about={"note": note, "sha256": version.sha256, **named},
        address=officer.address,
    )


def known_within(connection: Connection, version: ReportVersion) -> Known:
    return Known(
        entered=publications.events_within(connection, version.period_id),
        newest=register.newest_number(connection, version),
        account_names=accounts.names_within(connection),
    )


def refuse_other_files(engine: Engine, version: ReportVersion) -> None:
    """Raises UsageError where a file of the version is not what was registered when it was printed."""
    publications.refuse_other_files(version)
    for file in report_files.files_of(engine, version.version_key):
        if not file.is_registered:
            raise UsageError(
                f"tệp đi kèm bản {version.version} không còn hoặc đã bị sửa: {Path(file.path).name}",
                advice="khôi phục tệp từ bản sao lưu rồi làm lại bước này",
            )


def known(engine: Engine, version: ReportVersion) -> Known:
    """What a page tells of the steps that are possible; the step itself looks again."""
    with reading(engine) as connection:
        return known_within(connection, version)


def refuse_while_approved(connection: Connection, engine: Engine, period_id: str, report: ReportKey) -> None:
    """Raises UsageError while a version of the report stands approved and is not published: what it says stays as it
    is. Within the transaction that would enter something that says otherwise."""
    publications.alone(connection, engine)
    if numbers := approved(publications.events_within(connection, period_id)).get(report):
        of = f"{period_id}{f' --unit {report[1]}' if report[0] == 'unit' else ''} --version {numbers[0]}"
        raise UsageError(
            f"bản {numbers[0]} của báo cáo này đã duyệt, chưa công bố: không nạp, không sửa nội dung được",
            advice=f"mở khóa bản đó rồi nạp lại: cchc unlock {of} --by … --reason …",
        )

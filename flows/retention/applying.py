"""Doing what the plan says: entered first, then removed.

What goes of the warehouse goes in one transaction with its entry in the audit trail, after the plan was made again
within the same locks that runs and officers' steps hold. Files follow; after a kill in between the next time goes on
there, because the entry says that they are to go."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import Connection, Engine

from contracts.errors import UsageError
from contracts.province import Province
from contracts.settings import Settings
from flows.backups.keeping import kept_still
from flows.retention.plan import Goes, Plan, planned
from sources.landing.manifest import MANIFEST
from storage import finished
from warehouse import audit, publications, retained
from warehouse.audit import Deed
from warehouse.database import writing
from warehouse.locks import run_lock


def applied(engine: Engine, province: Province, settings: Settings, *, by: str, who: str) -> Plan:
    """Remove what has outlived its term; what was removed. by: name and post of who decided it; who: the machine's
    user. Raises UsageError where a run of one of the periods, or a backup, goes on."""
    with kept_still(settings.province_home(province.id), engine), ExitStack() as held:
        for period_id in _periods(planned(engine, province, settings)):
            held.enter_context(run_lock(engine, period_id))
        plan = planned(engine, province, settings)
        if plan.is_nothing:
            return plan
        with writing(engine) as connection:
            publications.alone(connection, engine)
            _refuse_decided(connection, plan)
            retained.mark_removed(connection, plan.versions)
            retained.forget_codes(connection, [period for goes in plan.goes for period in goes.periods])
            audit.enter_within(connection, engine, Deed("retention", who=who, about={"by": by, **_about(plan)}))
        for goes in plan.goes:
            _remove(goes)
    return plan


def _periods(plan: Plan) -> list[str]:
    """Of everything that runs and officers deal with."""
    versions = {key[0] for key in plan.versions}
    codes = {period for goes in plan.goes for period in goes.periods}
    landings = {
        path.parent.name for goes in plan.goes if goes.rule in {"landings", "unfinished"} for path in goes.paths
    }
    return sorted(versions | codes | landings)


def _refuse_decided(connection: Connection, plan: Plan) -> None:
    """Whoever checked or signed a version a moment ago has it kept."""
    going = set(plan.versions)
    if any(one.key in going and (one.events or one.signed) for one in retained.versions(connection)):
        raise UsageError(
            "một bản báo cáo sắp xóa vừa được kiểm tra, duyệt, công bố hoặc nộp bản ký; chưa xóa gì",
            advice="chạy lại lệnh này: bản đó sẽ được giữ",
        )


def _about(plan: Plan) -> dict[str, object]:
    """Rule → how many files and folders, or rows, went."""
    return {one.rule: len(one.paths) + one.rows for one in plan.goes if not one.is_nothing}


def _remove(goes: Goes) -> None:
    """In the shared store first, so that a removal that was broken off is planned and done again."""
    for path in goes.paths:
        if goes.rule == "landings":
            _remove_shared(path)
        if path.is_dir():
            _remove_folder(path)
        elif goes.rule != "landings":
            finished.remove(path)


def _remove_shared(landing: Path) -> None:
    """Its manifest first: nobody sees half of it."""
    names = {path.name for path in finished.others(landing)}
    for name in sorted(names, key=lambda name: (name != MANIFEST, name)):
        finished.remove_shared(landing / name)


def _remove_folder(folder: Path) -> None:
    """It loses its name first; whoever reads the source again removes what is left."""
    gone = folder.with_name(f".part-gone-{folder.name}")
    shutil.rmtree(gone, ignore_errors=True)
    folder.rename(gone)
    shutil.rmtree(gone)

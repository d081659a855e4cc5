"""The districts' systems: a check a source, side by side, as `cchc sources check` asks them; no dossier is read."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from cli.checking import GOOD, Checked, check_source, misconfigured
from cli.doctor.bounded import Check
from cli.doctor.database import Warehouse
from contracts import clock
from contracts.errors import ConfigError, SourceNotNow, SourceNotReceived
from contracts.fitness import Fitness, good, unfit, warning
from contracts.periods import current_quarter
from contracts.province import Province, read_province
from contracts.settings import Settings
from contracts.source_config import SourceConfig

if TYPE_CHECKING:
    from sqlalchemy import Engine

SECONDS = 30.0
WAITED_FOR = {SourceNotReceived.__name__, SourceNotNow.__name__}
"""Nothing is broken: a file is still to be sent, or the host has its hours."""
HANGS = "hệ thống nhận kết nối mà không trả lời, hoặc máy chủ của nó đang bận: liên hệ {contact}, rồi hỏi lại"


def systems(warehouse: Warehouse) -> list[Check]:
    """None where the province itself cannot be read, which its own check tells."""
    try:
        province = read_province(Settings().province_folder)
    except ConfigError:
        return []
    return [_check(province, source_id, warehouse) for source_id in province.source_ids()]


def _check(province: Province, source_id: str, warehouse: Warehouse) -> Check:
    period = current_quarter(clock.today(), rule=province.file.period_rule)
    name = f"Nguồn {source_id}"
    try:
        source = province.source(source_id, period=period, systems=Settings().systems_folder)
    except ConfigError as error:
        return Check(f"source:{source_id}", name, partial(_misconfigured, source_id, error))
    look = partial(_asked, source, province, warehouse)
    hangs = HANGS.format(contact=source.contact)
    return Check(f"source:{source_id}", name, look, SECONDS, hangs)


def _misconfigured(source_id: str, error: ConfigError) -> Fitness:
    first, *others = misconfigured(source_id, error)
    more = f" (và {len(others)} lỗi nữa)" if others else ""
    return unfit(f"{first.error}{more}", first.advice, f"cchc sources check {source_id}")


def _asked(source: SourceConfig, province: Province, warehouse: Warehouse) -> Fitness:
    now = clock.now()
    if source.host and not source.host_rules.may_be_read(now):
        hours = ", ".join(source.host_rules.hours)
        said = f"chưa hỏi: máy chủ {source.host} chỉ được đọc trong giờ {hours}, bây giờ là {now:%H:%M}"
        return warning(said, "hỏi lại trong giờ đó", f"cchc sources check {source.id}")
    return _told(check_source(source, province, _engine(warehouse), accept=False))


def _told(found: Checked) -> Fitness:
    if found.state == GOOD:
        return good(f"trả lời{f' ({found.host})' if found.host else ''}, đủ bảng và cột cần đọc")
    told = warning if found.error_kind in WAITED_FOR else unfit
    return told(found.error, found.advice, f"cchc sources check {found.id}")


def _engine(warehouse: Warehouse) -> Engine | None:
    """Where the accepted structures are kept, if it can be asked."""
    found = warehouse.current()
    return found.engine if found else None

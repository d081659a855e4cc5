"""Invented figures over the real units of the two demonstration provinces: what a report looks like."""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import pandas as pd

from contracts.clock import VIETNAM
from contracts.codes import Level, PartitionState, Series
from contracts.columns import FACT_KEYS, MEASURES, MEMOS, RECEIVED
from contracts.periods import Period, parse_period, previous_period
from contracts.province import Province, read_province
from contracts.responsibility import answering
from contracts.units import Unit
from reporting.inputs import Previous, ReportInput, SourceState
from reporting.scope import valid_in
from transforms.indicators import compute

PROVINCES = Path(__file__).parents[2] / "provinces"
FIELDS = (
    "Hộ tịch",
    "Chứng thực",
    "Đất đai",
    "Hộ kinh doanh",
    "Xây dựng",
    "Bảo trợ xã hội",
    "Người có công",
    "Giáo dục và đào tạo",
    "Môi trường",
    "Lao động",
    "Nuôi con nuôi",
    "Thi đua – khen thưởng",
)
COLUMNS = ["source_id", *FACT_KEYS, *MEASURES, *MEMOS]
FINDINGS = (
    ("dates.end_not_before_received", "error", "Ngày kết thúc trước ngày tiếp nhận: sửa ngày trên hệ thống một cửa."),
    ("codes.status_known", "error", "Trạng thái hồ sơ chưa có trong bảng mã: bổ sung status_map.csv."),
    ("identity.copies_agree", "error", "Một mã hồ sơ có hai bản khác nhau: xóa bản sai trên hệ thống một cửa."),
    ("dates.due_filled", "warning", "Hồ sơ không có ngày hẹn trả: bổ sung ngày hẹn trả theo giấy tiếp nhận."),
    ("continuity.carried_over", "warning", "Số chuyển kỳ sau khác số còn lại của kỳ trước: rà soát hồ sơ sửa ngày."),
)


@cache
def province(name: str = "khanh-hoa") -> Province:
    return read_province(PROVINCES / name)


def fact(source: str, unit: Unit, field: str, *, series: Series = Series.FORMS, **counts: int) -> dict[str, object]:
    """One row of facts; what is not given is 0, and online receipts make (3) = (7) + (11) hold."""
    row: dict[str, object] = dict.fromkeys((*MEASURES, *MEMOS), 0)
    keys = (source, series.value, unit.agency_code, unit.unit_code, field, "1.001193")
    row.update(dict(zip(("source_id", *FACT_KEYS), keys, strict=True)))
    row.update(counts)
    if "received_online" not in counts:
        out = sum(counts.get(m, 0) for m in ("early", "on_time", "overdue", "open_in_time", "open_overdue"))
        row["received_online"] = out - sum(counts.get(m, 0) for m in MEASURES[1:4])
    return row


def frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS).astype(
        {**dict.fromkeys(["source_id", *FACT_KEYS], "str"), **dict.fromkeys((*MEASURES, *MEMOS), "int64")}
    )


def source_states(of: Province, period: Period, missing: Collection[str] = ()) -> tuple[SourceState, ...]:
    """The configured sources, read one after the other on the morning after the cut-off."""
    read_at = datetime.combine(period.cut_off + timedelta(days=1), datetime.min.time(), VIETNAM)
    states = []
    for n, source in enumerate(of.sources(period=period, systems=Path("systems"))):
        state = SourceState(source.id, source.name, PartitionState.LOADED, source.units, contact=source.contact)
        if source.id in missing:
            state = replace(state, state=PartitionState.FAILED, error="không kết nối được cơ sở dữ liệu")
        else:
            aside = 3 + 7 * n % 23
            state = replace(
                state,
                extracted_at=read_at + timedelta(hours=8, minutes=4 * n),
                rows=6_000 + 517 * n,
                accepted=6_000 + 517 * n - aside,
                quarantined=aside,
            )
        states.append(state)
    return tuple(states)


def invented_facts(of: Province, period: Period, states: Collection[SourceState], *, seed: str) -> pd.DataFrame:
    """Both series, for every unit whose source is loaded; departments hold few fields, communes most."""
    dice = random.Random(f"{seed} {of.id} {period.id}")
    rows = []
    for unit in of.units:
        if not valid_in(unit, period.forms) or unit.level is Level.PROVINCE:
            continue
        drawn = [_draw(dice) for _ in FIELDS]
        few = dice.sample(range(len(FIELDS)), 3) if unit.level is Level.DEPARTMENT else range(len(FIELDS))
        source = next(iter(answering(unit.agency_code, states, of.units)), None)
        if source is None or not source.loaded:
            continue
        for series in Series:
            rows += [fact(source.id, unit, FIELDS[i], series=series, **drawn[i]) for i in few]
    return frame(rows)


def _draw(dice: random.Random) -> dict[str, int]:
    size = dice.choice((0, 3, 20, 60, 150))
    early, overdue = dice.randint(0, size), dice.randint(0, max(1, size // 12))
    on_time, left = dice.randint(0, size), dice.randint(0, max(1, size // 6))
    late = dice.randint(0, max(0, left // 4))
    counts = {"early": early, "on_time": on_time, "overdue": overdue}
    counts |= {"open_in_time": left - late, "open_overdue": late}
    total = sum(counts.values())
    carried, direct = total // 9, total // 5
    memos = {"withdrawn": min(on_time, 2), "paused": min(left - late, 3), "stopped": 0, "no_due_date": min(on_time, 1)}
    memos |= {"linked_known": early + on_time + overdue, "linked_resolved": early // 10, "linked_overdue": 0}
    return counts | memos | {"carried_over": carried, "received_in_person": direct, "received_postal": total // 50}


def findings_of(states: Collection[SourceState]) -> pd.DataFrame:
    rows = [
        (s.id, rule, severity, 1 + (n * 5 + m) % 9, sentence, "Thông tư số 01/2020/TT-VPCP")
        for n, s in enumerate(states)
        for m, (rule, severity, sentence) in enumerate(FINDINGS)
        if s.loaded and (n + m) % 3
    ]
    return pd.DataFrame(rows, columns=["source_id", "rule_id", "severity", "rows", "sentence", "regulation"])


def report_input(
    name: str = "khanh-hoa",
    period_id: str = "2024Q4",
    *,
    as_of: date | None = None,
    missing: Collection[str] = (),
    missing_before: Collection[str] = (),
    with_previous: bool = True,
) -> ReportInput:
    """A whole period, with the one before. The frames are shared between tests: copy before changing."""
    return _report_input(name, period_id, as_of, tuple(missing), tuple(missing_before), with_previous)


@cache
def _report_input(
    name: str,
    period_id: str,
    as_of: date | None,
    missing: tuple[str, ...],
    missing_before: tuple[str, ...],
    with_previous: bool,
) -> ReportInput:
    of, period = province(name), parse_period(period_id)
    states = source_states(of, period, missing)
    facts = invented_facts(of, period, states, seed="now")
    previous = _previous(of, period, missing_before) if with_previous else None
    return made_of(of, period, states, facts, as_of=as_of, previous=previous)


def made_of(
    of: Province,
    period: Period,
    states: tuple[SourceState, ...],
    facts: pd.DataFrame,
    *,
    as_of: date | None = None,
    previous: Previous | None = None,
) -> ReportInput:
    """Input with the indicators that follow from the facts."""
    day = as_of or period.cut_off
    spans = period.spans(day)
    silent = frozenset(u.agency_code for s in states if not s.loaded for c in s.units for u in of.units.subtree(c))
    indicators = compute(facts, units=of.units, on=spans[Series.FORMS].last_day, missing=silent)
    return ReportInput(of, period, day, spans, facts, indicators, states, findings_of(states), previous)


def _previous(of: Province, period: Period, missing: Collection[str]) -> Previous | None:
    before = previous_period(period)
    if before is None:
        return None
    states = source_states(of, before, missing)
    loaded = frozenset(s.id for s in states if s.loaded)
    return Previous(before, invented_facts(of, before, states, seed="before"), loaded)


def received(facts: pd.DataFrame) -> str:
    """Column (3) of these facts of the forms, as it is printed."""
    forms = facts[facts["series"] == Series.FORMS.value]
    return f"{int(forms[list(RECEIVED)].sum().sum()):,}".replace(",", ".")


def failed(source: SourceState, error: str) -> SourceState:
    return SourceState(source.id, source.name, PartitionState.FAILED, source.units, error=error, contact=source.contact)

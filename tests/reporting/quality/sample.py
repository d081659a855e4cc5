"""An invented province of many sources, rules and quarters: the largest page that an officer would be given."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime, timedelta

import pandas as pd

from contracts.clock import VIETNAM
from contracts.codes import PartitionState, Severity
from contracts.corrections import Correction
from contracts.periods import Period, parse_period, previous_period
from contracts.province import Province
from contracts.units import Unit
from expectations.suites import SUITES
from reporting.quality.inputs import LISTED_COLUMNS, Checked, QualityInput, SourceQuality
from tests.reporting.sample import province

RULES = [rule for subject, rules in SUITES.items() if subject not in {"contract", "facts"} for rule in rules]
FINDING_COLUMNS = ["source_id", "rule_id", "severity", "rows", "sentence", "regulation"]
CODE = "{agency}-24{month:02}{day:02}-{number:04}"


def periods(last: str, number: int) -> tuple[Period, ...]:
    """So many quarters, the last one last."""
    walked = [parse_period(last)]
    while len(walked) < number:
        before = previous_period(walked[-1])
        assert before is not None
        walked.append(before)
    return tuple(reversed(walked))


def quality_input(*, sources: int = 30, rules: int = 25, quarters: int = 8, seed: str = "quality") -> QualityInput:
    """Every second source breaks a rule; the third one failed, and the fourth did not send."""
    dice, of, known = random.Random(seed), province(), periods("2024Q4", quarters)
    made = tuple(_source(dice, of, n, RULES[:rules], known) for n in range(sources))
    named = [s.id for s in made]
    return QualityInput(
        province=of,
        period=known[-1],
        as_of=date(2024, 12, 14),
        sources=made,
        periods=known,
        elsewhere=_frame(["source_id", "dossier_code", "elsewhere"], [(named[0], code(dice, of), named[-1])]),
        not_continued=_frame(
            ["source_id", "kind", "dossier_code", "agency_code", "reason"],
            [(named[0], "not_carried", code(dice, of), "H32.32", "gone")],
        ),
        deviations=pd.DataFrame(
            [("history.unusual_change", "H32.32", "received", "2023Q4", 900, 1_800, None, None)],
            columns=["rule_id", "agency_code", "measure", "compared_with", "was", "now", "was_value", "now_value"],
        ),
        changed=_frame(
            ["source_id", "kind", "dossier_code", "column", "was", "now"],
            [(named[0], "due_rewritten", code(dice, of), "due_date", "2024-10-01", "2024-11-01")],
        ),
    )


def code(dice: random.Random, of: Province) -> str:
    """A dossier code of an agency of the catalogue."""
    agency = dice.choice(list(of.units)).agency_code
    return CODE.format(agency=agency, month=dice.randint(9, 12), day=dice.randint(1, 28), number=dice.randint(1, 9_999))


def finding(source_id: str, rule_id: str, rows: int) -> tuple[object, ...]:
    rule = next(rule for rule in RULES if rule.id == rule_id)
    return source_id, rule.id, str(rule.severity), rows, rule.sentence, "Nghị định số 61/2018/NĐ-CP"


def no_findings() -> pd.DataFrame:
    return pd.DataFrame(columns=FINDING_COLUMNS).astype({"rows": "int64"})


def _source(dice: random.Random, of: Province, n: int, rules: list, known: tuple[Period, ...]) -> SourceQuality:
    units: list[Unit] = list(of.units)
    id_, loaded = f"nguon-{n:02}", n not in {2, 3}
    broken = [rule for rule in rules if dice.random() < 0.5] if loaded else []
    findings = no_findings()
    if broken:
        rows = [finding(id_, rule.id, dice.choice((1, 3, 40, 250, 1_200))) for rule in broken]
        findings = pd.DataFrame(rows, columns=FINDING_COLUMNS)
    trend = tuple(_checked(dice, period.id, known=dice.random() < 0.9) for period in known)
    state = PartitionState.LOADED if loaded else (PartitionState.FAILED, PartitionState.NOT_RECEIVED)[n - 2]
    now = _checked(dice, known[-1].id, known=True) if loaded else Checked(known[-1].id, state)
    assert now is not None
    errors = [rule.id for rule in broken if rule.severity is not Severity.WARNING]
    rejected = _dossiers(dice, of, errors or ["dates.readable"], now.quarantined or 0)
    return SourceQuality(
        id=id_,
        name=f"Hệ thống một cửa điện tử {units[n % len(units)].name.lower()} và các xã, phường trực thuộc",
        contact="Văn phòng HĐND và UBND, ĐT 0258.000.0000",
        now=now,
        read_at=datetime(2024, 12, 16, 8, tzinfo=VIETNAM) + timedelta(minutes=n) if loaded else None,
        error="" if loaded else "không kết nối được máy chủ cơ sở dữ liệu trong 30 giây",
        checked=loaded,
        rows_checked=now.rows,
        findings=findings,
        rejected=rejected,
        warned=_dossiers(dice, of, ["dates.due_present"], 30) if loaded else rejected.iloc[:0],
        changes={"due_rewritten": 1} if n == 0 else {},
        corrections=_corrections(dice, of) if n == 0 else (),
        trend=(*trend[:-1], now),
    )


def _checked(dice: random.Random, period_id: str, *, known: bool) -> Checked | None:
    if not known:
        return None
    rows, aside = dice.randint(5_000, 20_000), dice.randint(0, 120)
    return Checked(period_id, PartitionState.LOADED, rows, rows - aside, aside, dice.randint(0, 20))


def _dossiers(dice: random.Random, of: Province, rules: list[str], number: int) -> pd.DataFrame:
    agencies = [unit.agency_code for unit in of.units]
    rows = [
        (f"HoSo {n}", code(dice, of), dice.choice(agencies), dice.choice(rules), f"cột NGAY_XONG, khóa {n}")
        for n in range(number)
    ]
    return _frame(list(LISTED_COLUMNS), rows)


def _corrections(dice: random.Random, of: Province) -> tuple[Correction, ...]:
    until = date(2025, 3, 14)
    one = {"column": "end_date", "was": "", "value": "2024-10-02", "reason": "Công văn 12/UBND", "by": "Nguyễn Thị Hoa"}
    return (Correction(dossier_code=code(dice, of), until=until, **one),)


def _frame(columns: list[str], rows: list[tuple[str, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns, dtype="str")


def named(given: QualityInput, name: str) -> QualityInput:
    """The same, its first source called otherwise."""
    first, *others = given.sources
    return replace(given, sources=(replace(first, name=name), *others))

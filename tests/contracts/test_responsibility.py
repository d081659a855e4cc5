"""Which dossiers are whose: no dossier is counted twice, and none is left without anybody unnoticed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.codes import Channel, Level
from contracts.responsibility import Responsibility, answering
from contracts.units import Unit, UnitTree

CODES = ("1.000001", "1.000002", "1.000003")
PROCEDURES = st.frozensets(st.sampled_from(CODES))
RESPONSIBILITIES = st.builds(
    Responsibility,
    channels=st.frozensets(st.sampled_from(list(Channel))),
    procedures=PROCEDURES,
    except_procedures=PROCEDURES,
)
ELSE = "9.999999"
"""Stands for every procedure that nobody names."""


def has(whose: Responsibility, channel: Channel, procedure: str) -> bool:
    """What the words of a source.toml mean for one dossier."""
    filed = not whose.channels or channel in whose.channels
    wanted = not whose.procedures or procedure in whose.procedures
    return filed and wanted and procedure not in whose.except_procedures


@given(RESPONSIBILITIES, RESPONSIBILITIES)
def test_two_overlap_where_one_dossier_could_be_both_s_and_nowhere_else(
    one: Responsibility, other: Responsibility
) -> None:
    dossiers = [(channel, procedure) for channel in Channel for procedure in (*CODES, ELSE)]
    both = any(has(one, *dossier) and has(other, *dossier) for dossier in dossiers)
    assert one.overlaps(other) == other.overlaps(one) == both


@given(RESPONSIBILITIES)
def test_one_that_has_all_overlaps_with_whatever_has_any(one: Responsibility) -> None:
    whole = Responsibility()
    has_any = any(has(one, channel, code) for channel in Channel for code in (*CODES, ELSE))
    assert whole.is_whole
    assert whole.overlaps(one) == has_any


@pytest.mark.parametrize(
    ("since", "until", "in_force"),
    [
        (None, None, True),
        (date(2025, 6, 14), None, True),
        (date(2025, 6, 15), None, False),
        (None, date(2025, 6, 14), True),
        (None, date(2025, 6, 13), False),
    ],
)
def test_a_period_is_answered_for_by_its_cut_off(since: date | None, until: date | None, *, in_force: bool) -> None:
    assert Responsibility(since=since, until=until).in_force(date(2025, 6, 14)) is in_force


@dataclass(frozen=True)
class Source:
    id: str
    units: tuple[str, ...]
    responsibility: Responsibility = Responsibility()


TREE = UnitTree(
    (
        Unit("H32", "56", "tỉnh", Level.PROVINCE, "", None, None, True),
        Unit("H32.32", "570", "huyện", Level.DISTRICT, "H32", None, None, True),
        Unit("H32.32.01", "22453", "xã", Level.COMMUNE, "H32.32", None, None, True),
    )
)
ONLINE, AT_THE_DESK = frozenset({Channel.ONLINE}), frozenset({Channel.IN_PERSON, Channel.POSTAL})
PROVINCE = Source("tinh", ("H32",))
DISTRICT = Source("huyen", ("H32.32",))
DESK = Source("ban", ("H32.32",), Responsibility(channels=AT_THE_DESK))
PORTAL = Source("cong", ("H32",), Responsibility(channels=ONLINE))
COMMUNE = Source("xa", ("H32.32.01",), Responsibility(channels=AT_THE_DESK))

ANSWERS = [
    ([PROVINCE, DISTRICT], "H32.32.01", ["huyen"]),
    ([PROVINCE, DISTRICT], "H32", ["tinh"]),
    ([DISTRICT], "H32", []),
    ([DISTRICT, PORTAL], "H32.32", ["huyen"]),
    ([PORTAL, DESK], "H32.32", ["ban", "cong"]),
    ([PORTAL, DESK], "H32", ["cong"]),
    ([PORTAL, DESK, COMMUNE], "H32.32.01", ["xa", "cong"]),
    ([PROVINCE, PORTAL], "H32.32", ["tinh", "cong"]),  # both name the province: refused before any run
]


@pytest.mark.parametrize(("sources", "unit", "answers"), ANSWERS)
def test_the_nearest_answers_and_farther_ones_for_the_part_that_it_has_not(
    sources: list[Source], unit: str, answers: list[str]
) -> None:
    assert [s.id for s in answering(unit, sources, TREE)] == answers

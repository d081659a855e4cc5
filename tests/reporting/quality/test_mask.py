"""What a mask leaves of a dossier's code is too little to find the dossier by trying."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.quality.mask import HIDDEN, NONE, masked
from tests.reporting.sample import province

UNITS = province().units
AGENCIES = st.sampled_from([unit.agency_code for unit in UNITS])
YEARS = st.integers(10, 39)
DAYS = st.tuples(st.integers(1, 12), st.integers(1, 31))
NUMBERS = st.integers(1, 99_999)


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("H32.32-241015-0123", "H32.32-24••••-••••"),
        ("  H32.32-241015-0123 ", "H32.32-24••••-••••"),
        ("H32.32-241015-012345", "H32.32-24••••-••••"),
        ("000.00.34.H32-241015-0001", "••••-24••••-••••"),  # no agency of the catalogue is called so
        ("H99.99-241015-0123", "••••-24••••-••••"),
        ("056123456789", HIDDEN),  # a ministry's code, or a citizen's number
        ("0912345678", HIDDEN),
        ("Nguyễn Thị Hoa", HIDDEN),
        ("H32.32-241015-0123 Nguyễn Thị Hoa", HIDDEN),
        ("H32.32-241015", HIDDEN),
        ("HS/2024/21423", HIDDEN),
        ("", NONE),
        ("   ", NONE),
        (None, NONE),
        (float("nan"), NONE),
    ],
)
def test_examples(code: object, shown: str) -> None:
    assert masked(code, UNITS) == shown


@given(agency=AGENCIES, year=YEARS, one=st.tuples(DAYS, NUMBERS), other=st.tuples(DAYS, NUMBERS))
def test_all_dossiers_of_an_agency_in_a_year_look_the_same(
    agency: str, year: int, one: tuple[tuple[int, int], int], other: tuple[tuple[int, int], int]
) -> None:
    codes = [f"{agency}-{year}{month:02}{day:02}-{number:04}" for (month, day), number in (one, other)]
    assert len({masked(code, UNITS) for code in codes}) == 1


@given(text=st.text(max_size=60))
def test_nothing_stays_of_a_text_that_is_no_code(text: str) -> None:
    shown = masked(text, UNITS)
    assert shown in {NONE, HIDDEN} or shown.endswith(f"{HIDDEN}-{HIDDEN}")
    assert len(shown) <= 40

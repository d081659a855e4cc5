"""What our counts propose for a criterion, and when they propose nothing."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.criteria import FromIndicator, ProvincialIndex, Step
from contracts.errors import ConfigError
from tests import khanh_son
from tests.contracts.test_criteria import TREE, WHOLE, read
from tests.transforms.tables import read_table
from transforms.indicators import declared
from transforms.proposals import check_sources, periods_of, proposals, proposed_points

STEPS = FromIndicator(
    indicator="A",
    steps=[Step(at_least=Decimal("0.9"), points=Decimal(2)), Step(at_least=Decimal("0.95"), points=Decimal(4))],
)
HALF = FromIndicator(indicator="A", target=Decimal("0.5"))

POINTS = """
| tử    | mẫu   | theo bậc | theo tỷ lệ, tối đa 4 |
| 0     | 100   | 0        | 0                    |
| 25    | 100   | 0        | 2                    |
| 1     | 3     | 0        | 2.67                 |
| 8999  | 10000 | 0        | 4                    |
| 9     | 10    | 2        | 4                    |
| 949   | 1000  | 2        | 4                    |
| 95    | 100   | 4        | 4                    |
| 100   | 100   | 4        | 4                    |
"""


@pytest.mark.parametrize("row", read_table(POINTS), ids=lambda row: f"{row['tử']}/{row['mẫu']}")
def test_points_by_steps_and_in_proportion(row: dict[str, str]) -> None:
    share = Fraction(int(row["tử"]), int(row["mẫu"]))
    assert proposed_points(STEPS, share, maximum=Decimal(4)) == Decimal(row["theo bậc"])
    assert proposed_points(HALF, share, maximum=Decimal(4)) == Decimal(row["theo tỷ lệ, tối đa 4"])


@given(st.fractions(0, 1), st.fractions(0, 1), st.sampled_from([STEPS, HALF]))
def test_a_higher_share_never_earns_less_and_none_more_than_the_maximum(
    one: Fraction, other: Fraction, source: FromIndicator
) -> None:
    low, high = sorted((one, other))
    earned = [proposed_points(source, share, maximum=Decimal(4)) for share in (low, high)]
    assert 0 <= earned[0] <= earned[1] <= 4


def stored(*rows: tuple[str, str, int | None, int | None, bool]) -> pd.DataFrame:
    """Indicators as they stand in the warehouse: scope, agency, numerator, denominator, complete."""
    names = ["scope", "agency_code", "numerator", "denominator", "complete"]
    frame = pd.DataFrame(rows, columns=names).assign(indicator="ON_TIME_RESOLVED")
    return frame.astype({"numerator": "Int64", "denominator": "Int64"})


STORED = """
| phạm vi | tử | mẫu | đủ    | đề xuất | vì sao                |
| unit    | 96 | 100 | có    | 4       |                       |
| tree    | 96 | 100 | có    | 4       |                       |
| unit    | 96 | 100 | không | -       | số liệu chưa đầy đủ   |
| unit    | 0  | 0   | có    | -       | không phát sinh hồ sơ |
| unit    | -  | -   | không | -       | chưa có số liệu       |
| không   | 96 | 100 | có    | -       | chưa có số liệu       |
"""


@pytest.mark.parametrize("row", read_table(STORED), ids=lambda row: f"{row['phạm vi']} {row['vì sao']}")
def test_nothing_is_proposed_from_what_is_missing_or_incomplete(tmp_path: Path, row: dict[str, str]) -> None:
    counts = [None if row[head] == "-" else int(row[head]) for head in ("tử", "mẫu")]
    agency = "H36.30" if row["phạm vi"] != "không" else "H36.01"
    frame = stored((row["phạm vi"], agency, counts[0], counts[1], row["đủ"] == "có"))
    index = read(tmp_path, WHOLE)
    assert periods_of(index) == ("2023Y",)
    found = {p.unit.agency_code: p for p in proposals(index, TREE, {"2023Y": frame})}["H36.30"]
    assert ("-" if found.points is None else str(found.points)) == row["đề xuất"]
    assert found.why_none == row["vì sao"]


def test_a_unit_with_others_below_it_is_taken_with_them_unless_its_own_are_asked_for(tmp_path: Path) -> None:
    frame = stored(("unit", "H36.30", 96, 100, True), ("tree", "H36.30", 90, 100, True))
    own = WHOLE.replace("from_indicator.steps", 'from_indicator.scope = "unit"\nfrom_indicator.steps')
    earned = []
    for text in (WHOLE, own):
        found = proposals(read(tmp_path, text), TREE, {"2023Y": frame})
        earned += [p.points for p in found if p.unit.agency_code == "H36.30"]
    assert earned == [2, 4]


def test_who_the_criterion_does_not_apply_to_is_proposed_nothing(tmp_path: Path) -> None:
    found = proposals(read(tmp_path, WHOLE), TREE, {})
    assert {p.unit.agency_code for p in found} == {"H36.01", "H36.30"}


UNFIT = {
    "an id that nobody knows": ("ON_TIME_RESOLVE", "không có trong danh mục chỉ tiêu"),
    "less is better": ("OVERDUE_RESOLVED", "cao hơn là tốt hơn"),
    "another calendar": ("PROGRESS_ON_TIME", "tính theo lịch «index»"),
}


@pytest.mark.parametrize("name", UNFIT)
def test_an_indicator_that_does_not_fit_is_told_at_its_line(tmp_path: Path, name: str) -> None:
    indicator, said = UNFIT[name]
    text = WHOLE.replace("ON_TIME_RESOLVED", indicator)
    with pytest.raises(ConfigError, match=said) as raised:
        check_sources(read(tmp_path, text))
    assert raised.value.line is not None
    assert "from_indicator" in text.splitlines()[raised.value.line - 1] or "2.2" in raised.value.cause


@pytest.mark.parametrize("index", [khanh_son.index(year) for year in khanh_son.INVENTED], ids=lambda i: str(i.year))
def test_the_province_s_own_files_name_indicators_that_there_are(index: ProvincialIndex) -> None:
    check_sources(index)
    named = {c.from_indicator.indicator for c in index.leaves if c.from_indicator}
    assert named <= {indicator.id for indicator in declared()}

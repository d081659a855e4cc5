"""A correction holds as long as its reason: not after its last day, and not once the system says something else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pyarrow as pa
import pytest

from contracts.corrections import Correction
from contracts.errors import SourceError
from contracts.source_config import SourceConfig
from tests.transforms.landings import SOURCE, landed
from transforms.canonical import unknown_statuses
from transforms.corrections import corrected

CUT_OFF = date(2024, 12, 14)
LANDED = """
| mã | hẹn trả    | kết thúc   | status |
| A  | 10/11/2024 | -          | 9      |
| B  | 10/11/2024 | 31/02/2024 | 9      |
| C  | 10/11/2024 |            | 9      |
"""


def correcting(*corrections: dict[str, str]) -> SourceConfig:
    common = {"dossier_code": "B", "column": "end_date", "was": "31/02/2024", "value": "09/11/2024"}
    rest = {"reason": "Công văn 12/UBND", "by": "Trần Văn A", "until": "2024-12-14"}
    made = tuple(Correction.model_validate(common | rest | one) for one in corrections)
    return replace(SOURCE, corrections=made)


def ends(table: pa.Table) -> list[str | None]:
    return table["END_DATE"].to_pylist()  # type: ignore[no-any-return]


def test_a_correction_changes_its_cell_and_no_other() -> None:
    found = corrected(landed(LANDED), correcting({}), cut_off=CUT_OFF)
    assert (found.applied, found.unused) == (1, 0)
    assert ends(found.table) == [None, "09/11/2024", ""]
    assert found.table.drop_columns("END_DATE").equals(landed(LANDED).drop_columns("END_DATE"))


def test_a_blank_cell_is_corrected_and_made_blank() -> None:
    fill = {"dossier_code": " C ", "was": ""}
    empty = {"value": ""}
    both = corrected(landed(LANDED), correcting(fill, empty), cut_off=CUT_OFF)
    assert ends(both.table) == [None, None, "09/11/2024"]


def test_several_columns_of_one_dossier() -> None:
    status = {"column": "status", "was": "9", "value": "1"}
    table = corrected(landed(LANDED), correcting({}, status), cut_off=CUT_OFF).table
    assert (table["END_DATE"][1].as_py(), table["STATUS"][1].as_py()) == ("09/11/2024", "1")


def test_a_dossier_that_is_not_in_the_landing() -> None:
    found = corrected(landed(LANDED), correcting({"dossier_code": "X"}, {}), cut_off=CUT_OFF)
    assert (found.applied, found.unused) == (1, 1)


def test_a_source_without_corrections_is_as_it_was_landed() -> None:
    table = landed(LANDED)
    assert corrected(table, SOURCE, cut_off=CUT_OFF).table is table


@pytest.mark.parametrize("now", ["09/11/2024", "10/11/2024", "-"], ids=["mended", "changed", "taken away"])
def test_once_the_system_says_something_else_the_source_stops(now: str) -> None:
    table = landed(LANDED.replace("31/02/2024", now))
    with pytest.raises(SourceError, match=r"đính chính thứ 2 .*: nguồn đã sửa \(hoặc đổi\) cột «END_DATE»") as stopped:
        corrected(table, correcting({"dossier_code": "X"}, {}), cut_off=CUT_OFF)
    assert "bỏ mục này khỏi corrections.toml" in stopped.value.advice
    assert "giữ mục này, ghi until là ngày chốt của kỳ cuối" in stopped.value.advice
    said = str(stopped.value)
    assert not any(secret in said for secret in ("«B»", "31/02/2024", "09/11/2024", now, "Trần Văn A"))


@pytest.mark.parametrize(
    ("since", "until", "applied"),
    [
        (None, "2024-12-14", 1),
        ("2024-12-14", "2024-12-14", 1),
        ("2024-12-15", "2025-03-14", 0),
    ],
)
def test_a_correction_holds_from_its_first_cut_off_to_its_last(since: str | None, until: str, applied: int) -> None:
    days = {"until": until} | ({"since": since} if since else {})
    found = corrected(landed(LANDED), correcting(days), cut_off=CUT_OFF)
    assert (found.applied, found.unused) == (applied, 0)
    assert (ends(found.table)[1] == "09/11/2024") is bool(applied)


RUN_OUT = {"until": "2024-12-13"}


def test_one_that_has_run_out_stops_the_source_while_the_system_still_says_so() -> None:
    with pytest.raises(SourceError, match=r"hết hạn từ ngày 13/12/2024, mà nguồn vẫn chưa sửa cột «END_DATE»") as told:
        corrected(landed(LANDED), correcting(RUN_OUT), cut_off=CUT_OFF)
    assert "sửa until" in told.value.advice
    assert "dropped" in told.value.advice


def test_one_that_has_run_out_may_stay_for_older_periods() -> None:
    """In a newer one it is no matter: mended, not there, given up with a reason, or followed by another."""
    mended = landed(LANDED.replace("31/02/2024", "09/11/2024"))
    assert corrected(mended, correcting(RUN_OUT), cut_off=CUT_OFF).table is mended
    unseen = correcting(RUN_OUT | {"dossier_code": "X"})
    assert corrected(landed(LANDED), unseen, cut_off=CUT_OFF).unused == 0
    given_up = corrected(landed(LANDED), correcting(RUN_OUT | {"dropped": "Công văn 20/UBND"}), cut_off=CUT_OFF)
    assert (ends(given_up.table)[1], given_up.applied) == ("31/02/2024", 0)
    renewed = correcting(RUN_OUT, {"since": "2024-12-14", "until": "2025-03-14", "value": "08/11/2024"})
    assert ends(corrected(landed(LANDED), renewed, cut_off=CUT_OFF).table)[1] == "08/11/2024"
    assert ends(corrected(landed(LANDED), renewed, cut_off=date(2024, 9, 14)).table)[1] == "09/11/2024"


def test_one_that_has_run_out_may_be_of_a_column_that_the_source_no_longer_has() -> None:
    gone = correcting(RUN_OUT | {"column": "returned_date"})
    tables = {
        name: replace(t, columns=tuple(c for c in t.columns if c.column.name != "returned_date"))
        for name, t in gone.tables.items()
    }
    assert corrected(landed(LANDED), replace(gone, tables=tables), cut_off=CUT_OFF).applied == 0


def test_copies_of_a_dossier_are_corrected_where_they_say_so() -> None:
    table = landed(f"{LANDED}| B | 10/11/2024 | 31/02/2024 | 9 |\n| B | 10/11/2024 | 01/11/2024 | 9 |")
    assert ends(corrected(table, correcting({}), cut_off=CUT_OFF).table)[3:] == ["09/11/2024", "01/11/2024"]


STATUSES = """
| mã | status   |
| A  | 9        |
| B  | Đã  xong |
| C  | ?        |
| D  | -        |
| E  |          |
| F  | 7        |
| G  | mới      |
| H  | 7        |
"""


def test_a_status_is_known_rejected_empty_or_told() -> None:
    """White space is no difference, an empty status is no code."""
    assert list(unknown_statuses(landed(STATUSES), SOURCE).items()) == [("7", 2), ("mới", 1)]

"""Returns of units: whole or not at all, only ever added to, what is not known as null."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import IntegrityError

from contracts.answers import Answer, Return
from contracts.clock import VIETNAM
from contracts.errors import CchcError
from contracts.returned import Kind, State
from warehouse import tables
from warehouse.returned import add, history, newest

MORNING = datetime(2024, 12, 16, 8, 30, tzinfo=VIETNAM)
EVENING = MORNING + timedelta(hours=10)
ANSWERS = (
    Answer("staff_quota", Kind.COUNT, State.GIVEN, 2076, evidence="QĐ 12", note="đã duyệt", cell="4. Chế độ!G7"),
    Answer("documents", Kind.SHARE, State.GIVEN, 973, 1000),
    Answer("budget", Kind.NUMBER, State.GIVEN, amount=Decimal("12.50")),
    Answer("iso", Kind.YES_NO, State.GIVEN, 0),
    Answer("plan_date", Kind.DATE, State.GIVEN, text="2024-01-22"),
    Answer("shortened", Kind.COUNT, State.APPROXIMATE, text=">300"),
    Answer("petitions", Kind.COUNT, State.NOT_YET),
    Answer("zero", Kind.COUNT, State.GIVEN, 0),
    Answer("blank", Kind.COUNT, State.UNANSWERED),
    Answer("outside", Kind.CHOICE, State.OUT_OF_SCOPE),
)
RETURN = Return("2024Q4", "H32.30", "abc", "Nguyễn Văn A", date(2024, 12, 15), "Trần Thị B", "12/BC-UBND", ANSWERS)


def entered(engine: Engine, content: Return = RETURN, *, sha256: str = "a", at: datetime = MORNING) -> int:
    return add(engine, content, sha256=sha256, file_name="phieu.xlsx", received_at=at).number


def test_what_is_stored_comes_back(engine: Engine) -> None:
    entered(engine)
    found = newest(engine, "2024Q4")
    assert list(found) == ["H32.30"]
    assert found["H32.30"].content == RETURN, "in the order of the form, nought as nought, null as null"
    assert (found["H32.30"].number, found["H32.30"].received_at, found["H32.30"].sha256) == (1, MORNING, "a")
    assert newest(engine, "2024Q3") == {}


def test_a_later_return_stands_beside_the_earlier_one(engine: Engine) -> None:
    later = replace(RETURN, prepared_by="C", answers=(replace(ANSWERS[0], numerator=2070),))
    assert (entered(engine), entered(engine, later, sha256="b", at=EVENING)) == (1, 2)
    assert newest(engine, "2024Q4")["H32.30"].content == later
    assert [r.content for r in history(engine, "2024Q4", "H32.30")] == [RETURN, later]


def test_the_newest_file_again_is_not_entered_twice_but_an_older_one_is(engine: Engine) -> None:
    assert entered(engine) == entered(engine, at=EVENING) == 1
    assert newest(engine, "2024Q4")["H32.30"].received_at == MORNING
    entered(engine, sha256="b")
    assert entered(engine, at=EVENING) == 3


def test_units_and_periods_are_apart(engine: Engine) -> None:
    others = [replace(RETURN, agency_code="H32.31"), replace(RETURN, period_id="2024Q3")]
    assert [entered(engine, content) for content in (RETURN, *others)] == [1, 1, 1]
    assert [r.content.agency_code for r in history(engine, "2024Q4")] == ["H32.30", "H32.31"]
    assert [r.content.agency_code for r in history(engine, "2024Q4", "H32.31")] == ["H32.31"]


def test_all_of_a_return_or_nothing(engine: Engine) -> None:
    twice = replace(RETURN, answers=(*ANSWERS, ANSWERS[0]))
    with pytest.raises(CchcError):
        entered(engine, twice)
    assert newest(engine, "2024Q4") == {}


def test_what_is_not_known_cannot_have_a_figure(engine: Engine) -> None:
    entered(engine)
    row = {"period_id": "2024Q4", "agency_code": "H32.30", "number": 1, "indicator": "x", "position": 99}
    row |= {"kind": "count", "state": "not_yet", "numerator": 0, "text": "", "evidence": "", "note": "", "cell": ""}
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(insert(tables.returned_figure).values(row))
    with engine.connect() as connection:
        assert len(connection.execute(select(tables.returned_figure)).all()) == len(ANSWERS)

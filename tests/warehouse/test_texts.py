"""What offices wrote: versions are added, never overwritten, and nobody overtakes anybody unseen."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from contracts.clock import VIETNAM
from contracts.errors import UsageError
from tests.warehouse.examples import Q4
from tests.warehouse.versions import version
from warehouse import approvals, texts
from warehouse.approval_rule import Officer
from warehouse.texts import Overtaken, ReportKey, ReportText

PROVINCE: ReportKey = (Q4, "province", "56")
DISTRICT: ReportKey = (Q4, "unit", "570")
AT = datetime(2024, 12, 16, 8, 0, tzinfo=VIETNAM)


def add(
    engine: Engine, parts: dict[str, str], *, report: ReportKey = PROVINCE, by: str = "A", **seen: int
) -> list[ReportText]:
    return texts.add(engine, report, parts, seen=seen, by_whom=by, at=AT)


def test_a_text_comes_back_as_it_was_entered(engine: Engine) -> None:
    (entered,) = add(
        engine, {"direction": "Ban hành **12** văn bản;\n\nkiểm tra {cột 3}"}, by="Trần Thị B, chuyên viên"
    )
    assert texts.newest(engine, Q4) == [entered]
    assert (entered.version, entered.at, entered.report) == (1, AT, PROVINCE)


def test_the_newest_version_of_each_part_of_each_report_counts(engine: Engine) -> None:
    add(engine, {"direction": "một", "ahead": "hai"})
    add(engine, {"direction": "ba"}, direction=1)
    add(engine, {"direction": "bốn"}, report=DISTRICT)
    assert [(t.scope, t.part, t.version, t.text) for t in texts.newest(engine, Q4)] == [
        ("province", "ahead", 1, "hai"),
        ("province", "direction", 2, "ba"),
        ("unit", "direction", 1, "bốn"),
    ]
    assert [t.text for t in texts.history(engine, Q4, report=PROVINCE)] == ["hai", "một", "ba"]
    assert texts.newest(engine, "2024Q3") == []


def test_a_part_that_was_taken_back_is_still_told(engine: Engine) -> None:
    add(engine, {"direction": "một"})
    add(engine, {"direction": ""}, direction=1)
    assert [(t.version, t.text) for t in texts.newest(engine, Q4)] == [(2, "")]
    assert [t.text for t in texts.history(engine, Q4)] == ["một", ""]


def test_who_saw_an_older_version_enters_nothing(engine: Engine) -> None:
    add(engine, {"direction": "một"})
    with pytest.raises(Overtaken):
        add(engine, {"ahead": "hai", "direction": "ba"})
    assert [t.text for t in texts.history(engine, Q4)] == ["một"], "nor the other part"


def test_of_two_writers_at_once_one_is_told(engine: Engine) -> None:
    def write(name: int) -> bool:
        try:
            add(engine, {"direction": f"văn bản {name}"}, by=str(name))
        except Overtaken:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(write, range(4))) == [False, False, False, True]
    assert [t.version for t in texts.history(engine, Q4)] == [1]


def test_nothing_is_written_while_a_version_stands_approved(engine: Engine, folder: Path) -> None:
    add(engine, {"direction": "một"})
    one = version(engine, folder)
    approvals.check(engine, one, Officer("Trần Văn Hải"))
    add(engine, {"direction": "hai"}, direction=1)
    approvals.approve(engine, one, Officer("Lê Thị Hoa"))
    with pytest.raises(UsageError, match="bản 1 của báo cáo này đã duyệt, chưa công bố: không nạp") as refused:
        add(engine, {"direction": "ba"}, direction=2)
    assert "cchc unlock 2024Q4 --version 1 --by" in refused.value.advice
    add(engine, {"direction": "của đơn vị khác"}, report=DISTRICT)
    approvals.unlock(engine, one, Officer("Lê Thị Hoa"), reason="sửa phần I")
    add(engine, {"direction": "ba"}, direction=2)
    assert [t.text for t in texts.newest(engine, Q4, report=PROVINCE)] == ["ba"]

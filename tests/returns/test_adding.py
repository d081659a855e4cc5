"""Taking returns: each whole or not at all, the newest counts, nothing is ever overwritten."""

from __future__ import annotations

import hashlib
import shutil
from itertools import permutations
from pathlib import Path

import openpyxl
import pytest

from contracts.answers import Received
from contracts.errors import UsageError
from contracts.return_form import IDENTITY, seal
from flows.returns import Outcome, add_returns
from tests.returns.conftest import MakeOffice
from tests.returns.whole_way import Office
from warehouse import returned


@pytest.fixture
def one(office: MakeOffice) -> Office:
    return office()


def stored(one: Office) -> dict[str, Received]:
    return returned.newest(one.place().open_warehouse(), one.period_id)


def figure(one: Office, agency: str, indicator: str) -> int | None:
    answer = stored(one)[agency].content.of(indicator)
    return answer.numerator if answer else None


def refusal(outcome: Outcome) -> str:
    assert outcome.refused
    return "; ".join(remark.wrong for remark in outcome.remarks if remark.is_error)


def identified(path: Path, **said: str) -> Path:
    """The form with another identity, sealed as if it had been made so."""
    book = openpyxl.load_workbook(path)
    rows = list(book[IDENTITY].iter_rows())
    known = {row[0].value: row[1].value for row in rows} | said
    for row in rows:
        row[1].value = seal(known) if row[0].value == "seal" else known[row[0].value]
    book.save(path)
    return path


def test_a_return_is_stored_with_who_when_and_what_proves_it(one: Office) -> None:
    path = one.filled("H99.31", {"staff_quota": {6: 120, 8: "QĐ 12/QĐ-UBND", 9: "đã duyệt"}})
    one.add(path)
    found = stored(one)["H99.31"]
    assert (found.number, found.file_name, found.received_at.isoformat()) == (1, path.name, "2024-12-16T08:00:00+07:00")
    assert (found.content.prepared_by, found.content.prepared_on.isoformat()) == (
        "Nguyễn Văn A, chuyên viên",
        "2024-12-15",
    )
    answer = found.content.of("staff_quota")
    assert answer is not None
    assert (answer.numerator, answer.evidence, answer.note) == (120, "QĐ 12/QĐ-UBND", "đã duyệt")
    assert answer.cell == "4. Chế độ công vụ!G7"


def test_the_file_is_kept_as_it_came(one: Office) -> None:
    path = one.filled("H99.31", {"staff_quota": 120})
    data = path.read_bytes()
    one.add(path)
    path.unlink()
    digest = hashlib.sha256(data).hexdigest()
    kept = one.place().home / "returns" / "2024Q4" / "H99.31" / f"{digest[:16]}.xlsx"
    assert (kept.read_bytes(), stored(one)["H99.31"].sha256) == (data, digest)


def test_a_refused_return_leaves_the_earlier_one_as_it_is(one: Office) -> None:
    one.take("H99.31", {"staff_quota": 120})
    (outcome,) = one.add(one.filled("H99.31", {"staff_quota": "1.234", "petitions_received": 3}))
    assert outcome.refused
    assert (figure(one, "H99.31", "staff_quota"), figure(one, "H99.31", "petitions_received")) == (120, None)
    assert len(list((one.place().home / "returns").rglob("*.xlsx"))) == 1


def test_one_refused_keeps_no_other_from_being_taken(one: Office) -> None:
    wrong = one.filled("H99.31", {"staff_quota": -1})
    right = one.filled("H99.02", {"staff_quota": 40})
    assert [o.refused for o in one.add(wrong, right)] == [True, False]
    assert list(stored(one)) == ["H99.02"]


def test_a_later_return_replaces_the_earlier_one_and_the_difference_is_told(one: Office) -> None:
    one.take("H99.31", {"staff_quota": 120, "inspections": 4, "plan_number": "1/KH"})
    later = one.take("H99.31", {"staff_quota": 118, "inspections": 4, "petitions_received": 0})
    assert {c.indicator for c in later.changed} == {"staff_quota", "plan_number", "petitions_received"}
    assert any("plan_number" in r.wrong for r in later.remarks), "a figure that is gone is told of"
    assert (figure(one, "H99.31", "staff_quota"), stored(one)["H99.31"].number) == (118, 2)
    history = returned.history(one.place().open_warehouse(), "2024Q4", "H99.31")
    before = [h.content.of("staff_quota") for h in history]
    assert [a.numerator for a in before if a] == [120, 118], "the earlier one stands still"


def test_the_same_file_again_changes_nothing(one: Office) -> None:
    path = one.filled("H99.31", {"staff_quota": 120})
    one.add(path)
    (again,) = one.add(path)
    assert (again.refused, again.is_new, stored(one)["H99.31"].number) == (False, False, 1)


def test_an_earlier_file_handed_in_again_is_the_newest(one: Office) -> None:
    first = one.filled("H99.31", {"staff_quota": 120})
    one.add(first)
    one.take("H99.31", {"staff_quota": 118})
    one.add(first)
    assert (figure(one, "H99.31", "staff_quota"), stored(one)["H99.31"].number) == (120, 3)


def test_two_different_returns_of_one_unit_at_once_are_both_refused(one: Office) -> None:
    first, second = (one.filled("H99.31", {"staff_quota": n}) for n in (120, 118))
    assert ["hai phiếu khác nhau" in refusal(o) for o in one.add(first, second)] == [True, True]
    assert stored(one) == {}


def test_two_copies_of_one_return_are_one(one: Office) -> None:
    first = one.filled("H99.31", {"staff_quota": 120})
    copy = Path(shutil.copy(first, first.with_name("bản sao.xlsx")))
    (outcome,) = one.add(first, copy)
    assert not outcome.refused


def test_the_order_of_the_files_does_not_matter(one: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [one.filled(code, {"petitions_received": n}) for n, code in enumerate(("H99", "H99.02", "H99.31.01"))]
    seen = set()
    for place, order in enumerate(permutations(files)):
        monkeypatch.setenv("CCHC_HOME", str(one.folder / f"home-{place}"))  # a machine of its own
        assert all(outcome.is_new for outcome in add_returns(order))
        seen.add(tuple((code, r.number, r.content) for code, r in sorted(stored(one).items())))
    assert len(seen) == 1


def test_a_folder_is_taken_file_by_file(one: Office) -> None:
    for code in ("H99.02", "H99.31"):
        one.filled(code, {"petitions_received": 1})
    (one.folder / "in" / "~$H99.31-2.xlsx").write_bytes(b"lock")
    assert [o.refused for o in one.add(one.folder / "in")] == [False, False]


def test_what_is_not_there_is_said(one: Office) -> None:
    with pytest.raises(UsageError, match="không có tệp"):
        one.add(one.folder / "x.xlsx")
    (one.folder / "rỗng").mkdir()
    with pytest.raises(UsageError, match="không có phiếu nào"):
        one.add(one.folder / "rỗng")


# phần nhận dạng            bị từ chối vì
STRANGE = """
province = phu-tho        | phiếu của tỉnh «phu-tho»
period   = 2024Q5         | không nhận được
period   = 2025Q4         | không nhận được
unit     = H99.40         | không phải lập phiếu trong kỳ 2024Q4
unit     = H99.77         | không phải lập phiếu trong kỳ 2024Q4
version  = 000000000000   | mẫu hiện hành
"""


@pytest.mark.parametrize("line", STRANGE.strip().splitlines())
def test_a_form_of_something_else_is_refused(one: Office, line: str) -> None:
    said, why = (part.strip() for part in line.split("|"))
    name, value = (part.strip() for part in said.split("="))
    (outcome,) = one.add(identified(one.filled("H99.31", {"petitions_received": 1}), **{name: value}))
    assert why in refusal(outcome)
    assert stored(one) == {}


def test_a_form_of_another_unit_passed_off_is_refused(one: Office) -> None:
    """Same lines, same version: the cover tells."""
    (outcome,) = one.add(identified(one.filled("H99.31.01", {"petitions_received": 1}), unit="H99.31.02"))
    assert "Xã Thành Sơn" in refusal(outcome)


def test_only_the_wanted_period_is_taken(one: Office) -> None:
    path = one.filled("H99.31", {"petitions_received": 1})
    (outcome,) = add_returns([path], period="2024Q3")
    assert "đang nhận kỳ 2024Q3" in refusal(outcome)


def test_a_form_of_before_the_question_changed_is_refused(one: Office) -> None:
    path = one.filled("H99.31", {"petitions_received": 1})
    (one.folder / "returns.toml").write_text('off = ["inspections"]\n', encoding="utf-8")
    (outcome,) = one.add(path)
    assert "mẫu hiện hành" in refusal(outcome)


def test_a_province_s_own_line_is_asked_and_stored(office: MakeOffice) -> None:
    own = """
off = ["inspections", "petitions_in_time"]

[[indicator]]
id = "own_line"
area = 6
label = "Số tổ công nghệ số cộng đồng"
definition = "Tổ đang hoạt động."
unit = "tổ"
kind = "count"
levels = ["commune"]
source = "Kế hoạch của tỉnh"
verified = true
"""
    one = office(own=own)
    one.take("H99.31.01", {"own_line": 9})
    assert figure(one, "H99.31.01", "own_line") == 9
    assert one.printed()["Số tổ công nghệ số cộng đồng"] == ("tổ", "9", "", "1/2")
    assert "Tỷ lệ phản ánh, kiến nghị xử lý đúng hạn" not in one.printed(), "a term of it is switched off"


def test_what_lies_beside_an_open_workbook_is_refused_when_named(one: Office) -> None:
    one.folder.joinpath("x.xls").write_bytes(b"\xd0\xcf\x11\xe0" * 200)
    (outcome,) = one.add(one.folder / "x.xls")
    assert ".xlsx" in refusal(outcome)

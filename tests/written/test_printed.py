"""What was written stands on the page, in the annex on sources, and in the reason of the version that it made."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from contracts.clock import VIETNAM
from reporting import press
from reporting.basis import basis_of
from reporting.context import build_context
from reporting.gather import gather
from reporting.inputs import ReportInput, WrittenText
from reporting.kept import Kept, WrittenBasis
from reporting.page import Block, Missing, ReportContext, Written
from reporting.render import input_digest, to_html
from reporting.scope import scope_of
from reporting.written.texts import changes_said
from tests.reporting import sample
from tests.reporting.blocks import blocks_of, under
from tests.reporting.test_refresh import AS_OF, PERIOD, PROVINCE, SOURCES, Office
from warehouse import register, texts

AT = datetime(2024, 12, 16, 8, 0, tzinfo=VIETNAM)
AN = "Nguyễn Văn An, chuyên viên"


def text(part: str, said: str, *, code: str = "56", version: int = 1) -> WrittenText:
    return WrittenText("province" if code == "56" else "unit", code, part, said, version, AN, AT)


def context(*written: WrittenText, given: ReportInput | None = None, unit: str | None = None) -> ReportContext:
    whole = replace(given or sample.report_input(), written=written)
    return build_context(whole, unit=whole.province.units.find(unit, on=whole.as_of) if unit else None)


def part_of(made: ReportContext, roman: str) -> tuple[Block, ...]:
    return next(part.blocks for part in made.parts if part.heading.startswith(f"{roman}. "))


def test_it_stands_in_its_part_with_the_computed_figures() -> None:
    made = context(text("ahead", "Còn **{cột 13}** hồ sơ"), text("area-3", "Sắp xếp"), text("limits", "Còn chậm"))
    late = made.by_field.form.rows[-1].cells[-1]
    assert part_of(made, "IV") == (Written(f"<p>Còn <strong>{late}</strong> hồ sơ</p>", ()),)
    assert under(made, "3. Cải cách tổ chức bộ máy") == [Written("<p>Sắp xếp</p>", ())]
    assert under(made, "2. Tồn tại, hạn chế")[-1] == Written("<p>Còn chậm</p>", ())
    assert isinstance(part_of(made, "V")[-1], Missing), "what nobody wrote is still told"


def test_words_on_procedures_stand_before_the_sections_and_not_in_the_last_one() -> None:
    made = context(text("area-2", "Nổi bật"))
    assert under(made, "2. Cải cách thủ tục hành chính") == [Written("<p>Nổi bật</p>", ())]


def test_a_text_is_of_one_report_alone() -> None:
    district = text("ahead", "Của huyện", code="570")
    assert not any(isinstance(block, Written) for block in blocks_of(context(district)))
    assert part_of(context(district, unit="570"), "IV") == (Written("<p>Của huyện</p>", ()),)


def test_figures_that_lack_a_source_say_so_below() -> None:
    lacking = sample.report_input(missing=["cam-lam"])
    with_figure, without = context(text("ahead", "{cột 3}"), text("proposals", "Không"), given=lacking).parts[3:]
    (one,), (other,) = with_figure.blocks, without.blocks
    assert isinstance(one, Written)
    assert isinstance(other, Written)
    assert [note.text for note in one.notes] == [
        "Số liệu phần mềm điền ở trên chưa đầy đủ: xem mục “Mức độ đầy đủ” ở trang 1, ghi chú (a)."
    ]
    assert other.notes == ()


def test_a_text_that_cannot_be_printed_any_more_is_told_and_stops_nothing() -> None:
    made = context(text("ahead", "Một\n\n<script>alert(1)</script> 😀", version=3), text("proposals", ""))
    (said,) = part_of(made, "IV")
    assert isinstance(said, Missing)
    assert said.text.startswith("Nội dung đã viết (lần 3) không in được, dòng 3: thẻ HTML «<script>»")
    assert "<script>" not in to_html(made)


def test_the_annex_on_sources_says_who_wrote_what_and_when() -> None:
    made = context(text("ahead", "Một", version=2), text("area-1", "Hai"), text("proposals", "", version=4))
    (found,) = (t for t in made.provenance.tables if "cơ quan soạn thảo" in t.caption)
    assert [row.cells for row in found.rows] == [
        ("II.1. Cải cách thể chế", AN, "08:00 16/12/2024", "1"),
        ("IV. Phương hướng, nhiệm vụ kỳ sau", AN, "08:00 16/12/2024", "2"),
    ]
    assert not any("cơ quan soạn thảo" in t.caption for t in context().provenance.tables)


# before                 | now                                  | what is said
CHANGES = """
                         | direction 1 A                        | nội dung phần I do A cập nhật
direction 1 A            | direction 2 A; area-3 1 A            | nội dung phần I, II.3 do A cập nhật
direction 1 A            | direction 2 B; ahead 1 A             | nội dung phần I do B cập nhật; phần IV do A cập nhật
direction 1 A            | direction 2 B -                      | nội dung phần I do B rút lại
direction 1 A            | direction 1 A                        |
                         | direction 2 A -                      |
"""


def stands(said: str) -> dict[str, WrittenBasis]:
    found = {}
    for one in filter(None, map(str.strip, said.split(";"))):
        part, version, by, *taken_back = one.split()
        found[part] = WrittenBasis(int(version), by, not taken_back)
    return found


@pytest.mark.parametrize("line", CHANGES.strip("\n").splitlines())
def test_what_changed_is_said_in_a_clause(line: str) -> None:
    before, now, said = (part.strip() for part in line.split("|"))
    assert changes_said(stands(before), stands(now)) == said


def test_a_version_keeps_what_was_written() -> None:
    given = sample.report_input()
    basis = basis_of(given, scope_of(given, None))
    whole = Kept({}, basis, None, stands("direction 2 A; ahead 1 B -"))
    assert Kept.from_json(whole.to_json()) == whole
    assert "written" not in json.loads(Kept({}, basis).to_json()), "as versions before kept it"


@pytest.fixture
def one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr(press, "PRESSES", 1)
    made = Office(tmp_path)
    made.load_all()
    return made


Write = Callable[..., None]


@pytest.fixture
def write(one: Office) -> Write:
    def enter(said: str, *, code: str = "901", seen: int = 0) -> None:
        key: texts.ReportKey = (PERIOD.id, "province" if code == "56" else "unit", code)
        texts.add(one.engine, key, {"direction": said}, seen={"direction": seen}, by_whom=AN, at=AT)

    return enter


def reason(one: Office, code: str) -> str:
    newest = register.newest(one.engine, PERIOD.id, "unit", code)
    assert newest is not None
    return newest.reason


def test_a_new_text_makes_a_new_version_of_its_report_alone(one: Office, write: Write) -> None:
    one.refresh()
    write("Nhận {cột 3} hồ sơ:\n\n- một")
    made = one.refresh()
    assert {code: o.version for code, o in made.items()} == {"56": 1, "901": 2, "902": 1}
    assert reason(one, "901") == f"nội dung phần I do {AN} cập nhật"
    assert not any(o.rendered for o in one.refresh().values()), "nothing is set again where nothing changed"

    write("", seen=1)
    one.load("dong", early=8)
    assert one.refresh()["901"].version == 3
    assert reason(one, "901") == f"nội dung phần I do {AN} rút lại; số liệu, cấu hình hoặc mẫu trang khác bản 2"


def test_numbers_typed_when_other_figures_stood_are_told_until_somebody_looks(one: Office, write: Write) -> None:
    one.refresh()
    write("Nhận {cột 3} hồ sơ, đạt 91,2%")
    assert one.refresh()["901"].typed == "", "nothing moved since"
    one.load("dong", early=8)
    said = "số gõ tay ở phần I có từ khi số liệu là của bản 1, nay đã khác: đối chiếu lại trước khi trình ký"
    third = one.refresh()
    assert {code: o.typed for code, o in third.items()} == {"56": "", "901": said, "902": ""}
    assert reason(one, "901") == f"số liệu, cấu hình hoặc mẫu trang khác bản 2; {said}"
    again = one.refresh()["901"]
    assert (again.rendered, again.typed) == (False, said), "also where nothing is printed anew"
    write("Nhận {cột 3} hồ sơ, đạt 92%", seen=1)
    assert one.refresh()["901"].typed == "", "somebody wrote it with the new figures before him"


def test_numbers_that_count_no_dossiers_do_not_grow_old(one: Office, write: Write) -> None:
    one.refresh()
    write("Tổ chức 987 hội nghị; nhận {cột 3} hồ sơ")
    one.load("dong", early=8)
    assert one.refresh()["901"].typed == ""


def test_the_text_is_in_the_digest_and_gives_the_same_one_from_another_warehouse(
    one: Office, write: Write, tmp_path: Path
) -> None:
    write("Nhận {cột 3} hồ sơ")
    first = digest(one)
    other = Office(tmp_path / "other")
    other.load_all()
    assert digest(other) != first
    key: texts.ReportKey = (PERIOD.id, "unit", "901")
    texts.add(other.engine, key, {"direction": "Nhận {cột 3} hồ sơ"}, seen={}, by_whom=AN, at=AT)
    assert digest(other) == first


def digest(office: Office) -> str:
    known = gather(office.engine, province=PROVINCE, period=PERIOD, as_of=AS_OF, sources=SOURCES)
    return input_digest(build_context(known, unit=PROVINCE.units.by_agency("T.2")))

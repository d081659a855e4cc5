"""A report that moves figures already published: a new version, with an annex of what moved and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from contracts.units import Unit
from reporting.annexes import restated
from reporting.annexes._content import Content
from reporting.basis import basis_of
from reporting.beside_approved import BesideApproved
from reporting.context import build_context
from reporting.gather import gather
from reporting.issued import kept_by
from reporting.kept import Cell, Counts
from reporting.origin import Origin
from reporting.page import Table
from reporting.refresh import ReportOutcome
from reporting.render import render_pdf
from reporting.restatement import moved
from reporting.scope import scope_of
from tests.reporting.pdf import sheets
from tests.reporting.test_refresh import AS_OF, PERIOD, PROVINCE, READ_AT, SOURCES, Office, written
from warehouse import approvals, publications, register
from warehouse.approval_rule import Officer
from warehouse.database import writing
from warehouse.register import ReportVersion

WHO = Officer("Nguyễn Thị Minh, Chánh Văn phòng")
PUBLISHED_AT = "2024-12-20T09:00:00+07:00"
LATER = READ_AT + timedelta(days=6)
KEYS = {"56": ("province", "56"), "901": ("unit", "901"), "902": ("unit", "902"), "911": ("unit", "911")}


@pytest.fixture(autouse=True)
def _then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCHC_NOW", PUBLISHED_AT)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Its pages are written and not set, a tenth of the time; the test of the bytes sets them."""
    monkeypatch.setattr("reporting.refresh.print_all", written)
    return Office(tmp_path)


def newest(office: Office, code: str) -> ReportVersion:
    found = register.newest(office.engine, PERIOD.id, *KEYS[code])  # type: ignore[arg-type]
    assert found is not None
    return found


def publish(office: Office, *codes: str) -> None:
    for code in codes:
        approvals.publish(office.engine, newest(office, code), WHO, without_approval="phép thử")


def content(office: Office, unit: Unit | None = None) -> Content | None:
    known = gather(office.engine, province=PROVINCE, period=PERIOD, as_of=AS_OF, sources=SOURCES)
    return restated.content(known, Origin(scope_of(known, unit), PERIOD, known.spans))


def listed(found: Content | None) -> list[tuple[str, ...]]:
    """Whose, which figure, old, new, difference."""
    assert found is not None
    return under_heads(found.tables[0])


def causes(found: Content | None) -> list[tuple[str, ...]]:
    assert found is not None
    return [row for table in found.tables[1:] for row in under_heads(table)]


def under_heads(table: Table) -> list[tuple[str, ...]]:
    head, rows = "", []
    for row in table.rows:
        if row.kind == "group":
            head = row.cells[0]
        else:
            rows.append((head, *row.cells))
    return rows


def versions(made: dict[str, ReportOutcome]) -> dict[str, int]:
    return {code: outcome.version for code, outcome in made.items()}


TAY = PROVINCE.units.by_agency("T.3")


def with_moved_figures(office: Office) -> Office:
    """Everything published; then one more dossier of huyện Tây came out early, read a week later."""
    office.load_all()
    office.refresh()
    publish(office, "56", "901", "902")
    office.load("tay", early=8, landing_id="beef0000cafe", read_at=LATER)
    return office


@pytest.fixture
def moved_office(office: Office) -> Office:
    return with_moved_figures(office)


@pytest.fixture(scope="module")
def made_again(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The same, and its reports made again; for tests that only look."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CCHC_NOW", PUBLISHED_AT)
        patch.setattr("reporting.refresh.print_all", written)
        office = with_moved_figures(Office(tmp_path_factory.mktemp("made-again")))
        office.refresh()
        return office


def test_what_is_published_and_not_moved_stays_as_it_is(office: Office) -> None:
    office.load_all()
    first = office.refresh()
    publish(office, "56", "901")
    again = office.refresh()
    assert versions(again) == versions(first)
    assert not any(o.rendered or o.restated or o.restates for o in again.values())
    assert content(office) is None


def test_a_moved_figure_makes_a_version_of_the_reports_that_have_it(moved_office: Office) -> None:
    made = moved_office.refresh()
    assert versions(made) == {"56": 2, "901": 1, "902": 2}
    assert (made["901"].restated, made["901"].restates) == (0, None)
    assert (made["902"].restated, made["902"].restates) == (len(listed(content(moved_office, TAY))), 1)
    assert newest(moved_office, "902").reason == (
        f"thay đổi {made['902'].restated} số liệu đã công bố ở bản 1 ngày 20/12/2024"
        " (nguồn tay được trích xuất lại lúc 08:00 22/12/2024)"
    )


DISTRICT = """
Nhận giải quyết – cột (3)             10    11    +1
Tiếp nhận trực tuyến – cột (4)        10    11    +1
Đã giải quyết – cột (7)               9     10    +1
Giải quyết trước hạn – cột (8)        7     8     +1
"""


def test_the_annex_lists_the_moved_cells_old_and_new(made_again: Office) -> None:
    found = content(made_again, TAY)
    rows = listed(found)
    columns = [
        tuple(part.strip() for part in line.split("  ") if part.strip()) for line in DISTRICT.strip().split("\n")
    ]
    assert [row[1:] for row in rows if row[0] == "Huyện Tây" and "cột" in row[1]] == columns
    assert [row[1:] for row in rows if row[0] == "Huyện Tây, lĩnh vực Hộ tịch" and "cột" in row[1]] == columns
    on_time = next(row for row in rows if row[1].startswith("A. "))
    assert on_time[2:] == ("77,78% (7/9)", "80,00% (8/10)", "+2,22 điểm %")
    assert not [row for row in rows if "Giải quyết quá hạn – cột (10)" in row], "(10) did not move"
    assert causes(found) == [
        (
            "Hệ thống huyện Tây",
            "Lần trích xuất (mã kiểm tra)",
            "08:00 16/12/2024 (l)",
            "08:00 22/12/2024 (beef0000)",
        )
    ]
    assert found is not None
    assert found.title == "Số liệu thay đổi so với bản đã công bố (bản 1, ngày 20/12/2024)"


def test_the_provinces_totals_come_first(made_again: Office) -> None:
    rows = listed(content(made_again))
    names = [row[0] for row in rows]
    assert names[0] == "Tỉnh Thử"
    assert rows[0][1:] == ("Nhận giải quyết – cột (3)", "40", "41", "+1")
    first_other = next(n for n, name in enumerate(names) if name != "Tỉnh Thử")
    assert "Tỉnh Thử" not in names[first_other:]
    assert {name for name in names if "Đông" in name} == set()


def test_page_1_says_so_in_one_line(made_again: Office) -> None:
    known = gather(made_again.engine, province=PROVINCE, period=PERIOD, as_of=AS_OF, sources=SOURCES)
    told = [answer.alert for answer in build_context(known, unit=TAY).answers if answer.question == "Thay đổi"]
    ((line,),) = told
    assert line.startswith(f"Bản này thay đổi {len(listed(content(made_again, TAY)))} số liệu đã công bố ở bản 1")
    east = build_context(known, unit=PROVINCE.units.by_agency("T.2"))
    assert [a.alert for a in east.answers if a.question == "Thay đổi"] == [()]


def test_what_moved_applied_to_what_was_published_is_what_stands(made_again: Office) -> None:
    was, now = (kept_by(made_again.engine, PERIOD.id, KEYS["902"], number) for number in (1, 2))
    assert was is not None
    assert now is not None
    assert (now.restates and now.restates.version, was.restates) == (1, None)
    column = Cell("T.3", "tree", "Hộ tịch", "column_8")
    assert (was.figures[column], now.figures[column]) == (Counts(7), Counts(8))
    assert len(moved(was.figures, now.figures)) == len(listed(content(made_again, TAY)))


def test_a_rerun_without_a_change_makes_no_version_before_or_after_publishing(moved_office: Office) -> None:
    made = moved_office.refresh()
    again = moved_office.refresh()
    assert not any(o.rendered for o in again.values())
    assert again["902"].restated == made["902"].restated, "it is told until the version is published"
    publish(moved_office, "56", "902")
    after = moved_office.refresh()
    assert not any(o.rendered for o in after.values()), "the annex of the published version stays in it"
    assert not any(o.restated for o in after.values())
    assert versions(after) == {"56": 2, "901": 1, "902": 2}


def test_figures_that_return_to_the_published_ones_need_no_annex(moved_office: Office) -> None:
    moved_office.refresh()
    moved_office.load("tay", read_at=READ_AT)
    made = moved_office.refresh()
    assert versions(made) == {"56": 3, "901": 1, "902": 3}
    assert content(moved_office) is None
    assert made["902"].restated == 0
    assert made["902"].sha256 == register.versions(moved_office.engine, PERIOD.id)[-3].sha256, "as version 1 was"


def test_a_second_correction_is_held_against_what_was_published_last(moved_office: Office) -> None:
    moved_office.refresh()
    publish(moved_office, "902")
    moved_office.load("tay", early=9, landing_id="0123", read_at=LATER)
    made = moved_office.refresh()
    assert (made["902"].version, made["902"].restates) == (3, 2)
    found = content(moved_office, TAY)
    assert listed(found)[0][1:] == ("Nhận giải quyết – cột (3)", "11", "12", "+1")
    assert (made["56"].version, made["56"].restates) == (3, 1), "of the province nothing newer was published"
    assert listed(content(moved_office))[0][1:] == ("Nhận giải quyết – cột (3)", "40", "42", "+2")


def test_after_a_withdrawal_the_one_before_it_counts(moved_office: Office) -> None:
    made = moved_office.refresh()
    publish(moved_office, "902")
    approvals.withdraw(moved_office.engine, newest(moved_office, "902"), WHO, reason="nhầm")
    again = moved_office.refresh()
    assert not any(o.rendered for o in again.values())
    assert (again["902"].restated, again["902"].restates) == (made["902"].restated, 1)


def test_a_unit_published_as_missing_goes_from_a_dash_to_a_number(office: Office) -> None:
    office.load("so")
    office.load("tay")
    office.fail("dong")
    office.refresh()
    publish(office, "56", "901", "902")
    office.load("dong")
    made = office.refresh()
    assert versions(made) == {"56": 2, "901": 2, "902": 1}
    east = PROVINCE.units.by_agency("T.2")
    rows = listed(content(office, east))
    assert ("Huyện Đông", "Nhận giải quyết – cột (3)", "–", "20", "–") in rows
    assert ("Huyện Đông", "Giải quyết quá hạn – cột (10)", "–", "4", "–") in rows
    assert [row[1:] for row in causes(content(office, east))] == [("Trạng thái", "LỖI", "đã tổng hợp")]
    assert newest(office, "901").reason.endswith("(nguồn dong nay đã có số liệu)")
    province = listed(content(office))
    assert ("Tỉnh Thử", "Nhận giải quyết – cột (3)", "20", "40", "+20") in province
    assert ("Huyện Đông", "Nhận giải quyết – cột (3)", "–", "20", "–") in province


def test_a_unit_that_is_missing_now_goes_from_a_number_to_a_dash(office: Office) -> None:
    office.load_all()
    office.refresh()
    publish(office, "902")
    office.fail("tay")
    office.refresh()
    assert ("Huyện Tây", "Nhận giải quyết – cột (3)", "10", "–", "–") in listed(content(office, TAY))


def test_a_long_list_is_cut_on_paper_and_says_so(made_again: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = listed(content(made_again))
    monkeypatch.setattr(restated, "PRINTED_AT_MOST", 3)
    cut = content(made_again)
    assert listed(cut) == whole[:3]
    assert cut is not None
    assert cut.tables[0].notes[0].text.startswith(f"Còn {len(whole) - 3} số liệu khác thay đổi")


def test_a_report_asked_for_once_is_renewed_once_it_is_published(office: Office) -> None:
    office.load_all()
    office.refresh(units=[PROVINCE.units.by_agency("T.21")])
    assert "911" not in office.refresh()
    publish(office, "911")
    office.load("dong", early=9, read_at=LATER)
    made = office.refresh()
    assert (made["911"].version, made["911"].restates) == (2, 1)


def test_a_version_of_an_older_cchc_gets_its_figures_once_it_is_made_again(office: Office) -> None:
    office.load_all()
    office.refresh()
    with writing(office.engine) as connection:
        connection.execute(text("DELETE FROM report_figures"))
    publish(office, "902")
    assert content(office, TAY) is None, "nothing to compare with"
    made = office.refresh()
    assert not any(o.rendered for o in made.values())
    office.load("tay", early=8, read_at=LATER)
    assert office.refresh()["902"].restates == 1


def test_the_same_history_gives_the_same_pages(made_again: Office, office: Office) -> None:
    made = with_moved_figures(office).refresh()
    assert {o.sha256 for o in made.values()} == {newest(made_again, code).sha256 for code in made}


def test_the_annex_can_be_set(made_again: Office, tmp_path: Path) -> None:
    known = gather(made_again.engine, province=PROVINCE, period=PERIOD, as_of=AS_OF, sources=SOURCES)
    report = tmp_path / "902.pdf"
    render_pdf(build_context(known, unit=TAY), report)
    said = " ".join(sheet.text for sheet in sheets(report))
    assert "SỐ LIỆU THAY ĐỔI SO VỚI BẢN ĐÃ CÔNG BỐ (BẢN 1, NGÀY 20/12/2024)" in said


def test_no_published_version_is_ever_written_over(moved_office: Office) -> None:
    first = {v.path: v.sha256 for v in register.versions(moved_office.engine, PERIOD.id)}
    moved_office.refresh()
    moved_office.load("tay", early=9, read_at=LATER)
    moved_office.refresh()
    for version in register.versions(moved_office.engine, PERIOD.id):
        assert publications.file_is_registered(version)
        assert first.get(version.path, version.sha256) == version.sha256


def test_why_is_not_known_where_nothing_else_differs(made_again: Office) -> None:
    """A figure moved, and source, rules, catalogue are as they were: it is said, not explained away."""
    known = gather(made_again.engine, province=PROVINCE, period=PERIOD, as_of=AS_OF, sources=SOURCES)
    scope = scope_of(known, TAY)
    same = [replace(p, kept=replace(p.kept, basis=basis_of(known, scope))) for p in known.published]
    found = restated.content(replace(known, published=tuple(same)), Origin(scope, PERIOD, known.spans))
    assert found is not None
    assert "Chưa rõ nguyên nhân: " in found.paragraphs[0]
    assert len(found.tables) == 1


def approve(office: Office, code: str) -> ReportVersion:
    version = newest(office, code)
    approvals.check(office.engine, version, Officer("Trần Văn Hải"))
    approvals.approve(office.engine, version, WHO)
    return version


def test_an_approved_version_stays_and_the_newer_one_says_how_far_it_differs(office: Office) -> None:
    office.load_all()
    office.refresh()
    approved = approve(office, "902")
    assert office.refresh()["902"].beside is None, "it is the newest itself"
    office.load("tay", early=8, landing_id="beef0000cafe", read_at=LATER)
    made = office.refresh()
    assert (made["902"].version, made["902"].beside is not None, made["901"].beside) == (2, True, None)
    was, now = (kept_by(office.engine, PERIOD.id, KEYS["902"], number) for number in (1, 2))
    assert was is not None
    assert now is not None
    count = len(moved(was.figures, now.figures))
    assert made["902"].beside == BesideApproved(1, count)
    reason = newest(office, "902").reason
    assert f"mới hơn bản 1 đã duyệt, chưa công bố: {count} số liệu khác; bản đã duyệt giữ nguyên" in reason
    assert publications.file_is_registered(approved)
    assert office.refresh()["902"].beside == BesideApproved(1, count), "told until a person has decided"
    approvals.unlock(office.engine, approved, WHO, reason="dùng bản 2")
    assert office.refresh()["902"].beside is None

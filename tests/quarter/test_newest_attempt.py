"""What the commands say of a source whose newest reading failed: nothing of an older one as if it were of now."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli import console
from cli import export as export_command
from cli.compare import compare
from cli.export import What
from cli.feedback import feedback
from cli.quarantine import list_quarantine, show
from cli.rates import rates
from cli.status import status
from contracts.errors import SourceError, UsageError
from reporting.context import build_context
from reporting.feedback.gather import gather as feedback_of
from reporting.feedback.sheet import page_of
from reporting.gather import gather
from tests.quarter.stages import Stages, stages
from tests.quarter.test_planning import DOSSIER, load, place
from warehouse import ledger

__all__ = ["stages"]
pytestmark = pytest.mark.xdist_group("newest attempt")


def sound(agency: str, first: int, end: int) -> list[dict[str, str]]:
    each = {**DOSSIER, "MaCoQuanTiepNhan": agency}
    return [{**each, "MaHoSo": f"000.00.{agency[-2:]}.H32-240801-{n:04}"} for n in range(first, end)]


def undated(agency: str, first: int, end: int) -> list[dict[str, str]]:
    """Done, without the day on which."""
    return [{**row, "TrangThai": "9"} for row in sound(agency, first, end)]


@pytest.fixture(autouse=True)
def after_failing(monkeypatch: pytest.MonkeyPatch, stages: Stages) -> None:
    monkeypatch.setattr(console.out, "width", 180)
    monkeypatch.setenv("CCHC_NOW", "2024-12-16T08:00:00+07:00")
    stages.reach("after failing", fail)


def fail() -> None:
    """cam-lam was read with a defect, and then could not be reached; khanh-son was refused; cam-ranh stands."""
    at = place()
    engine, _ = load(at, "cam-lam", rows=[*sound("H32.32", 0, 200), *undated("H32.32", 200, 201)])
    load(at, "cam-ranh", rows=[*sound("H32.31", 0, 200), *undated("H32.31", 200, 201)])
    with pytest.raises(SourceError, match="quá mức cho phép"):
        load(at, "khanh-son", rows=[*sound("H32.37", 0, 150), *undated("H32.37", 150, 200)])
    ledger.mark_failed(engine, "2024Q4", "khanh-son", kind="SourceError", error="quá mức cho phép", advice="")
    ledger.begin_attempt(engine, "2024Q4", "cam-lam")
    ledger.mark_failed(engine, "2024Q4", "cam-lam", kind="SourceUnreachable", error="không kết nối", advice="")


def line(shown: str, name: str) -> str:
    return next(" ".join(line.split()) for line in shown.splitlines() if line.split()[:1] == [name])


def test_the_list_says_that_it_is_of_an_earlier_reading(capsys: pytest.CaptureFixture[str]) -> None:
    list_quarantine("2024Q4")
    shown = capsys.readouterr().out
    assert line(shown, "cam-lam") == "cam-lam 1 danh sách của lần đọc trước; lần mới nhất: LỖI"
    assert line(shown, "khanh-son") == "khanh-son 200 150 50 nguồn bị dừng, không được tính"
    assert line(shown, "cam-ranh") == "cam-ranh 201 200 1"


def test_the_machine_is_told_it_too(capsys: pytest.CaptureFixture[str]) -> None:
    list_quarantine("2024Q4", as_json=True)
    listed = {s["id"]: s for s in json.loads(capsys.readouterr().out)["sources"]}
    assert {name: s["from_earlier_reading"] for name, s in listed.items() if s["rules"]} == {
        "cam-lam": True,
        "cam-ranh": False,
        "khanh-son": False,
    }
    assert (listed["cam-lam"]["rows"], listed["cam-ranh"]["rows"]) == (None, 201)


def test_the_single_dossiers_say_it(capsys: pytest.CaptureFixture[str]) -> None:
    show("2024Q4", source=["cam-lam", "cam-ranh"], limit=50)
    told = "".join(capsys.readouterr())
    assert "LƯU Ý cam-lam: danh sách của lần đọc trước; lần mới nhất: LỖI" in told
    assert "LƯU Ý cam-ranh" not in told


def test_a_rule_that_does_not_exist_is_no_rule_without_dossiers() -> None:
    with pytest.raises(UsageError, match="không có quy tắc «dates") as refused:
        show("2024Q4", rule="dates.readible")
    assert refused.value.advice == "xem tên các quy tắc bị vi phạm: cchc quarantine list 2024Q4"


def test_the_return_s_table_does_not_mix_rows_with_kinds_of_errors(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """200 rows to mend for one reason: «1» under «Phải sửa» would be read as one dossier."""
    feedback("2024Q4", out_folder=tmp_path)
    head = capsys.readouterr().out.split("─")[0]
    assert "Loại lỗi" in head
    assert "Loại cảnh báo" in head
    assert "Phải sửa" not in head


def test_an_exported_quarantine_says_what_it_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The refused source's rows are in it: «not included» would be untrue of them."""
    export_command.export("2024Q4", What.REJECTED, tmp_path / "x.csv")
    told = capsys.readouterr().err
    assert "Chưa gồm số liệu của nguồn" not in told
    assert "Nguồn không được tính, danh sách theo lần kiểm tra gần nhất: cam-lam, khanh-son" in told
    assert "Nguồn chưa được kiểm tra lần nào: dien-khanh" in told


def test_the_state_has_no_count_of_a_reading_that_is_over(capsys: pytest.CaptureFixture[str]) -> None:
    status("2024Q4")
    shown = capsys.readouterr().out
    assert line(shown, "cam-lam") == "cam-lam LỖI 2"
    assert line(shown, "khanh-son").startswith("khanh-son LỖI 1 200 150 50 16/12/2024")


def test_the_comparison_names_the_sources_that_are_not_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    load(place("2024Q3"), "cam-ranh")
    load(place(), "cam-ranh")
    capsys.readouterr()
    compare("2024Q4")
    told = " ".join(capsys.readouterr().out.split())
    assert "kỳ này chưa có số liệu: cam-lam, dien-khanh, khanh-son, " in told
    compare("2024Q4", as_json=True)
    left_out = json.loads(capsys.readouterr().out)["continuity"]["left_out"]
    assert left_out["cam-lam"] == left_out["khanh-son"] == "kỳ này chưa có số liệu"
    assert "cam-ranh" not in left_out


def test_whoever_misses_a_report_is_told_where_to_look(capsys: pytest.CaptureFixture[str]) -> None:
    rates("2024Q4")
    assert "Vì sao, liên hệ ai: cchc status 2024Q4" in capsys.readouterr().out


def test_page_1_names_a_missing_source_once(tmp_path: Path) -> None:
    """The clause follows the source's name in the report, on the quality page and in the return."""
    at = place()
    engine, source = at.open_warehouse(), at.source("cam-lam")
    error = f"{source.name}: không kết nối được cơ sở dữ liệu"
    ledger.mark_failed(engine, "2024Q4", "cam-lam", kind="SourceUnreachable", error=error, advice="")
    given = gather(engine, province=at.province, period=at.period, as_of=at.as_of, sources=at.sources())
    said = [line for answer in build_context(given, unit=None).answers for line in answer.alert]
    (alert,) = [line for line in said if "huyện Cam Lâm" in line]
    assert "Chưa gồm số liệu của huyện Cam Lâm: không kết nối được cơ sở dữ liệu. Nguồn: " in alert
    assert alert.count(source.name) == 1
    returned = feedback_of(
        engine, province=at.province, period=at.period, source=source, sources=at.sources(), counted_root=tmp_path
    )
    assert page_of(returned).opening[0] == "Nguyên nhân: không kết nối được cơ sở dữ liệu."

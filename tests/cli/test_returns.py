"""cchc returns, as it is read on a screen."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from cli import returns
from cli.console import err, out
from contracts.errors import Exit, UsageError
from tests.returns.conftest import MakeOffice, office
from tests.returns.filling import NOT_YET
from tests.returns.whole_way import Office

__all__ = ["office"]


@pytest.fixture
def one(office: MakeOffice, monkeypatch: pytest.MonkeyPatch) -> Office:
    for console in (out, err):
        monkeypatch.setattr(console, "_width", 260)
    return office()


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().out.split())


def test_forms_are_counted(one: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    returns.template("2024Q4", unit=None, out_folder=tmp_path / "phieu")
    assert said(capsys).startswith("XONG 5 phiếu trong ")
    assert len(list((tmp_path / "phieu" / "2024Q4").iterdir())) == 5


def test_each_file_is_told_with_its_findings(one: Office, capsys: pytest.CaptureFixture[str]) -> None:
    right = one.filled("H99.31", {"staff_quota": 120, "satisfaction": NOT_YET})
    wrong = one.filled("H99.02", {"staff_quota": "1.234"})
    with pytest.raises(typer.Exit) as left:
        returns.add([right, wrong])
    assert left.value.exit_code == Exit.STOPPED_BY_CHECK
    told = said(capsys)
    for what in (
        "NHẬN H99.31-1.xlsx – Huyện Khánh Sơn, Quý IV năm 2024: lần 1, 1 chỉ tiêu có trả lời, 48 chưa có",
        "TRẢ LẠI H99.02-2.xlsx – Sở Nội vụ, Quý IV năm 2024: không lưu gì từ phiếu này",
        "Lỗi 4. Chế độ công vụ!G7: Biên chế công chức được giao, năm báo cáo: «1.234» là chữ, không phải số",
        "Nhận 1 phiếu, trả lại 1 phiếu",
    ):
        assert what in told
    returns.add([right])
    assert "ĐÃ CÓ H99.31-1.xlsx" in said(capsys)


def test_who_has_sent_what(one: Office, capsys: pytest.CaptureFixture[str]) -> None:
    one.take("H99.31", {"staff_quota": 120, "satisfaction": NOT_YET})
    returns.list_units("2024Q4")
    told = said(capsys)
    assert "H99.31 Huyện Khánh Sơn nhận 16/12/2024 08:00 1 1 48" in told
    assert "H99.02 Sở Nội vụ chưa nhận 48" in told
    assert "Đã nhận 1/5 phiếu" in told


def test_one_return_with_its_evidence(one: Office, capsys: pytest.CaptureFixture[str]) -> None:
    one.take("H99.31", {"staff_quota": {6: 120, 8: "QĐ 12"}, "satisfaction": NOT_YET})
    returns.show("2024Q4", unit="575")
    told = said(capsys)
    assert "Lập: Nguyễn Văn A, chuyên viên, ngày 15/12/2024; duyệt: Trần Thị B, Trưởng phòng" in told
    assert "Biên chế công chức được giao, năm báo cáo người 120 QĐ 12" in told
    with pytest.raises(UsageError, match="chưa nhận phiếu"):
        returns.show("2024Q4", unit="H99.02")
    with pytest.raises(UsageError, match="không có đơn vị"):
        returns.show("2024Q4", unit="H98")


def test_what_changed_who_changed_it_and_when(one: Office, capsys: pytest.CaptureFixture[str]) -> None:
    one.take("H99.31", {"staff_quota": 120, "documents_exchanged": (97, 100)})
    returns.changes("2024Q4")
    assert "không có chỉ tiêu nào thay đổi" in said(capsys)
    one.take("H99.31", {"staff_quota": 118, "documents_exchanged": (970, 1000), "plan_issued": {6: "Có", 8: "KH 67"}})
    one.take("H99.31", {"staff_quota": 118, "documents_exchanged": (970, 1000), "plan_issued": {6: "Có", 8: "KH 68"}})
    one.take("H99.02", {"staff_quota": 40})
    returns.changes("2024Q4")
    told = said(capsys)
    for what in (
        "Biên chế công chức được giao, năm báo cáo 120 118 2 Nguyễn Văn A",
        "97,00% (97/100) 97,00% (970/1.000) 2",
        "Chưa trả lời Có 2",
        "Có [KH 67; không ghi chú] Có [KH 68; không ghi chú] 3",
    ):
        assert what in told, told
    returns.changes("2024Q4", unit="H99.02")
    assert "không có chỉ tiêu nào thay đổi" in said(capsys)

"""cchc verify: a file or a printed code is told from one that is not ours, by the register alone."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from cli.console import err, out
from cli.main import app
from cli.status import status
from contracts.errors import Exit, UsageError
from flows.verify import NotAsPrinted
from warehouse import approvals, owner, register, signed_copies
from warehouse.approval_rule import Officer
from warehouse.database import open_warehouse
from warehouse.register import ReportVersion
from warehouse.report_files import ReportFile

CODE = {1: "3fa901bc" + "0" * 56, 2: "3fa901bc" + "1" * 56, 3: "99ee0011" + "2" * 56}


class Shelf:
    """A register with reports of the province and of one district."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "khanh-hoa"
        self.folder.mkdir(parents=True)
        self.engine: Engine = open_warehouse(f"sqlite:///{(self.folder / 'warehouse.sqlite').resolve()}")
        owner.claim(self.engine, "khanh-hoa")

    def put(self, number: int, *, scope: str = "province", unit: str = "56") -> ReportVersion:
        path = self.folder / f"bao-cao-{unit}-v{number}.pdf"
        path.write_bytes(f"%PDF {unit} {number} Mã kiểm chứng {CODE[number]} …".encode())
        book = path.with_suffix(".xlsx")
        book.write_bytes(f"PK {unit} {number}".encode())
        return register.add(
            self.engine,
            period_id="2024Q4",
            scope=scope,  # type: ignore[arg-type]
            unit_code=unit,
            path=str(path),
            sha256=sum_of(path),
            pages=23,
            input_digest=CODE[number],
            reason="bản đầu tiên của kỳ",
            files=lambda _: [ReportFile("workbook", str(book), sum_of(book), book.stat().st_size)],
        )


def sum_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    monkeypatch.setenv("CCHC_HOME", str(tmp_path))
    monkeypatch.setenv("CCHC_NOW", "2024-12-16T08:00:00+07:00")
    for console in (out, err):
        monkeypatch.setattr(console, "_width", 80)
    return Shelf(tmp_path)


def told(*words: str) -> str:
    result = CliRunner().invoke(app, ["verify", *words], catch_exceptions=False)
    assert result.exit_code == Exit.DONE
    return result.output


def refused(*words: str) -> NotAsPrinted | UsageError:
    result = CliRunner().invoke(app, ["verify", *words])
    assert isinstance(result.exception, NotAsPrinted | UsageError), result.output
    return result.exception


def test_a_file_is_told_with_its_report_and_what_became_of_it(shelf: Shelf) -> None:
    first = shelf.put(1)
    assert told(first.path).splitlines()[:4] == [
        "ĐÚNG TỆP: báo cáo Quý IV năm 2024 của tỉnh Khánh Hòa, bản 1",
        "  Là tệp PDF của báo cáo, đúng từng byte.",
        "  In lúc 08:00 ngày 16/12/2024; là bản mới nhất.",
        "  Chưa công bố: chưa có bản nào của báo cáo này được công bố.",
    ]
    approvals.check(shelf.engine, first, Officer("Lê Thị B"))
    approvals.approve(shelf.engine, first, Officer("Nguyễn Văn A"))
    assert "Chưa công bố" in told(first.path), "approved is not published"
    approvals.publish(shelf.engine, first, Officer("Nguyễn Văn A"))
    assert "Đang công bố (từ ngày 16/12/2024)." in told(first.path)
    second = shelf.put(2)
    assert "đã có bản mới hơn: bản 2." in told(first.path)
    assert "Không phải bản đang công bố: đang công bố bản 1." in told(second.path)
    assert second.sha256 in told(second.path)


def test_whatever_lies_beside_a_report_is_known_too(shelf: Shelf, tmp_path: Path) -> None:
    version = shelf.put(1, scope="unit", unit="570")
    moved = Path(version.path).with_suffix(".xlsx").rename(tmp_path / "tai-ve (1).xlsx")
    assert "báo cáo Quý IV năm 2024 của huyện Cam Lâm, bản 1" in told(str(moved))
    assert "Là bảng số liệu, đúng từng byte." in told(str(moved))
    signed = tmp_path / "da-ky.pdf"
    signed.write_bytes(Path(version.path).read_bytes() + b"signature")
    copy = {"sha256": sum_of(signed), "size": 1, "by_whom": "Văn thư", "verdict": "{}"}
    signed_copies.add(shelf.engine, version, path=lambda: str(signed), **copy)  # type: ignore[arg-type]
    assert "Là bản đã ký số, đúng từng byte." in told(str(signed))


def test_an_altered_copy_names_the_report_that_it_was_made_of(shelf: Shelf, tmp_path: Path) -> None:
    version = shelf.put(1)
    altered = tmp_path / "sua.pdf"
    altered.write_bytes(Path(version.path).read_bytes() + b" ")
    error = refused(str(altered))
    assert error.exit_code == Exit.STOPPED_BY_CHECK
    assert "ghi mã kiểm chứng của báo cáo Quý IV năm 2024 của tỉnh Khánh Hòa, bản 1" in error.cause
    assert "đã bị sửa" in error.cause
    assert version.path in error.advice


def test_a_file_of_somebody_else_is_not_ours(shelf: Shelf, tmp_path: Path) -> None:
    shelf.put(1)
    for content in (b"%PDF something", f"Mã kiểm chứng {'e' * 64}".encode(), b""):
        (tmp_path / "la.pdf").write_bytes(content)
        error = refused(str(tmp_path / "la.pdf"))
        assert error.exit_code == Exit.STOPPED_BY_CHECK
        assert "không có trong sổ báo cáo của" in error.cause


def test_the_code_on_paper_finds_the_version_however_it_is_typed(shelf: Shelf) -> None:
    shelf.put(1)
    shelf.put(2)
    code = CODE[2].upper()
    groups = [code[n : n + 4] for n in range(0, 64, 4)]
    for words in ([code], groups, [" ".join(groups)], ["-".join(groups[:4])]):
        said = told(*words)
        assert "CÓ BÁO CÁO NÀY: báo cáo Quý IV năm 2024 của tỉnh Khánh Hòa, bản 2" in said
        assert "bản 1" not in said.split("Lưu tại")[0]
        assert "so từng số với tệp trên" in said
    assert told("3fa901bc").count("CÓ BÁO CÁO NÀY") == 2, "what two begin with is both"


@pytest.mark.parametrize(
    ("typed", "exit_code", "said"),
    [
        ("99ee0011", Exit.STOPPED_BY_CHECK, "không có báo cáo nào"),
        ("3fa9", Exit.USAGE, "cũng không phải mã kiểm chứng"),
        ("khong-co.pdf", Exit.USAGE, "không phải là tệp có thật"),
        ("3fa901b%", Exit.USAGE, "cũng không phải mã kiểm chứng"),
    ],
)
def test_what_is_no_code_and_no_file_is_refused(shelf: Shelf, typed: str, exit_code: Exit, said: str) -> None:
    shelf.put(1)
    error = refused(typed)
    assert error.exit_code == exit_code
    assert said in error.cause


def test_for_machines(shelf: Shelf) -> None:
    version = shelf.put(1, scope="unit", unit="570")
    (one,) = json.loads(told(version.path, "--json"))
    assert (one["unit"], one["version"], one["kind"], one["is_newest"]) == ("huyện Cam Lâm", 1, "report", True)
    assert (one["sha256"], one["code"]) == (version.sha256, CODE[1])


def test_status_tells_every_file_short_and_whole(shelf: Shelf, capsys: pytest.CaptureFixture[str]) -> None:
    version = shelf.put(1)
    book = Path(version.path).with_suffix(".xlsx")
    status("2024Q4", as_files=True)
    assert capsys.readouterr().out.splitlines() == [f"{sum_of(p)}  {p}" for p in (Path(version.path), book)]
    status("2024Q4")
    shown = capsys.readouterr().out
    line = f"    SHA-256: PDF {version.sha256[:8]}…, bảng số liệu {sum_of(book)[:8]}…"
    assert line in shown.splitlines()
    assert len(line) <= 80
    status("2024Q4", as_json=True)
    (report,) = json.loads(capsys.readouterr().out)["reports"]
    assert report["code"] == CODE[1]
    assert report["files"] == [{"kind": "workbook", "path": str(book), "sha256": sum_of(book), "size": 7}]

"""A published table is checked before it is cited: what was published of two provinces, as it stood."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.main import main

PUBLISHED = """name,received,resolved,on_time,overdue,open
Lâm Đồng quý I/2020,659.245,643.272,635.593,7.677,7.172
"TP.HCM, cấp huyện, quý I/2018",,585336,585116,220,
"""


def check(path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("sys.argv", ["cchc", "published", "check", str(path)])
    with pytest.raises(SystemExit) as left:
        main()
    return int(str(left.value.code))


def test_what_does_not_add_up_is_told_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cong-bo.csv"
    path.write_text(PUBLISHED, encoding="utf-8")
    assert check(path, monkeypatch) == 4
    said = capsys.readouterr().out
    assert said.count("KHÔNG KHỚP Lâm Đồng quý I/2020") == 2
    assert "TP.HCM" not in said
    assert "1 trong 2 dòng khớp" in said


def test_a_table_that_adds_up_passes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cong-bo.csv"
    path.write_text("\n".join(PUBLISHED.splitlines()[::2]), encoding="utf-8")
    assert check(path, monkeypatch) == 0
    assert "1 trong 1 dòng khớp" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,received\n", "cần ít nhất một dòng"),
        ("name,khac\nA,1\n", "received, resolved"),
        ("received\n1\n", "thiếu cột name"),
        ('name,received\nA,"659,245"\n', "«659,245» không phải là số hồ sơ"),
        ("name,received\nA,65.92\n", "«65.92»"),
        ("name,received\nA,-5\n", "«-5»"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    path = tmp_path / "cong-bo.csv"
    path.write_text(text, encoding="utf-8")
    assert check(path, monkeypatch) == 2
    assert said in " ".join(capsys.readouterr().err.split())

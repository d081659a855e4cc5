"""What cchc compare prints: a unit a line, figures as officers write them, the sign of each change."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from cli import console
from cli.compare import _changes, _show_carried, _show_changes, _units, compare
from contracts.comparisons import COUNTS, DEVIATION_COLUMNS, REASONS
from contracts.errors import UsageError
from contracts.periods import parse_period
from contracts.province import read_province
from contracts.settings import REPOSITORY
from flows.continued import Continued
from flows.unusual import Unusual

TREE = read_province(REPOSITORY / "provinces" / "khanh-hoa").units
CONTINUED = Continued(
    before=parse_period("2024Q3"),
    units=pd.DataFrame(
        [("cam-lam", "H32.32", 1300, 1298), ("cam-lam", "H32.32.01", 7, 7), ("cam-lam", "H32.99", 1, 0)],
        columns=["source_id", "agency_code", "previous_open", "carried_over"],
    ),
    dossiers=pd.DataFrame(
        [
            *[("cam-lam", "not_carried", f"H32.32-240801-{n:04}", "H32.32", "gone") for n in range(3)],
            ("cam-lam", "not_open", "H32.32-240801-0009", "H32.32", "was_absent"),
            ("cam-lam", "not_carried", "H32.99-240801-0001", "H32.99", "deleted"),
        ],
        columns=["source_id", "kind", "dossier_code", "agency_code", "reason"],
    ),
    compared=frozenset({"cam-lam"}),
    left_out={"so-nganh": "chưa có số liệu kỳ trước (2024Q3)"},
)
CHANGES = pd.DataFrame([("H32.32", "resolved", 1200, 90), ("H32.32", "open", 10, 90)], columns=list(DEVIATION_COLUMNS))


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row is a line, whatever the terminal of whoever runs the tests."""
    monkeypatch.setattr(console.out, "width", 200)


def lines(shown: str) -> list[str]:
    return [" ".join(line.split()) for line in shown.splitlines() if line.strip()]


def test_a_unit_whose_dossiers_differ_is_a_line_and_the_total_has_all(capsys: pytest.CaptureFixture[str]) -> None:
    """H32.32.01 agrees; H32.99 is no longer in the list of agencies, and has no name."""
    _show_carried(CONTINUED, _units(CONTINUED, TREE))
    shown = capsys.readouterr().out
    assert {
        "cam-lam Huyện Cam Lâm 1.300 1.298 -2 3 không còn trong dữ liệu đọc được; 1 kỳ trước chưa có trong dữ liệu",
        "cam-lam H32.99 1 0 -1 1 đã xóa trong hệ thống",
        "Cộng 3 đơn vị 1.308 1.305 -3",
    } <= set(lines(shown))
    assert "H32.32.01" not in shown and "-240801-" not in shown
    assert "chưa có số liệu kỳ trước (2024Q3): so-nganh" in shown
    assert all(REASONS[reason].sentence in shown for reason in ("gone", "was_absent", "deleted"))


def test_a_change_has_its_sign(capsys: pytest.CaptureFixture[str]) -> None:
    unusual = Unusual(parse_period("2023Q4"), frozenset({"H32.32", "H32.30"}), CHANGES)
    _show_changes(unusual, _changes(unusual, TREE))
    shown = lines(capsys.readouterr().out)
    assert f"Huyện Cam Lâm {COUNTS['resolved'].label} 1.200 90 -1.110" in shown
    assert f"Huyện Cam Lâm {COUNTS['open'].label} 10 90 +80" in shown
    assert any(line.startswith("2 đơn vị so sánh được với cùng kỳ năm trước (2023Q4)") for line in shown)


def test_without_a_change_it_says_how_many_units_were_looked_at(capsys: pytest.CaptureFixture[str]) -> None:
    unusual = Unusual(parse_period("2023Q4"), frozenset({"H32.32"}), CHANGES.iloc[:0])
    _show_changes(unusual, [])
    assert "1 đơn vị so sánh được" in capsys.readouterr().out


@pytest.mark.parametrize(("name", "as_json"), [("x.txt", False), ("x.csv", True)])
def test_a_file_that_cannot_be_meant_is_refused_before_anything_is_read(
    tmp_path: Path, name: str, *, as_json: bool
) -> None:
    with pytest.raises(UsageError):
        compare("2024Q4", out_file=tmp_path / name, as_json=as_json)
    assert list(tmp_path.iterdir()) == []

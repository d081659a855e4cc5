"""The command itself: as an operator and as monitoring see it; what hangs holds nobody up; looking changes nothing."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from cli.doctor.bounded import Check, told
from cli.doctor.checks import checks
from cli.doctor.database import Warehouse
from cli.doctor.systems import systems
from contracts.errors import SourceUnreachable
from contracts.fitness import Fit, good
from contracts.settings import REPOSITORY
from tests.quarter.command import Office
from tests.quarter.moved import configure, province
from tests.servers.relay import silent

ENGLISH = re.compile(r"\b(error|failed|missing|check|warning|good|not|found|unknown|denied|timeout)\b", re.IGNORECASE)


def test_a_check_that_hangs_is_told_and_the_others_are_not_held_up() -> None:
    def hang() -> Any:
        threading.Event().wait()  # for ever

    first, second = told([Check("a", "Ổ mạng", hang, 0.2, "gắn lại ổ"), Check("b", "Khác", lambda: good("được"))])
    assert (first.found.state, first.found.said, first.found.advice) == (
        Fit.ERROR, "không trả lời trong 0 giây", "gắn lại ổ"
    )  # fmt: skip
    assert first.hung
    assert second.found == good("được")


def test_what_a_check_raises_is_told_by_its_kind() -> None:
    def away() -> Any:
        raise SourceUnreachable("không có ai", source_id="a", advice="gọi điện")

    def full() -> Any:
        raise OSError(28, "No space left on device", "/srv")

    def bug() -> Any:
        raise KeyError("H32.15-241201-0001")

    found = [one.found for one in told([Check(name, name, look) for name, look in locals().items()])]
    assert [one.state for one in found] == [Fit.ERROR] * 3
    assert [one.said.partition(":")[0] for one in found[:2]] == ["không có ai", "ổ đĩa đã đầy"]
    assert found[2].said.startswith("lỗi của chính bước kiểm tra (KeyError tại tests/doctor/test_whole.py")
    assert "H32" not in found[2].said, "what stands in an exception may be a dossier"


def test_each_check_has_a_name_of_its_own_that_fits_its_column(home: Path) -> None:
    found = checks(local=False)
    assert len({check.id for check in found}) == len(found)
    assert all(len(check.name) < 18 for check in found if not check.id.startswith("source:"))
    assert not [check for check in checks(local=True) if check.id.startswith("source:")]


def test_a_source_is_asked_as_it_is_in_the_quarter_by_the_provinces_own_days(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its vendor's columns are called otherwise from 20 December; the calendar's quarter is cut off after that day."""
    folder = province(tmp_path, unit_reports=False, only={"cam-lam"})
    columns = folder / "vendors" / "a" / "column_map.csv"
    columns.write_text(
        columns.read_text(encoding="utf-8").replace("MaHoSo,,,", "MaHoSo,,2024-12-20,"), encoding="utf-8"
    )
    monkeypatch.setenv("CCHC_PROVINCE", str(folder))
    (early,) = systems(Warehouse())
    assert "column_map.csv" in early.look().said
    settings = folder / "province.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace('"nd09"', '"calendar"'), encoding="utf-8")
    (late,) = systems(Warehouse())
    assert "column_map.csv" not in late.look().said


@pytest.fixture
def office(khanh_hoa_unread: Office, tmp_path: Path) -> Office:
    """A province of three systems: one that answers, one that takes connections and says nothing, one that is gone."""
    folder = province(tmp_path, unit_reports=False, only={"cam-lam", "khanh-son", "van-ninh"})
    shutil.copytree(khanh_hoa_unread.systems, tmp_path / "systems")
    for file in (tmp_path / "systems" / "khanh-hoa").glob("van-ninh*"):
        file.unlink()
    (tmp_path / "home").mkdir(mode=0o750)
    settings = {"CCHC_SYSTEMS": str(tmp_path / "systems"), "COLUMNS": "80", "CCHC_SECRET_MOT_CUA_USER": "cchc"}
    return Office(tmp_path / "home", province=str(folder), settings=settings)


SILENT = """
kind = "postgresql"
address = "postgresql://127.0.0.1:{port}/motcua"
secret = "mot-cua"
[connection]
tls = "off"
[tables.dossiers]
from = '"HoSo"'
key = "Id"
[tables.pauses]
from = '"HoSoYeuCau"'
key = "Id"
"""
IMPATIENT = "import sys; from cli.doctor import systems; systems.SECONDS = 2.5; from cli.main import main; main()"


def test_an_operator_at_two_in_the_morning(office: Office) -> None:
    with silent() as port:
        configure(Path(office.province), "khanh-son", SILENT.format(port=port), formats={"table,": "table,"})
        done = subprocess.run(
            [sys.executable, "-c", IMPATIENT, "doctor"],
            cwd=REPOSITORY, env=surrounded(office), capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 2, done.stderr
    lines = done.stdout.splitlines()
    text = re.sub(r"\s+", " ", done.stdout)
    assert "tốt Nguồn cam-lam trả lời, đủ bảng và cột" in text
    assert re.search(r"LỖI Nguồn khanh-son không trả lời trong 2 giây → .* liên hệ ", text)
    assert "LỖI Nguồn van-ninh " in text
    assert "$ cchc sources check van-ninh" in text
    assert "LƯU Ý Đồng hồ đứng yên ở 08:00 16/12/2024 vì CCHC_NOW" in text
    assert re.fullmatch(r"2 lỗi, \d lưu ý, \d+ tốt · \d+,\d giây", lines[-1])
    assert not [line for line in lines if len(line) > 80 and not line.lstrip().startswith("$ ")]
    assert not [line for line in lines if line != line.rstrip()]
    assert not ENGLISH.search(re.sub(r"\$ .*", "", done.stdout).replace(str(office.home), ""))
    assert not list(office.home.rglob("*.sqlite")), "a look makes no warehouse"


def test_monitoring_reads_the_same(office: Office) -> None:
    shutil.rmtree(Path(office.province) / "sources" / "khanh-son")
    (Path(office.province) / "sources" / "van-ninh" / "source.toml").write_text("kind = 'sqlite'")
    said = json.loads(office.cchc("doctor", "--json", expect=2).stdout)
    assert said["state"] == "error"
    found = {check["id"]: check for check in said["checks"]}
    assert found["source:cam-lam"] == {
        "id": "source:cam-lam", "name": "Nguồn cam-lam", "state": "good",
        "said": "trả lời, đủ bảng và cột cần đọc", "advice": None, "command": None,
        "seconds": found["source:cam-lam"]["seconds"],
    }  # fmt: skip
    assert found["source:van-ninh"]["command"] == "cchc sources check van-ninh"
    assert [name for name, one in found.items() if one["state"] == "error"] == ["source:van-ninh"]


def surrounded(office: Office) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CCHC_", "PREFECT_"))}
    settings = {"CCHC_HOME": str(office.home), "CCHC_NOW": office.now, "CCHC_PROVINCE": office.province}
    return kept | settings | office.settings

"""Each check of the machine sees its defect: rights, room, clock, time zone, port."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import zoneinfo
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import Engine

from cli.doctor import clocks, folders, portal, room
from cli.doctor.database import Warehouse
from contracts.fitness import Fit
from contracts.settings import REPOSITORY
from tests.servers.http import JsonServer, as_json
from warehouse import runs

NOBODY = 65534


def test_a_home_that_is_ours_alone_is_good(home: Path) -> None:
    assert folders.home().state is Fit.GOOD
    assert not list(home.iterdir()), "nothing is left of the look"
    home.chmod(0o755)
    found = folders.home()
    assert (found.state, found.command) == (Fit.WARNING, f"chmod o-rwx {home}")


def test_a_home_where_nothing_can_be_written_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "file").touch()
    monkeypatch.setenv("CCHC_HOME", str(home / "file"))
    found = folders.home()
    assert found.state is Fit.ERROR
    assert f"không ghi được vào {home}/file" in found.said


def test_a_home_where_no_long_file_can_be_written_is_told() -> None:
    """A limit, a quota or a full disk lets an empty file pass."""
    asked = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000));"
        "from cli.doctor import folders, room; print(folders.home().said, '|', room.limits().said)"
    )
    with tempfile.TemporaryDirectory() as home:
        told = subprocess.run(
            [sys.executable, "-c", asked],
            cwd=REPOSITORY, env={"CCHC_HOME": home}, capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
    assert "tệp lớn quá mức hệ điều hành cho phép" in told
    assert "| mỗi tệp chỉ được dài 0 MB" in told


def test_what_another_account_left_there_is_found(home: Path, file: Path) -> None:
    if os.geteuid() == 0:
        os.chown(file, NOBODY, NOBODY)
    else:
        file.chmod(0o440)
    found = folders.home()
    assert found.state is Fit.ERROR
    assert str(file) in found.said
    assert found.command.startswith("chown -R ")


def test_root_is_told_whose_home_it_is(home: Path) -> None:
    if os.geteuid() != 0:
        assert folders.account().state is Fit.GOOD
        return
    os.chown(home, NOBODY, NOBODY)
    found = folders.account()
    assert (found.state, found.command) == (Fit.ERROR, "sudo -u nobody cchc doctor")


def test_secrets_that_others_can_read_are_told(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "secrets"
    assert folders.secrets().state is Fit.GOOD
    folder.mkdir(mode=0o700)
    (folder / "a.toml").touch(mode=0o600)
    assert folders.secrets().state is Fit.GOOD
    folder.chmod(0o755)
    assert folders.secrets().command == f"chmod 700 {folder}"
    (folder / "a.toml").chmod(0o640)
    found = folders.secrets()
    assert (found.state, found.command) == (Fit.ERROR, f"chmod 600 {folder}/*.toml")
    monkeypatch.setenv("CCHC_PROVINCE", str(tmp_path))
    assert "nằm trong thư mục cấu hình tỉnh" in folders.secrets().said


def test_a_disk_without_room_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert room.disk().state is not Fit.ERROR
    monkeypatch.setenv("CCHC_HOME", "/proc/home")  # a file system that has no room at all
    found = room.disk()
    assert found.state is Fit.ERROR
    assert "/proc chỉ còn 0 MB" in found.said
    monkeypatch.setattr(tempfile, "tempdir", "/proc")
    assert room.temporary().state is Fit.ERROR


def test_no_folder_for_temporary_files_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: ["/proc"])
    found = room.temporary()
    assert (found.said, found.command) == ("không có thư mục tạm nào ghi được", "chmod 1777 /tmp")


def test_the_room_that_is_needed_goes_by_the_largest_period(home: Path) -> None:
    assert room.largest_period() == (0, "")
    for part, size in (("landing/cam-lam/2024Q3/0123", 10), ("landing/cam-lam/2024Q4/4567", 10_000_000_000_000)):
        folder = home / "khanh-hoa" / part
        folder.mkdir(parents=True)
        with (folder / "dossiers-00000.parquet").open("wb") as sparse:
            sparse.truncate(size)
    found = room.disk()
    assert found.state is Fit.WARNING
    assert "(kỳ lớn nhất, 2024Q4, chiếm 10000,0 GB)" in found.said


def test_a_clock_that_stands_still_is_told(home: Path) -> None:
    found = clocks.clocks(Warehouse())
    assert (found.state, found.command) == (Fit.WARNING, "unset CCHC_NOW")
    assert "đứng yên ở 08:00 16/12/2024" in found.said


def test_a_clock_that_was_set_back_is_told(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    runs.begin(engine, "2024Q4", as_of=datetime(2024, 12, 14).date(), asked_by="command")
    monkeypatch.setenv("CCHC_NOW", "2024-12-16T07:59:00+07:00")
    assert clocks.clocks(Warehouse()).state is Fit.WARNING, "another machine may be a minute ahead"
    monkeypatch.setenv("CCHC_NOW", "2024-12-15T08:00:00+07:00")
    assert "kho đã có ghi chép lúc 08:00 16/12/2024: đồng hồ đã lùi (CCHC_NOW)" in clocks.clocks(Warehouse()).said
    monkeypatch.delenv("CCHC_NOW")
    with time_machine.travel(datetime(2024, 12, 15, tzinfo=UTC), tick=False):
        found = clocks.clocks(Warehouse())
    assert (found.state, found.command) == (Fit.ERROR, "timedatectl set-ntp true")
    with time_machine.travel(datetime(2000, 1, 2, tzinfo=UTC), tick=False):
        assert "chỉ 07:00 02/01/2000" in clocks.clocks(Warehouse()).said


@pytest.mark.parametrize(("off", "state"), [(60, Fit.WARNING), (-630, Fit.ERROR)])
def test_a_server_whose_clock_is_another_is_told(
    off: int, state: Fit, home: Path, postgres_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CCHC_WAREHOUSE_URL", postgres_database)
    warehouse = Warehouse()
    assert "PostgreSQL" not in clocks.clocks(warehouse).said
    with time_machine.travel(datetime.now(UTC) - timedelta(seconds=off)):
        found = clocks.clocks(warehouse)
    assert found.state is state
    way = "nhanh" if off > 0 else "chậm"
    about = "10 phút" if off < 0 else "(59|60|61) giây"  # to ask takes a moment itself
    assert re.search(f"máy chủ PostgreSQL {way} hơn máy này {about}", found.said)


@pytest.fixture
def zones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the data of time zones is looked for; nowhere else."""
    monkeypatch.setitem(sys.modules, "tzdata", None)
    zoneinfo.reset_tzpath([tmp_path])
    yield tmp_path
    zoneinfo.reset_tzpath()


def test_zones_without_ours_or_with_another_under_its_name_are_told(zones: Path) -> None:
    assert "không có dữ liệu múi giờ Asia/Ho_Chi_Minh" in clocks.zone().said
    (zones / "Asia").mkdir()
    (zones / "Asia" / "Ho_Chi_Minh").write_bytes(Path("/usr/share/zoneinfo/Asia/Tokyo").read_bytes())
    found = clocks.zone()
    assert (found.state, found.command) == (Fit.ERROR, "apt-get install --reinstall tzdata")
    assert "lệch UTC 9:00:00, phải là 7 giờ" in found.said
    zoneinfo.reset_tzpath()
    assert clocks.zone().state is Fit.GOOD


def test_without_data_of_zones_the_command_comes_far_enough_to_say_so(tmp_path: Path) -> None:
    (tmp_path / "tzdata.py").write_text("raise ImportError")
    asked = "from contracts import clock; print(clock.now().isoformat())"
    told = subprocess.run(
        [sys.executable, "-c", asked], cwd=REPOSITORY, capture_output=True, text=True, check=True,
        env={"PYTHONTZPATH": "", "PYTHONPATH": str(tmp_path), "CCHC_NOW": "2024-12-16T01:00:00+00:00"},
    ).stdout  # fmt: skip
    assert told.strip() == "2024-12-16T08:00:00+07:00"


def test_a_port_is_free_or_held_by_a_portal_or_by_somebody_else(home: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    assert f"cổng {port} còn trống" in portal.portal(port).said
    server = JsonServer()
    try:
        port = server.port
        for said, state in (
            ({"status": "ok", "database": "ok"}, Fit.GOOD),
            ({"status": "failing", "database": "ok", "disk": "failing"}, Fit.WARNING),
            ({"hello": 1}, Fit.ERROR),
        ):
            code = 503 if state is Fit.WARNING else 200
            server.script.append(lambda _server, _asked, said=said, code=code: as_json(said, code))
            found = portal.portal(port)
            assert found.state is state, found
        assert found.command == f"ss -ltnp 'sport = :{port}'"
    finally:
        server.stop()


def test_an_address_without_encryption_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCHC_PORTAL_URL", "http://baocao.khanhhoa.gov.vn")
    assert portal.portal(1).state is Fit.ERROR

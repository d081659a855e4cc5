"""Each check of the program sees its defect: packages, native libraries, fonts, telemetry."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from prefect.settings import PREFECT_SERVER_ANALYTICS_ENABLED, temporary_settings

from cli.doctor import native, printing, telemetry, versions
from cli.doctor.installed import brought_back
from contracts.fitness import Fit
from contracts.settings import REPOSITORY
from reporting.fonts import TEMPLATES
from tests.servers.http import JsonServer, as_json

FACE = "LiberationSerif-Bold.ttf"


def test_the_program_as_it_is_installed_is_fit() -> None:
    for check in (versions.python, versions.packages, native.native, printing.fonts, printing.page):
        found = check()
        assert found.state is Fit.GOOD, found


def test_a_package_of_another_version_is_told_with_the_one_that_is_locked(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text(f"{versions.LOCK.read_text()}\npandas==1.0.0 \\\n    --hash=sha256:0\nnone-such==2.0\n")
    found = versions.packages(lock)
    assert found.state is Fit.ERROR
    assert "(cần 1.0.0)" in found.said
    assert "none-such chưa cài" in found.said
    assert found.command == f"cd {REPOSITORY} && setup/environment requirements.lock"


@pytest.mark.parametrize(
    ("package", "installed", "harm"),
    [("sqlalchemy", "2.1.0", "không bao giờ lập lượt chạy"), ("fastapi", "0.155.1", "không khởi động được")],
)
def test_what_breaks_together_is_told_whatever_the_lock_says(
    package: str, installed: str, harm: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shadow = tmp_path / f"{package}-{installed}.dist-info"
    shadow.mkdir()
    (shadow / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {installed}\n")
    monkeypatch.syspath_prepend(tmp_path)
    lock = tmp_path / "requirements.lock"
    lock.write_text(f"{package}=={installed} \\\n")
    found = versions.packages(lock)
    assert found.state is Fit.ERROR
    assert harm in found.said
    assert installed in found.said


def test_a_library_that_is_no_library_is_told_with_the_packages(tmp_path: Path) -> None:
    """As after a broken upgrade of the system: the loader finds the file first, and cannot load it."""
    (tmp_path / "libpango-1.0.so.0").write_bytes(b"\x7fELF")
    asked = "from cli.doctor.native import native; found = native(); print(found.state, found.said, found.command)"
    told = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=REPOSITORY, env={"LD_LIBRARY_PATH": str(tmp_path)}, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert told.startswith("error không nạp được Pango")
    assert "apt-get install --no-install-recommends python3-venv libpango-1.0-0" in told


def test_a_package_of_the_system_that_is_not_installed_is_told(tmp_path: Path) -> None:
    wanted = tmp_path / "packages.txt"
    wanted.write_text("libc6\nlibnone-such0\n")
    found = native.native(wanted)
    assert (found.state, found.said) == (Fit.WARNING, "chưa cài gói libnone-such0")


@pytest.fixture
def faces(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TEMPLATES / "fonts", tmp_path / "fonts"))


def one_bit_off(face: Path) -> None:
    content = bytearray(face.read_bytes())
    content[len(content) // 2] ^= 1
    face.write_bytes(content)


def cut_short(face: Path) -> None:
    face.write_bytes(face.read_bytes()[:90_000])


def without_a_letter(face: Path) -> None:
    with TTFont(face) as font:
        for table in font["cmap"].tables:
            table.cmap.pop(ord("ế"), None)
        font.save(face)


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (Path.unlink, "không có tệp"),
        (one_bit_off, "tệp bị hỏng"),
        (cut_short, "tệp bị hỏng"),
        (without_a_letter, "thiếu chữ ế"),
        (lambda face: face.write_text("<html>404</html>"), "tệp bị hỏng"),
    ],
)
def test_a_face_that_cannot_print_is_named(damage: object, told: str, faces: Path) -> None:
    assert callable(damage)
    damage(faces / FACE)
    found = printing.fonts(faces)
    assert (found.state, found.said) == (Fit.ERROR, f"{FACE}: {told}")
    assert found.command == brought_back("report_templates/fonts").command


def test_a_file_of_the_program_comes_back_the_way_it_came(tmp_path: Path) -> None:
    """A folder that was unpacked of a release has no `.git`."""
    release = f"cchc-{version('cchc')}"
    unpacked = brought_back("report_templates/fonts", tmp_path)
    assert "gói phát hành" in unpacked.advice
    assert unpacked.command == (
        f"tar -xzf /root/{release}/{release}.tar.gz -C {tmp_path} --strip-components=1 {release}/report_templates/fonts"
    )
    (tmp_path / ".git").mkdir()
    cloned = brought_back("report_templates/fonts", tmp_path)
    assert "bản cài đặt" in cloned.advice
    assert cloned.command == f"cd {tmp_path} && git checkout -- report_templates/fonts"


def test_a_lock_that_is_gone_is_told(tmp_path: Path) -> None:
    found = versions.packages(tmp_path / "requirements.lock")
    assert (found.state, found.command) == (Fit.ERROR, brought_back("requirements.lock").command)


def test_the_command_for_a_release_brings_its_faces_back(tmp_path: Path) -> None:
    """As setup/release makes the archive: below a folder of its name."""
    release = f"cchc-{version('cchc')}"
    kept, installed = tmp_path / release / "report_templates" / "fonts", tmp_path / "opt" / "report_templates" / "fonts"
    shutil.copytree(TEMPLATES / "fonts", kept)
    shutil.copytree(TEMPLATES / "fonts", installed)
    (installed / FACE).unlink()
    archive = tmp_path / f"{release}.tar.gz"
    subprocess.run(["tar", "-C", tmp_path, "-czf", archive, release], check=True)
    command = brought_back("report_templates/fonts", tmp_path / "opt").command
    subprocess.run(["sh", "-c", command.replace(f"/root/{release}/{release}.tar.gz", str(archive))], check=True)
    assert printing.fonts(installed).state is Fit.GOOD


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As `flows` sets it before Prefect is imported, whatever was imported first here."""
    monkeypatch.setenv("DO_NOT_TRACK", "1")
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    with temporary_settings({PREFECT_SERVER_ANALYTICS_ENABLED: False}):
        yield


@pytest.mark.usefixtures("quiet")
def test_telemetry_is_what_the_libraries_make_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert telemetry.telemetry().state is Fit.GOOD
    with temporary_settings({PREFECT_SERVER_ANALYTICS_ENABLED: True}):
        assert telemetry.telemetry().said == "Prefect sẽ gửi thống kê sử dụng ra ngoài"
    monkeypatch.setenv("DO_NOT_TRACK", "0")
    (tmp_path / "posthog.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("GX_ANALYTICS_ENABLED", "true")
    found = telemetry.telemetry()
    assert found.said == "Prefect và Great Expectations sẽ gửi thống kê sử dụng ra ngoài"
    assert "DO_NOT_TRACK=1" in found.command


@pytest.mark.usefixtures("quiet")
def test_a_running_server_is_asked_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may have been started by hand, with settings of its own."""
    server = JsonServer()
    monkeypatch.setenv("PREFECT_API_URL", f"http://127.0.0.1:{server.port}/api")
    try:
        for reports, state in ((True, Fit.ERROR), (False, Fit.GOOD)):
            said = {"server": {"analytics_enabled": reports}}
            server.script.append(lambda _server, asked, said=said: as_json(said if "settings" in asked.path else {}))
            assert telemetry.telemetry().state is state
    finally:
        server.stop()


@pytest.mark.usefixtures("quiet")
def test_the_server_at_its_own_port_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a standard host: no address, and `cchc up` at the port of cchc.env."""
    server = JsonServer()
    monkeypatch.delenv("PREFECT_API_URL")
    monkeypatch.setenv("CCHC_PREFECT_PORT", str(server.port))
    server.then(lambda _server, _asked: as_json({"server": {"analytics_enabled": True}}))
    try:
        assert telemetry.telemetry().said == "máy chủ Prefect đang chạy gửi thống kê sử dụng ra ngoài"
        assert [asked.path for asked in server.asked] == ["/api/admin/settings"]
    finally:
        server.stop()


def test_what_the_libraries_make_of_it_is_not_what_stands_in_the_environment() -> None:
    """The command sets it for itself, whatever the operator's shell says."""
    asked = "from cli.doctor.telemetry import telemetry; print(telemetry().state)"
    environment = {"PREFECT_SERVER_ANALYTICS_ENABLED": "true", "DO_NOT_TRACK": "0", "GX_ANALYTICS_ENABLED": "true"}
    environment["PREFECT_API_URL"] = "http://127.0.0.1:9/api"
    told = subprocess.run(
        [sys.executable, "-c", asked], cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "good"

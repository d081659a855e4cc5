"""The portal with 500 reports in its register: pages that list and search them, and 200 downloads at once.

Ours is `cchc serve`: a person is signed in, rights are looked up, every file that is handed out is entered in the audit
trail and compared with the register. The obvious way (`_portal_obvious.py`) is FastAPI and pandas without any of that.
Datasette, over the same file, shows the table of the register; Starlette's StaticFiles hands out the same files."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

from benchmarks import _portal_register as register
from benchmarks._portal_register import Filled
from benchmarks._portal_visits import Page, Server, downloads_at_once, page, served
from benchmarks.measure import Result

LIMIT_S = 0.05
DOWNLOADS = 200
DATASETTE = "datasette==0.65.5"
BIN = Path(sys.executable).parent

LIST, SEARCH = "the newest reports", "reports of a unit, its name without accents"
OURS = {LIST: "/bao-cao", SEARCH: f"/bao-cao?{urlencode({'don-vi': 'cam lam'})}"}
OBVIOUS = {LIST: "/bao-cao", SEARCH: f"/bao-cao?{urlencode({'tim': 'cam lam'})}"}
PEER = {
    LIST: "/warehouse/report_version?_size=100&_sort_desc=period_id",
    SEARCH: "/warehouse/report_version?unit_code=570",
}


def run() -> list[Result]:
    """limit_s: what was promised of a page."""
    with tempfile.TemporaryDirectory(prefix="cchc-bench-") as folder:
        filled = register.fill(Path(folder) / "home")
        peer = _datasette_of(filled, Path(folder))
        with _ours(filled) as ours:
            cookie = f"cchc={filled.cookie}"
            mine = {case: page(ours, path, cookie=cookie) for case, path in OURS.items()}
            calm_mb = ours.peak_mb
            took = downloads_at_once(ours, _wanted(filled, "/bao-cao/{period}/{unit}/{version}/pdf"), cookie=cookie)
            busy_mb = ours.peak_mb
        _audited(filled)
        with _obvious(filled) as other:
            theirs = {case: page(other, path) for case, path in OBVIOUS.items()}
            obvious_took = downloads_at_once(other, _wanted(filled, "/tep/{period}/{unit}/{version}"))
        static_took = _static_downloads(filled)
    _tell({"ours": mine, "obvious": theirs, "Datasette": peer})
    pages = [
        Result("portal", case, one.median, calm_mb, theirs[case].median, _peers(one, peer.get(case)), LIMIT_S)
        for case, one in mine.items()
    ]
    peers = {"StaticFiles": static_took}
    return [*pages, Result("portal", f"{DOWNLOADS} downloads at once", took, busy_mb, obvious_took, peers)]


def _peers(ours: Page, datasette: Page | None) -> dict[str, float]:
    return {"ours, 95th": ours.p95} | ({"Datasette": datasette.median} if datasette else {})


def _tell(found: Mapping[str, Mapping[str, Page]]) -> None:
    for way, pages in found.items():
        for case, one in pages.items():
            print(f"{case}: {way} {one.median * 1000:.1f} ms, 95th {one.p95 * 1000:.1f} ms, {one.size / 1000:.0f} kB")


# Who serves


@contextmanager
def _ours(filled: Filled) -> Iterator[Server]:
    environment = {"CCHC_HOME": str(filled.home), "CCHC_PROVINCE": register.PROVINCE, "CCHC_NOW": register.NOW}
    environment["CCHC_REQUESTS_A_MINUTE"] = "1000000"  # one person asks here as often as a hundred do
    with served([str(BIN / "cchc"), "serve", "--port", "{port}"], environment=environment, probe="/dang-nhap") as found:
        yield found


@contextmanager
def _obvious(filled: Filled) -> Iterator[Server]:
    words = [sys.executable, "-m", "uvicorn", "benchmarks._portal_obvious:app", "--port", "{port}"]
    environment = {"BENCH_DATABASE": str(filled.database), "CCHC_PROVINCE": register.PROVINCE}
    with served([*words, "--log-level", "warning"], environment=environment, probe="/bao-cao") as found:
        yield found


def _datasette_of(filled: Filled, folder: Path) -> dict[str, Page]:
    """Its pages; none where it cannot be installed here."""
    room = folder / "datasette"
    uv = str(BIN / "uv")
    made = subprocess.run([uv, "venv", "-q", "--python", sys.executable, str(room)], check=False)
    if made.returncode == 0:
        words = [uv, "pip", "install", "-q", "--python", str(room / "bin" / "python"), DATASETTE]
        made = subprocess.run(words, check=False)
    if made.returncode != 0:
        print("Datasette cannot be installed here: not measured")
        return {}
    words = [str(room / "bin" / "datasette"), "serve", str(filled.database), "--port", "{port}"]
    with served(words, environment={}, probe="/") as found:
        return {case: page(found, path) for case, path in PEER.items()}


def _static_downloads(filled: Filled) -> float:
    words = [sys.executable, "-m", "uvicorn", "benchmarks._portal_static:app", "--port", "{port}"]
    environment = {"BENCH_FOLDER": str(filled.home)}
    with served([*words, "--log-level", "warning"], environment=environment, probe="/") as found:
        files = filled.reports[:DOWNLOADS]
        return downloads_at_once(
            found, {f"/{quote(str(Path(one.path).relative_to(filled.home)))}": one.sha256 for one in files}
        )


# What is downloaded


def _wanted(filled: Filled, address: str) -> dict[str, str]:
    return {
        address.format(period=one.period_id, unit=one.unit_code, version=one.version): one.sha256
        for one in filled.reports[:DOWNLOADS]
    }


def _audited(filled: Filled) -> None:
    """Every download stands in the audit trail once, and the chain has no gap."""
    import sqlite3

    with sqlite3.connect(filled.database) as database:
        downloads = database.execute("SELECT count(*) FROM audit_entry WHERE action = 'download'").fetchone()[0]
        last, rows = database.execute("SELECT max(number), count(*) FROM audit_entry").fetchone()
        broken = database.execute(
            "SELECT count(*) FROM audit_entry a JOIN audit_entry b ON b.number = a.number - 1 "
            "WHERE a.before <> b.digest"
        ).fetchone()[0]
    if (downloads, last - rows, broken) != (DOWNLOADS, 0, 0):
        raise RuntimeError(f"{downloads} downloads entered, {last - rows} missing, {broken} that do not follow")

"""Where files lie is kept relative to the home: a home that is moved or shared needs no rewriting."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from tests.warehouse.examples import Q4, READ_AT, land
from tests.warehouse.versions import version
from warehouse import ledger, register
from warehouse.database import open_warehouse, writing
from warehouse.owner import claim


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return at(tmp_path / "here", monkeypatch)


def at(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home.mkdir()
    monkeypatch.setenv("CCHC_HOME", str(home))
    return home


def reports(home: Path) -> Path:
    folder = home / "khanh-hoa" / "reports" / Q4
    folder.mkdir(parents=True)
    return folder


def kept(engine: Engine) -> list[str]:
    """As the table has it."""
    with engine.connect() as connection:
        return list(connection.scalars(text("SELECT path FROM report_version ORDER BY version")))


def given(engine: Engine) -> list[str]:
    return [one.path for one in register.versions(engine, Q4)]


def test_a_place_below_the_home_moves_along(engine: Engine, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entered = version(engine, reports(home)).path
    assert kept(engine) == [f"khanh-hoa/reports/{Q4}/56-v1.pdf"]
    assert given(engine) == [entered] == [str(home / "khanh-hoa" / "reports" / Q4 / "56-v1.pdf")]
    moved = at(home.with_name("there"), monkeypatch)
    assert given(engine) == [str(moved / "khanh-hoa" / "reports" / Q4 / "56-v1.pdf")]


def test_a_place_elsewhere_stays(engine: Engine, home: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entered = version(engine, folder).path
    at(home.with_name("there"), monkeypatch)
    assert kept(engine) == given(engine) == [entered]


def test_a_home_named_through_a_link_or_from_the_working_folder(
    engine: Engine, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = reports(home)
    home.with_name("link").symlink_to(home)
    monkeypatch.chdir(home.parent)
    for named, below in (("link", folder), ("here", folder), (str(home), Path("link") / folder.relative_to(home))):
        monkeypatch.setenv("CCHC_HOME", named)
        version(engine, below)
    assert kept(engine) == [f"khanh-hoa/reports/{Q4}/56-v{number}.pdf" for number in (1, 2, 3)]
    monkeypatch.setenv("CCHC_HOME", "here")
    assert given(engine)[0] == f"here/khanh-hoa/reports/{Q4}/56-v1.pdf", "shown as the home was named"


def test_a_name_that_only_begins_like_the_home_s_is_elsewhere(engine: Engine, home: Path) -> None:
    beside = home.with_name("here-as-well")
    beside.mkdir()
    assert version(engine, beside).path == kept(engine)[0]
    version(engine, home / "..")
    assert Path(given(engine)[1]).resolve() == (home.parent / "56-v2.pdf").resolve()


def test_a_landing_s_place(engine: Engine, home: Path) -> None:
    land(engine, "cam-lam")
    ledger.begin_attempt(engine, Q4, "cam-lam")
    path = str(home / "khanh-hoa" / "landing" / "cam-lam" / Q4 / "a1b2")
    asked: dict[str, Any] = {"extracted_at": READ_AT, "rows": 1, "extract_fingerprint": "asked"}
    ledger.mark_landed(engine, Q4, "cam-lam", landing_id="a1b2", landing_path=path, **asked)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT landing_path FROM partition")) == path.removeprefix(f"{home}/")
    assert ledger.partition(engine, Q4, "cam-lam").landing_path == path


def test_a_warehouse_of_before_is_told_anew(url: str, home: Path, folder: Path, tmp_path: Path) -> None:
    """What lies in the home, what lies elsewhere, and a home that was moved before it was brought up to date."""
    engine = open_warehouse(url)
    claim(engine, "khanh-hoa")
    within, moved = reports(home), "/nơi-cũ/var"
    for _ in range(5):
        version(engine, within)
    (within / "56-v4.pdf").unlink()
    places = {
        1: str(within / "56-v1.pdf"),
        2: str(folder / "56-v2.pdf"),
        3: f"{moved}/khanh-hoa/reports/{Q4}/56-v3.pdf",
        4: f"{moved}/khanh-hoa/reports/{Q4}/56-v4.pdf",
        5: f"var/khanh-hoa/reports/{Q4}/56-v5.pdf",
    }
    with writing(engine) as connection:
        for number, path in places.items():
            change = "UPDATE report_version SET path = :path WHERE version = :number"
            connection.execute(text(change), {"path": path, "number": number})
        connection.execute(text("DROP TABLE warehouse_mark"))
        connection.execute(text("ALTER TABLE partition DROP COLUMN settled"))
        connection.execute(text("ALTER TABLE counted_elsewhere DROP COLUMN holds"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0013'"))
    relative = {number: f"khanh-hoa/reports/{Q4}/56-v{number}.pdf" for number in (1, 3, 5)}
    assert kept(open_warehouse(url)) == [relative.get(number, path) for number, path in places.items()]

"""Killed at any moment, an extract leaves the last good landing as it was, and the next one lands what an undisturbed
one lands."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from contracts.source_config import SourceConfig
from sources import reader
from sources.landing import Landing, open_landing
from tests.moments import Moments
from tests.servers.http import JsonServer, json_server
from tests.sources.dying import PART_ROWS, Lander, small_parts
from tests.sources.paging import KIND, PAGE_ROWS, READER, PagingSystem
from tests.sources.systems import DOSSIER, PERIOD, change, landed, sqlite_source
from tests.sources.test_rest import dossiers, rest_source

__all__ = ["json_server"]

KILLS = 20
ROWS = 3 * PART_ROWS + 10
PAGE = 250


@dataclass
class Office:
    """A source, whose rows have changed since it was last landed, and what its landing must be now."""

    config: SourceConfig
    root: Path
    good: Landing
    expected: Landing
    seconds: float

    @property
    def home(self) -> Path:
        return self.root / self.config.id / PERIOD.id

    @property
    def expected_folder(self) -> Path:
        return self.home / self.expected.id

    def there(self) -> set[str]:
        return {path.name for path in self.home.iterdir() if path.name != ".lock"}

    def steps(self) -> int:
        """How many things an undisturbed extract does to the disk; all is then as before."""
        kind, steps = Lander(self.config, self.root).end()
        assert kind == "landed"
        shutil.rmtree(self.expected_folder)
        return int(steps)

    def kill(self, *, at: int) -> None:
        """An extract that dies when it is about to do that thing."""
        lander = Lander(self.config, self.root, die_at=at)
        assert lander.end() == "begun"
        assert lander.was_killed

    def check(self) -> None:
        """All that can be seen is whole, and the next extract is as good as any; then all is as before."""
        assert open_landing(self.good.folder) == self.good
        for name in self.there():
            if not name.startswith("."):
                assert open_landing(self.home / name).id in {self.good.id, self.expected.id}
        again = landed(self.config, self.root)
        assert (again.id, again.rows) == (self.expected.id, self.expected.rows)
        assert self.there() == {self.good.id, self.expected.id}
        shutil.rmtree(again.folder)


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.landing.parts.PART_ROWS", PART_ROWS)  # put back at the end
    monkeypatch.setattr("sources.landing.parquet.ROW_GROUP", PART_ROWS)
    small_parts()
    monkeypatch.setitem(reader.READERS, KIND, READER)  # type: ignore[arg-type]
    monkeypatch.setenv("CCHC_NOW", "2024-12-16T08:00:00")


@pytest.fixture
def sqlite(tmp_path: Path) -> Office:
    rows = [(f"H32.30-241015-{number:04d}", *DOSSIER[1:]) for number in range(ROWS)]
    config = sqlite_source(tmp_path, rows, [(row[0], "2024-10-16", None, 5) for row in rows[:PART_ROWS]])
    return office(config, tmp_path, lambda: change(config, "UPDATE HoSo SET NgayHenTra = '2024-11-30'"))


@pytest.fixture
def rest(tmp_path: Path, json_server: JsonServer) -> Office:
    json_server.rows = dossiers(ROWS - 1)
    json_server.style = "cursor"
    config = rest_source(json_server)
    spec = config.tables["dossiers"].spec
    paging = spec.paging.model_copy(update={"size": PAGE})  # type: ignore[union-attr]
    config = rest_source(json_server, paging)
    return office(config, tmp_path, lambda: json_server.rows.extend(dossiers(1, after=ROWS)))


@pytest.fixture
def pages(tmp_path: Path) -> PagingSystem:
    return PagingSystem(tmp_path, dossiers=4 * PAGE_ROWS, pauses=PAGE_ROWS)


@pytest.fixture
def paging(tmp_path: Path, pages: PagingSystem) -> Office:
    return office(pages.config, tmp_path, lambda: pages.change("UPDATE dossiers SET NgayHenTra = '2024-11-30'"))


def office(config: SourceConfig, folder: Path, changed: Callable[[], None]) -> Office:
    good = landed(config, folder / "landing")
    changed()
    began = time.monotonic()
    expected = landed(config, folder / "undisturbed")
    return Office(config, folder / "landing", good, expected, time.monotonic() - began)


@pytest.fixture(params=["sqlite", "rest"])
def any_office(request: pytest.FixtureRequest) -> Office:
    found: Office = request.getfixturevalue(request.param)
    return found


def test_killed_at_a_random_moment(any_office: Office) -> None:
    moments = Moments(2024, within=any_office.seconds)
    for _ in range(KILLS):
        lander = Lander(any_office.config, any_office.root)
        assert lander.told() == "begun"
        moments.kill(lander.process)
        any_office.check()
    assert moments.fell >= KILLS / 4, "moments beyond the end show nothing"


def test_killed_before_each_thing_that_it_does_to_the_disk(sqlite: Office) -> None:
    for number in range(1, sqlite.steps() + 1):
        sqlite.kill(at=number)
        sqlite.check()


def test_a_kill_costs_what_goes_on_no_more_than_a_page_and_the_one_before(paging: Office, pages: PagingSystem) -> None:
    """At each thing that is done to the disk, as above."""
    pages.asked()
    steps = paging.steps()
    whole = pages.asked()
    went_on = 0
    for number in range(1, steps + 1):
        paging.kill(at=number)
        before = pages.asked()
        paging.check()
        again = set(before) & set(pages.asked())
        if before != whole:
            assert len(again) <= 2
            went_on += len(before) > len(again)
    assert went_on > len(whole)


def test_another_process_is_refused_while_one_lands(rest: Office, json_server: JsonServer) -> None:
    json_server.then(*[lambda server, _: refused(server, rest)])
    assert landed(rest.config, rest.root).id == rest.expected.id


def refused(server: JsonServer, rest: Office) -> None:
    """While the first request waits for its answer, another process wants to land the same."""
    kind, said = Lander(rest.config, rest.root).end()
    assert (kind, "một lượt chạy khác đang trích xuất" in said) == ("failed", True)


@pytest.mark.parametrize("file_size", [1, 2_000, 5_000])
def test_a_file_that_may_not_grow_is_told_as_the_machines(any_office: Office, file_size: int) -> None:
    kind, said = Lander(any_office.config, any_office.root, file_size=file_size).end()
    assert (kind, said.split(":")[0].split(" →")[0]) == ("failed", "tệp lớn quá mức hệ điều hành cho phép")
    assert {name for name in any_office.there() if not name.startswith(".unfinished-")} == {any_office.good.id}
    any_office.check()

"""A quarter's reports over a real warehouse: only what changed is set again, and no version is lost."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Engine

from contracts import home
from contracts.clock import VIETNAM
from contracts.codes import Level, PartitionState
from contracts.periods import parse_period
from contracts.province import Province
from contracts.source_config import SourceConfig
from contracts.units import Unit, UnitTree
from reporting import press
from reporting.companions import SUFFIXES, beside
from reporting.context import build_context
from reporting.gather import gather
from reporting.refresh import ReportOutcome, refresh
from reporting.render import Rendered, RenderError, Sheet, print_report, to_html
from storage import finished
from tests.reporting import sample
from transforms.indicators import compute
from warehouse import ledger, register, store
from warehouse.database import open_warehouse
from warehouse.stand import StandMoved, stand_of

PERIOD = parse_period("2024Q4")
AS_OF = PERIOD.cut_off
READ_AT = datetime(2024, 12, 16, 8, 0, tzinfo=VIETNAM)

UNITS = """
T     56   Tỉnh Thử       province    -
T.1   T.1  Sở Nội vụ      department  T
T.2   901  Huyện Đông     district    T
T.21  911  Xã Đông Một    commune     T.2
T.3   902  Huyện Tây      district    T
"""


def small_province() -> Province:
    rows = [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in UNITS.strip().splitlines()]
    units = tuple(
        Unit(agency, code, name, Level(level), parent.strip("-"), None, None, verified=False)
        for agency, code, name, level, parent in rows
    )
    file = sample.province().file.model_copy(update={"id": "thu"})
    return replace(sample.province(), file=file, units=UnitTree(units))


def source(source_id: str, name: str, *units: str) -> SourceConfig:
    return SourceConfig(source_id, name, "sqlite", "", units, "Phòng Nội vụ", 60, Path(), {}, {}, {}, {})


PROVINCE = small_province()
SOURCES = [
    source("dong", "Hệ thống huyện Đông", "T.2"),
    source("so", "Hệ thống các sở", "T.1"),
    source("tay", "Hệ thống huyện Tây", "T.3"),
]


class Office:
    """A warehouse and a folder of reports."""

    def __init__(self, home: Path) -> None:
        self.engine: Engine = open_warehouse(f"sqlite:///{home / 'w.sqlite'}")
        self.output = home / "reports"
        ledger.expect(self.engine, PERIOD.id, [s.id for s in SOURCES])

    def load(
        self,
        source_id: str,
        *,
        early: int = 7,
        landing_id: str = "l",
        read_at: datetime = READ_AT,
        counted: str = "f",
        procedure: str = "1.001193",
    ) -> None:
        key = PERIOD.id, source_id
        ledger.begin_attempt(self.engine, *key)
        landed = {"landing_id": landing_id, "landing_path": "p", "extracted_at": read_at}
        ledger.mark_landed(self.engine, *key, **landed, rows=10, extract_fingerprint="e")
        ledger.mark_validated(self.engine, *key, accepted=9, quarantined=1)
        (config,) = [s for s in SOURCES if s.id == source_id]
        units = [u for code in config.units for u in PROVINCE.units.subtree(code)]
        rows = [
            sample.fact(source_id, u, "Hộ tịch", series=series, early=early, overdue=2, open_in_time=1)
            | {"procedure_code": procedure}
            for u in units
            for series in sample.Series
        ]
        store.replace_partition(
            self.engine,
            period_id=PERIOD.id,
            source_id=source_id,
            facts=sample.frame(rows),
            findings=pd.DataFrame(columns=store.FINDING_COLUMNS),
            rejected=pd.DataFrame(columns=store.REJECTED_COLUMNS),
            rows=10,
            accepted=9,
            quarantined=1,
            load_fingerprint=counted,
            as_of=AS_OF,
        )
        self.indicate()

    def load_all(self) -> None:
        for config in SOURCES:
            self.load(config.id)

    def fail(self, source_id: str) -> None:
        ledger.begin_attempt(self.engine, PERIOD.id, source_id)
        ledger.mark_failed(
            self.engine, PERIOD.id, source_id, kind="SourceUnreachable", error="không kết nối được", advice="gọi lại"
        )
        self.indicate()

    def indicate(self) -> None:
        known = gather(self.engine, province=PROVINCE, period=PERIOD, as_of=AS_OF, sources=SOURCES)
        silent = frozenset(
            u.agency_code
            for s in known.sources
            if not s.loaded
            for code in s.units
            for u in PROVINCE.units.subtree(code)
        )
        indicators = compute(known.facts, units=PROVINCE.units, on=AS_OF, missing=silent)
        store.replace_indicators(self.engine, period_id=PERIOD.id, indicators=indicators)

    def refresh(self, **more: object) -> dict[str, ReportOutcome]:
        made = refresh(
            self.engine,
            province=PROVINCE,
            period=PERIOD,
            as_of=AS_OF,
            sources=SOURCES,
            output=self.output,
            **more,  # type: ignore[arg-type]
        )
        return {outcome.unit_code: outcome for outcome in made}

    def files(self) -> list[str]:
        return sorted(p.name for p in (self.output / PERIOD.id).rglob("*") if p.is_file())

    def reports(self) -> list[str]:
        """Without what is made beside them."""
        return [name for name in self.files() if not name.endswith(tuple(SUFFIXES.values()))]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Set in this process, which is quicker for a few small reports."""
    monkeypatch.setattr(press, "PRESSES", 1)
    return Office(tmp_path)


@pytest.fixture
def quick_office(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Its pages are written and not set, a tenth of the time: for what is not about how they look."""
    monkeypatch.setattr("reporting.refresh.print_all", written)
    return office


def written(sheets: Iterable[Sheet]) -> Iterator[tuple[int, Rendered]]:
    for place, sheet in enumerate(sheets):
        page = to_html(sheet.context).encode()
        sheet.path.write_bytes(page)
        yield place, Rendered(1, hashlib.sha256(page).hexdigest())


def test_presses_side_by_side_give_the_same_bytes(office: Office, tmp_path: Path) -> None:
    """And a text that cannot be set is told as from here."""
    office.load_all()
    known = gather(office.engine, province=PROVINCE, period=PERIOD, as_of=AS_OF, sources=SOURCES)
    contexts = [build_context(known, unit=PROVINCE.units.by_agency(code)) for code in ("T.2", "T.3")]
    here = [print_report(Sheet(c, tmp_path / "here.pdf")) for c in contexts]
    press.PRESSES = 2
    there = dict(press.print_all([Sheet(c, tmp_path / f"{n}.pdf") for n, c in enumerate(contexts)]))
    assert [there[0], there[1]] == here
    wrong = replace(contexts[0], data_note="😀")
    with pytest.raises(RenderError, match="«😀»"):
        list(press.print_all([Sheet(wrong, tmp_path / "a.pdf"), Sheet(contexts[1], tmp_path / "b.pdf")]))


def test_the_province_and_each_district_get_a_report(office: Office) -> None:
    office.load_all()
    seen: list[tuple[int, int, str]] = []
    made = office.refresh(progress=lambda *step: seen.append(step))
    assert list(made) == ["56", "901", "902"]
    assert [o.scope for o in made.values()] == ["province", "unit", "unit"]
    assert all(o.rendered and o.version == 1 for o in made.values())
    assert office.reports() == [
        "bao-cao-cchc-2024Q4-thu-901-v1.pdf",
        "bao-cao-cchc-2024Q4-thu-902-v1.pdf",
        "bao-cao-cchc-2024Q4-thu-v1.pdf",
    ]
    for outcome in made.values():
        assert hashlib.sha256(outcome.path.read_bytes()).hexdigest() == outcome.sha256
        newest = register.newest(office.engine, PERIOD.id, outcome.scope, outcome.unit_code)
        assert newest is not None
        assert (newest.sha256, newest.pages, newest.path) == (outcome.sha256, outcome.pages, str(outcome.path))
    assert [step[:2] for step in seen] == [(1, 3), (2, 3), (3, 3)]
    assert {step[2] for step in seen} == {"Tỉnh Thử", "Huyện Đông", "Huyện Tây"}


def test_nothing_is_set_again_where_nothing_changed(quick_office: Office) -> None:
    quick_office.load_all()
    first = quick_office.refresh()
    second = quick_office.refresh()
    assert not any(o.rendered for o in second.values())
    assert {k: (o.version, o.sha256, o.path) for k, o in second.items()} == {
        k: (o.version, o.sha256, o.path) for k, o in first.items()
    }


def test_a_mended_quarter_is_one_in_which_nothing_failed(office: Office, tmp_path: Path) -> None:
    """Byte for byte; and only what depends on the source is set again."""
    office.load("so")
    office.load("tay")
    office.fail("dong")
    broken = office.refresh()
    office.load("dong")
    mended = office.refresh()
    assert {code: o.version for code, o in mended.items()} == {"56": 2, "901": 2, "902": 1}
    assert not mended["902"].rendered
    assert mended["56"].sha256 != broken["56"].sha256
    assert len(office.reports()) == 5  # the versions with the gap are still there

    calm = Office(tmp_path / "calm")
    calm.load_all()
    assert {k: o.sha256 for k, o in calm.refresh().items()} == {k: o.sha256 for k, o in mended.items()}


def test_a_figure_that_changed_is_a_new_version_with_a_reason(office: Office) -> None:
    """Also one that no page shows: the same dossiers of another procedure."""
    office.load_all()
    office.refresh()
    office.load("tay", early=8)
    made = office.refresh()
    assert {code: o.version for code, o in made.items()} == {"56": 2, "901": 1, "902": 2}
    newest = register.newest(office.engine, PERIOD.id, "unit", "902")
    assert newest is not None
    assert newest.reason == "số liệu, cấu hình hoặc mẫu trang khác bản 1"
    office.load("tay", early=8, procedure="1.000002")
    again = office.refresh()
    assert {code: o.version for code, o in again.items()} == {"56": 3, "901": 1, "902": 3}
    assert [f.kind for f in again["902"].files] == ["archive", "workbook"]
    assert all(f.is_registered for o in again.values() for f in o.files)


def test_a_lost_or_altered_file_is_put_back_as_the_same_version(office: Office) -> None:
    office.load_all()
    first = office.refresh()
    workbook = beside(first["902"].path, "workbook")
    cells = workbook.read_bytes()
    first["901"].path.unlink()
    first["902"].path.write_bytes(b"%PDF- something else")
    workbook.write_bytes(cells + b"x")
    again = office.refresh()
    assert workbook.read_bytes() == cells
    assert not any(outcome.rendered for outcome in office.refresh().values())
    assert {code: o.rendered for code, o in again.items()} == {"56": False, "901": True, "902": True}
    for code in ("901", "902"):
        assert (again[code].version, again[code].sha256, again[code].path) == (1, first[code].sha256, first[code].path)
        assert hashlib.sha256(first[code].path.read_bytes()).hexdigest() == first[code].sha256


def test_a_commune_gets_a_report_when_asked(quick_office: Office) -> None:
    quick_office.load_all()
    commune = PROVINCE.units.by_agency("T.21")
    made = quick_office.refresh(units=[commune, PROVINCE.units.by_agency("T.2")])
    assert list(made) == ["56", "901", "902", "911"]
    assert made["911"].path.name == "bao-cao-cchc-2024Q4-thu-911-v1.pdf"


def test_two_units_with_one_code_have_a_report_each(quick_office: Office) -> None:
    """A GSO code is used again: 22714 was thị trấn Tô Hạp up to 30/6/2025, and is xã Khánh Sơn since."""
    quick_office.load_all()
    units = [replace(u, valid_to=date(2024, 10, 31)) if u.agency_code == "T.3" else u for u in PROVINCE.units]
    again = replace(PROVINCE.units.by_agency("T.3"), agency_code="T.9", name="Huyện Mới", valid_from=date(2024, 11, 1))
    province = replace(PROVINCE, units=UnitTree((*units, again)))
    run = partial(
        refresh,
        quick_office.engine,
        province=province,
        period=PERIOD,
        as_of=AS_OF,
        sources=SOURCES,
        output=quick_office.output,
    )
    assert [o.name for o in run()] == ["Tỉnh Thử", "Huyện Đông", "Huyện Mới"], "nobody signs for a unit that has ended"
    made = run(units=[province.units.by_agency("T.3")])
    assert [o.name for o in made] == ["Tỉnh Thử", "Huyện Đông", "Huyện Mới", "Huyện Tây"]
    assert [o.version for o in made] == [1] * 4
    assert len({o.path for o in made}) == len({o.sha256 for o in made}) == 4
    for outcome in made:
        assert hashlib.sha256(outcome.path.read_bytes()).hexdigest() == outcome.sha256


def test_a_failed_page_leaves_no_version_and_no_file(quick_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    quick_office.load_all()
    monkeypatch.setattr(register, "add", _full)
    with pytest.raises(OSError, match="disk full"):
        quick_office.refresh()
    assert register.versions(quick_office.engine, PERIOD.id) == []
    assert quick_office.files() == []


def _full(*_: object, **__: object) -> None:
    raise OSError("disk full")


def test_the_ledger_decides_what_is_missing(office: Office) -> None:
    office.load_all()
    office.fail("tay")
    known = gather(office.engine, province=PROVINCE, period=PERIOD, as_of=AS_OF, sources=SOURCES)
    states = {s.id: s for s in known.sources}
    assert (states["tay"].state, states["tay"].rows, states["tay"].error) == (
        PartitionState.FAILED,
        None,
        "không kết nối được",
    )
    assert set(known.facts["source_id"]) == {"dong", "so"}
    assert states["dong"].extracted_at == READ_AT
    assert known.previous is None
    assert known.as_of == date(2024, 12, 14)


def test_a_source_never_run_is_expected_and_has_no_figures(office: Office) -> None:
    more = [*SOURCES, source("moi", "Hệ thống mới")]
    known = gather(office.engine, province=PROVINCE, period=PERIOD, as_of=AS_OF, sources=more)
    assert known.sources[-1].state is PartitionState.EXPECTED


def test_a_number_under_which_another_report_lies_is_left_out(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The warehouse is an older one than the files: what was printed since, and may have been published, is not
    overwritten, neither here nor in the shared store; what was made of the same figures is the same version."""
    (tmp_path / "store").mkdir()
    monkeypatch.setenv("CCHC_HOME", str(tmp_path))
    monkeypatch.setenv("CCHC_STORE", f"file://{tmp_path}/store")
    office.load_all()
    folder, name = office.output / PERIOD.id, "bao-cao-cchc-2024Q4-thu-902-v{}.pdf"
    there = tmp_path / "store" / home.told(folder)
    for place, number in ((there, 1), (folder, 2)):
        place.mkdir(parents=True)
        (place / name.format(number)).write_bytes(b"%PDF- printed since")
    made = office.refresh()
    assert {code: o.version for code, o in made.items()} == {"56": 1, "901": 1, "902": 3}
    newest = register.newest(office.engine, PERIOD.id, "unit", "902")
    assert newest is not None
    assert newest.reason == (
        "bản đầu tiên của kỳ; bỏ qua các số 1–2: đã có tệp khác mang số đó mà sổ báo cáo không ghi, giữ nguyên tệp đó"
    )
    for place, number in ((there, 1), (folder, 2)):
        assert (place / name.format(number)).read_bytes() == b"%PDF- printed since"
    assert finished.is_free(made["901"].path, made["901"].sha256)


def test_nothing_is_entered_of_figures_that_are_no_more(quick_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run stood still while it printed; another one has read a source again when it goes on."""
    quick_office.load_all()
    stand = stand_of(ledger.partitions(quick_office.engine, PERIOD.id))
    entered = register.add

    def overtaken(*given: Any, **more: Any) -> Any:
        quick_office.fail(SOURCES[0].id)
        return entered(*given, **more)

    monkeypatch.setattr(register, "add", overtaken)
    with pytest.raises(StandMoved):
        quick_office.refresh(stand=stand)
    assert register.versions(quick_office.engine, PERIOD.id) == []
    assert quick_office.files() == []

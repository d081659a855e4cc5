"""Adding an indicator is one file: the example of docs/add-an-indicator.md, word by word, and nothing else."""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from reporting.context import build_context
from reporting.indicator_dictionary import RENEWED_BY, dictionary_text
from tests.reporting import sample
from transforms import indicators

DOCS = Path(__file__).parents[2] / "docs"
ID = "WITHDRAWN_OF_RESOLVED"
LABEL = "Tỷ lệ hồ sơ công dân, tổ chức xin rút trên tổng số hồ sơ đã giải quyết"


@pytest.fixture
def added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The document's file, in a folder in which indicators are looked for."""
    text = (DOCS / "add-an-indicator.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    (named,) = re.findall(r"`transforms/indicators/(\w+\.py)`:", text)
    (tmp_path / named).write_text(textwrap.dedent(example.replace("\n   ", "\n").removeprefix("   ")), encoding="utf-8")
    monkeypatch.setattr(indicators, "__path__", [*indicators.__path__, str(tmp_path)])
    indicators.declared.cache_clear()
    yield
    sys.modules.pop(f"transforms.indicators.{Path(named).stem}", None)
    indicators.declared.cache_clear()


def loaded(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """A warehouse in which every source of the province is loaded; one unit withdrew 3 of 12."""
    from flows.place import find_place
    from tests.warehouse.examples import land, replace
    from warehouse import ledger

    for name, value in {"HOME": str(home), "PROVINCE": str(sample.PROVINCES / "khanh-hoa")}.items():
        monkeypatch.setenv(f"CCHC_{name}", value)
    monkeypatch.setenv("CCHC_NOW", "2024-12-16T08:00:00+07:00")
    place = find_place("2024Q4")
    engine = place.open_warehouse()
    for source in place.sources():
        land(engine, source.id)
        ledger.mark_validated(engine, "2024Q4", source.id, accepted=12, quarantined=0)
        unit = place.province.units.by_agency(source.units[0])
        rows = [sample.fact(source.id, unit, "Hộ tịch", on_time=12, withdrawn=3)] if unit.unit_code == "570" else []
        settled = {"load_fingerprint": place.province.counting_fingerprint, "as_of": place.period.cut_off}
        replace(engine, source.id, sample.frame(rows), **settled)


def printed(code: str) -> list[tuple[str, ...]]:
    given = sample.report_input()
    facts = given.facts.copy()
    facts["withdrawn"] = 0
    first = facts.index[(facts["on_time"] >= 3) & (facts["series"] == "forms") & (facts["unit_code"] == code)][0]
    facts.loc[first, "withdrawn"] = 3
    made = sample.made_of(given.province, given.period, given.sources, facts)
    context = build_context(made, unit=given.province.units.find(code, on=given.as_of))
    tables = [table for part in context.further for table in part.tables]
    return [row.cells for table in tables for row in table.rows]


def test_the_page_has_it(added: None) -> None:
    (row,) = [cells for cells in printed("570") if cells[0] == LABEL and cells[1]]
    assert row[1] == "3" and row[3].endswith("%"), "numerator and value"


def test_it_is_printed_field_by_field(added: None) -> None:
    rows = printed("570")
    heads = [n for n, cells in enumerate(rows) if cells[0] == LABEL and not cells[1]]
    assert len(heads) == 1 and rows[heads[0] + 1][3].endswith("%")


def test_the_dictionary_has_it(added: None) -> None:
    entry = dictionary_text().split(f"### `{ID}`")[1].split("###")[0]
    assert LABEL in entry and "hồ sơ công dân, tổ chức xin rút" in entry and "hồ sơ đã giải quyết, cột (7)" in entry


def test_the_export_and_the_command_have_it(
    added: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from cli.export import What, export
    from cli.indicators import show

    loaded(monkeypatch, tmp_path / "home")
    path = tmp_path / "indicators.csv"
    export("2024Q4", What.INDICATORS, path)
    frame = pd.read_csv(path, dtype={"unit_code": "str"}, keep_default_na=False)
    mine = frame[(frame["indicator"] == ID) & (frame["unit_code"] == "570") & (frame["scope"] == "tree")]
    assert mine[["period", "field", "numerator", "denominator", "value"]].astype("str").to_numpy().tolist() == [
        ["2024Q4", "", "3", "12", "0.25"],
        ["2024Q4", "Hộ tịch", "3", "12", "0.25"],
    ]
    show("2024Q4", unit="570", field="Hộ tịch", as_json=True)
    assert f'"indicator": "{ID}"' in capsys.readouterr().out


def test_the_warehouse_keeps_it(added: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from flows import figures
    from flows.place import find_place
    from warehouse import read, store

    loaded(monkeypatch, tmp_path / "home")
    place = find_place("2024Q4")
    engine = place.open_warehouse()
    store.replace_indicators(engine, period_id="2024Q4", indicators=figures.indicators(engine, place))
    assert ID in set(read.indicators(engine, "2024Q4")["indicator"])


def test_without_the_file_nobody_knows_it() -> None:
    assert ID not in {one.id for one in indicators.declared()} and ID not in dictionary_text()


def test_the_written_dictionary_is_that_of_the_code() -> None:
    written = (DOCS / "indicators.md").read_text(encoding="utf-8")
    assert written == dictionary_text(), f"renew it: {RENEWED_BY}"


def test_every_indicator_has_both_counts_in_words() -> None:
    text = dictionary_text()
    for one in indicators.declared():
        entry = text.split(f"### `{one.id}`")[1].split("\n### ")[0]
        heads = ["Tử số", "Mẫu số"] if one.denominator else ["Số đếm"]
        for head in (*heads, "Đơn vị tính", "Công thức", "Tính cho", "Lịch số liệu", "Hiệu lực", "Căn cứ", "Chiều"):
            assert f"- {head}: " in entry, (one.id, head)


def test_the_form_columns_are_named_by_their_numbers() -> None:
    entry = dictionary_text().split("### `ON_TIME_RESOLVED`")[1].split("\n### ")[0]
    assert "hồ sơ giải quyết trước hạn (8) + hồ sơ giải quyết đúng hạn (9)" in entry

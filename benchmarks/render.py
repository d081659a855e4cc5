"""Reports as files: ours beside plain WeasyPrint, Typst and headless Chromium, on the same pages.

Ours is what a run does: the page, its letters looked up, the PDF/UA-1, the PDF/A-3a with its data, the workbook, in two
presses where there are two reports. Plain WeasyPrint makes the same three files of the same page and style sheet, one
report after the other in one process: a layout, two writings, the same workbook. Typst sets the same texts, tables and
charts, told in its language before the clock starts, and writes the same two kinds of PDF without data. Chromium is
started once a report, reads the same page and prints one tagged PDF.

WeasyPrint with columns that find their widths by themselves, as our pages had it before, stands beside them."""

from __future__ import annotations

import pickle
import random
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.measure import Measured, Result, side_by_side

DISTRICT_REPORTS = 30
PROVINCE, DISTRICTS = "province", "districts"
OURS, PEERS = "benchmarks._render_weasyprint", "benchmarks._render_peers"


def run() -> list[Result]:
    """limit_s: what was promised, 0.6 of plain WeasyPrint for a province, half for the batch."""
    with tempfile.TemporaryDirectory(prefix="cchc-bench-") as folder:
        prepare(Path(folder))
        return [
            _result("a province's report", folder, PROVINCE, 0.6, rounds=3),
            _result(f"{DISTRICT_REPORTS} districts' reports", folder, DISTRICTS, 0.5, rounds=2),
        ]


def _result(case: str, folder: str, which: str, goal: float, *, rounds: int) -> Result:
    ways = {"ours": f"{OURS}:ours", "plain": f"{OURS}:plain", "Typst": f"{PEERS}:typeset_by_typst"}
    if which == PROVINCE:
        ways["WeasyPrint, columns by itself"] = f"{OURS}:plain_with_automatic_columns"
    if shutil.which("chromium"):
        ways["Chromium"] = f"{PEERS}:printed_by_chromium"
    found = side_by_side(ways, folder, which, rounds=rounds, summary=f"{PEERS}:pages")
    _tell(case, found)
    ours, plain = found.pop("ours"), found.pop("plain")
    peers = {name: one.seconds for name, one in found.items()}
    return Result("reports", case, ours.seconds, ours.peak_mb, plain.seconds, peers, goal * plain.seconds)


def _tell(case: str, found: dict[str, Measured]) -> None:
    plain = found["plain"].seconds
    for name, one in found.items():
        share = f"{one.seconds / plain:.2f} of plain"
        print(f"{case}: {name} {one.seconds:.2f} s, {share}, {one.peak_mb:.0f} MB a process, {one.answer} pages")


# What is set


def prepare(folder: Path) -> None:
    """Invented figures over the real units of Khánh Hòa; districts again with other figures."""
    from tests.reporting import sample

    given = sample.report_input()
    _keep(folder, PROVINCE, [_sheet(given, None)])
    districts = [unit for unit in given.province.units if unit.level.value == "district"]
    sheets = []
    for place in range(DISTRICT_REPORTS):
        if place % len(districts) == 0:
            facts = sample.invented_facts(given.province, given.period, given.sources, seed=f"bench {place}")
            given = sample.made_of(given.province, given.period, given.sources, facts, previous=given.previous)
        sheets.append(_sheet(given, districts[place % len(districts)]))
    random.Random(1).shuffle(sheets)
    _keep(folder, DISTRICTS, sheets)


def _sheet(given: Any, unit: Any) -> Any:
    from reporting.attached import data_of
    from reporting.context import build_context
    from reporting.render import Sheet
    from reporting.scope import scope_of

    return Sheet(build_context(given, unit=unit), Path(), data_of(given, scope_of(given, unit)))


def _keep(folder: Path, which: str, sheets: Sequence[Any]) -> None:
    """Each way has the form that it needs: the contexts, pages, sources of Typst."""
    from benchmarks._typst import told
    from reporting.fonts import TEMPLATES
    from reporting.render import input_digest, to_html
    from reporting.typesetter import well_formed

    (folder / f"{which}.pickle").write_bytes(pickle.dumps(sheets))
    for place, sheet in enumerate(sheets):
        html = to_html(sheet.context, input_digest(sheet.context, sheet.data))
        based = html.replace("<head>", f'<head><base href="{TEMPLATES.as_uri()}/">', 1)
        (folder / f"{which}-{place:02}.html").write_text(based, encoding="utf-8")
        page = well_formed(html)
        assert page is not None
        (folder / f"{which}-{place:02}.typ").write_text(told(page), encoding="utf-8")

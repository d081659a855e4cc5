"""The quarantine, counted and read a piece at a time: what is chosen is there, each row once, in one order."""

from __future__ import annotations

import pandas as pd
import pytest
from sqlalchemy import Engine

from tests.warehouse.examples import Q4
from warehouse import ledger, quarantine, store
from warehouse.quarantine import Chosen, Number

ROWS = """
source   | row | agency | rules
cam-lam  | 3   | H32.32 | dates.readable
cam-lam  | 7   |        | dates.readable,statuses.status_known
cam-lam  | 9   | H32.32 | statuses.status_known
van-ninh | 1   | H32.37 | dates.readable
"""
ALL = ("cam-lam", "van-ninh")


@pytest.fixture
def filled(engine: Engine) -> Engine:
    lines = [[cell.strip() for cell in line.split("|")] for line in ROWS.strip().splitlines()[1:]]
    ledger.expect(engine, Q4, ALL)
    for source in ALL:
        rows = [
            {"row": int(row), "address": row, "dossier_code": f"{source}-{row}", "agency_code": agency or None}
            | {"rules": rules, "cells": f"dòng {row}"}
            for of, row, agency, rules in lines
            if of == source
        ]
        none = pd.DataFrame(columns=list(store.FINDING_COLUMNS))
        store.replace_checks(engine, period_id=Q4, source_id=source, findings=none, rejected=pd.DataFrame(rows))
    return engine


def rows_of(engine: Engine, chosen: Chosen) -> list[tuple[str, int]]:
    return [(one.source_id, one.row) for one in quarantine.all_entries(engine, chosen)]


def test_counted_by_source_agency_and_rules(filled: Engine) -> None:
    assert quarantine.numbers(filled, Chosen(Q4, ALL)) == [
        Number("cam-lam", "", ("dates.readable", "statuses.status_known"), 1),
        Number("cam-lam", "H32.32", ("dates.readable",), 1),
        Number("cam-lam", "H32.32", ("statuses.status_known",), 1),
        Number("van-ninh", "H32.37", ("dates.readable",), 1),
    ]


CHOSEN = {
    "all": (Chosen(Q4, ALL), [("cam-lam", 3), ("cam-lam", 7), ("cam-lam", 9), ("van-ninh", 1)]),
    "a source": (Chosen(Q4, ("van-ninh",)), [("van-ninh", 1)]),
    "a rule, also beside another": (Chosen(Q4, ALL, "statuses.status_known"), [("cam-lam", 7), ("cam-lam", 9)]),
    "a rule is no pattern": (Chosen(Q4, ALL, "dates_readable"), []),
    "a part of a rule is none": (Chosen(Q4, ALL, "dates.read"), []),
    "an agency": (Chosen(Q4, ALL, agency_codes={"H32.32"}), [("cam-lam", 3), ("cam-lam", 9)]),
    "without agency": (Chosen(Q4, ALL, agency_codes={""}), [("cam-lam", 7)]),
    "another period": (Chosen("2024Q3", ALL), []),
    "of nobody": (Chosen(Q4, ()), []),
}


def test_what_is_chosen(filled: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quarantine, "_PIECE", 2)
    for case, (chosen, expected) in CHOSEN.items():
        assert rows_of(filled, chosen) == expected, case
        assert sum(n.rows for n in quarantine.numbers(filled, chosen)) == len(expected), case


def test_a_page_of_them(filled: Engine) -> None:
    pages = [quarantine.entries(filled, Chosen(Q4, ALL), skip=skip, at_most=3) for skip in (0, 3, 6)]
    assert [[one.row for one in page] for page in pages] == [[3, 7, 9], [1], []]
    first = pages[0][1]
    assert (first.dossier_code, first.agency_code, first.cells) == ("cam-lam-7", "", "dòng 7")
    assert first.rules == ("dates.readable", "statuses.status_known")

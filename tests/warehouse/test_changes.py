"""Changes between landings and accepted structures: only ever added to, and read in the order of what happened."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Engine

from tests.warehouse.examples import Q4, land, table
from warehouse import changes, structures
from warehouse.database import writing

CHANGES = """
kind          | dossier_code | column   | address | was        | now
new           | A            |          | 11      |            |
vanished      | B            |          | 12      |            |
due_rewritten | C            | due_date | 13      | 2024-11-10 | 2024-12-20
due_rewritten | D            | due_date |         | 2024-11-10 |
"""


def drawn(text: str = CHANGES) -> pd.DataFrame:
    return table(text).astype("str").fillna({"column": ""})


def note(engine: Engine, before: str, after: str, found: pd.DataFrame) -> None:
    pair = {"landing_id": after, "before_landing_id": before}
    with writing(engine) as connection:
        changes.enter(connection, period_id=Q4, source_id="cam-lam", **pair, changes=found)


def one(kind: str, code: str) -> pd.DataFrame:
    return drawn(f"kind | dossier_code | column | address | was | now\n{kind} | {code} | | 1 | |")


def test_changes_come_back_as_they_were_noted(engine: Engine) -> None:
    land(engine, "cam-lam")
    note(engine, "a", "b", drawn())
    stored = changes.changes(engine, Q4)
    assert set(stored["source_id"]) == {"cam-lam"}
    assert set(zip(stored["before_landing_id"], stored["landing_id"], strict=True)) == {("a", "b")}
    given = drawn()[list(changes.CHANGE_COLUMNS)]
    assert stored[list(changes.CHANGE_COLUMNS)].fillna("").equals(given.fillna("").astype("str"))
    assert changes.changes(engine, "2024Q3").empty


def test_the_same_pair_is_noted_once(engine: Engine) -> None:
    """A run that was killed after it had compared compares again."""
    land(engine, "cam-lam")
    note(engine, "a", "b", drawn())
    note(engine, "a", "b", drawn())
    note(engine, "b", "c", one("end_rewritten", "C"))
    assert len(changes.changes(engine, Q4)) == 5


def test_a_further_read_makes_nothing_of_the_past_unseen(engine: Engine) -> None:
    """Dossiers, each once a kind."""
    land(engine, "cam-lam")
    note(engine, "a", "b", drawn())
    note(engine, "b", "c", one("due_rewritten", "C"))
    note(engine, "c", "d", one("new", "E"))
    assert changes.counts(engine, Q4, "cam-lam") == {"new": 2, "vanished": 1, "due_rewritten": 2}
    assert changes.counts(engine, Q4, "cam-ranh") == changes.counts(engine, "2024Q3", "cam-lam") == {}


def test_one_that_vanished_and_came_back_has_not_vanished(engine: Engine) -> None:
    land(engine, "cam-lam")
    note(engine, "a", "b", one("vanished", "B"))
    note(engine, "b", "a", one("new", "B"))
    assert "vanished" not in changes.counts(engine, Q4, "cam-lam")
    note(engine, "a", "b", one("vanished", "B"))
    assert changes.counts(engine, Q4, "cam-lam")["vanished"] == 1


def test_structures_are_kept_and_the_newest_is_the_first(engine: Engine) -> None:
    for type_ in ("text", "date"):
        structures.accept(
            engine,
            "cam-lam",
            fingerprint=type_,
            structure={"dossiers": {"Ngày": type_}},
            mapping={"dossiers": {"Ngày": "due_date"}},
            by="run" if type_ == "text" else "operator",
        )
    newest, oldest = structures.accepted(engine, "cam-lam")
    assert (newest.structure["dossiers"]["Ngày"], newest.accepted_by) == ("date", "operator")
    assert (oldest.structure["dossiers"]["Ngày"], oldest.mapping) == ("text", {"dossiers": {"Ngày": "due_date"}})
    assert structures.accepted(engine, "cam-ranh") == []

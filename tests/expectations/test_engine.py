"""A check that did not run must never look like a check that passed."""

from __future__ import annotations

import gc
import socket
import sys
import weakref
from typing import Any, NoReturn

import numpy as np
import pandas as pd
import pytest

from contracts.codes import Severity
from expectations import engine
from expectations.engine import RuleNotEvaluatedError, evaluate
from expectations.rules import Given, Rule, equal, filled, matches_any, not_before, one_of, true, unique

FRAME = pd.DataFrame({"code": pd.Series(["a", None, "c"], dtype="str"), "here": [True, False, True]})


def rule(name: str, check: Any) -> Rule:
    return Rule(name, Severity.ERROR, check, "Câu tiếng Việt.")


def test_every_failing_row_comes_out_not_a_sample_of_them() -> None:
    rows = 5_000
    frame = pd.DataFrame({"code": pd.Series([None] * rows, dtype="str"), "here": [False] * rows})
    found = evaluate([rule("a", filled("code")), rule("b", true("here"))], frame)
    assert found["a"].tolist() == found["b"].tolist() == list(range(rows))


def test_positions_are_those_of_the_frame_whatever_its_index() -> None:
    shifted = FRAME.set_index(pd.Index([7, 7, 9], name="row"))
    assert evaluate([rule("a", filled("code"))], shifted)["a"].tolist() == [1]


def test_a_condition_limits_the_rows_and_keeps_their_positions() -> None:
    assert evaluate([rule("a", one_of("code", ["a"], where="here"))], FRAME)["a"].tolist() == [2]


def test_values_that_only_the_run_knows_are_filled_in() -> None:
    known = rule("a", one_of("code", Given.AGENCIES))
    assert evaluate([known], FRAME, given={Given.AGENCIES: ["a"]})["a"].tolist() == [2]
    assert evaluate([known], FRAME, given={Given.AGENCIES: []})["a"].tolist() == [0, 2]


def test_one_of_several_patterns_is_enough() -> None:
    either = rule("a", matches_any("code", Given.DOSSIER_CODE_PATTERNS))
    given = {Given.DOSSIER_CODE_PATTERNS: ["^a$", "^b$"]}
    assert evaluate([either], FRAME, given=given)["a"].tolist() == [2]


def test_missing_dates_cannot_be_compared_and_pass() -> None:
    day = np.datetime64("2024-10-01", "s")
    dates = pd.DataFrame({"later": [day, None, day], "earlier": [day, day, day + np.timedelta64(86400, "s")]})
    dates = dates.astype("datetime64[s]")
    assert evaluate([rule("a", not_before("later", "earlier"))], dates)["a"].tolist() == [2]


def test_a_missing_count_equals_nothing() -> None:
    counts = pd.DataFrame({"left": [1.0, None, 2.0], "right": [1.0, None, 3.0]})
    assert evaluate([rule("a", equal("left", "right"))], counts)["a"].tolist() == [1, 2]


def test_a_rule_on_a_column_that_is_not_there_is_a_bug_not_a_finding() -> None:
    with pytest.raises(RuleNotEvaluatedError, match="lost"):
        evaluate([rule("sound", filled("code")), rule("lost", filled("nowhere"))], FRAME)


def test_a_rule_that_the_library_loses_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = engine._validate
    monkeypatch.setattr(engine, "_validate", lambda *arguments: whole(*arguments)[1:])
    with pytest.raises(RuleNotEvaluatedError, match="1 of 2 rules"):
        evaluate([rule("a", filled("code")), rule("b", true("here"))], FRAME)


def test_two_rules_of_one_name_are_noticed() -> None:
    with pytest.raises(RuleNotEvaluatedError, match="1 of 2 rules"):
        evaluate([rule("a", filled("code")), rule("a", true("here"))], FRAME)


def test_nothing_is_looked_up_written_or_printed(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Any
) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("a name was looked up")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    evaluate([rule("a", filled("code"))], FRAME)
    with pytest.raises(RuleNotEvaluatedError):
        evaluate([rule("b", filled("nowhere"))], FRAME)
    assert capfd.readouterr() == ("", "")
    assert not list(tmp_path.iterdir())


def test_what_a_rule_looked_at_is_not_kept_after_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor until the next collection: three million rows are hundreds of megabytes."""
    looked_at, seen = engine._looked_at, []

    def noted(*arguments: Any) -> pd.DataFrame:
        frame = looked_at(*arguments)
        seen.append(weakref.ref(frame))
        return frame

    monkeypatch.setattr(engine, "_looked_at", noted)
    gc.disable()
    try:
        evaluate([rule("a", filled("code")), rule("b", filled("code", where="here"))], FRAME)
        assert [frame() for frame in seen] == [None, None]
    finally:
        gc.enable()


def test_a_rule_sees_its_own_columns_and_rows_and_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    checks = [filled("code"), filled("code", where="here"), not_before("later", "earlier"), unique(["code", "here"])]
    frame = FRAME.assign(later=1.0, earlier=2.0)
    shapes = [(list(f), f.index.tolist()) for f in (engine._looked_at(rule("a", check), frame) for check in checks)]
    assert shapes == [
        (["code"], [0, 1, 2]),
        (["code"], [0, 2]),
        (["later", "earlier"], [0, 1, 2]),
        (["code", "here"], [0, 1, 2]),
    ]


def test_a_condition_that_is_not_there_is_a_bug_not_a_finding() -> None:
    with pytest.raises(RuleNotEvaluatedError, match="no column nowhere"):
        evaluate([rule("a", filled("code", where="nowhere"))], FRAME)


def test_the_library_is_imported_on_first_use_only() -> None:
    import subprocess

    code = (
        "import sys, expectations.dossiers, expectations.facts, expectations.catalogue;"
        "sys.exit('great_expectations' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

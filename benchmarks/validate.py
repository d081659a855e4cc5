"""Every rule on every dossier, and the codes of those that break it: ours, plain Great Expectations, pandera.

All are given the same frames and the same declared rules and must name the same dossiers; what no native check compares
is computed for all by `expectations.evidence`. The libraries are imported before the clock starts.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read at import

import great_expectations as gx
import pandas as pd
import pandera.pandas as pa
from great_expectations.expectations.row_conditions import Column
from pandera.errors import SchemaErrors

from benchmarks import _validate_input as synthetic
from benchmarks._validate_input import Batch
from benchmarks.measure import Result, side_by_side
from expectations.dossiers import check_dossiers
from expectations.evidence import evidence
from expectations.rules import Given, Rule
from expectations.suites import DOSSIER_RULES

PROVINCE = synthetic.province()
CASES = {"300,000 dossiers": (300_000, 1, 3), "3,000,000 dossiers": (3_000_000, 1, 1)}
CASES |= {"30 sources of 2,000 dossiers": (60_000, 30, 3)}
"""Rows, sources that they are of, rounds."""
GIVEN: dict[Given, list[Any]] = {
    Given.AGENCIES: [unit.agency_code for unit in PROVINCE.units],
    Given.PROCEDURES: list(PROVINCE.procedures),
    Given.DOSSIER_CODE_PATTERNS: [form.pattern for form in PROVINCE.file.policy.dossier_code_patterns],
}
Told = Iterable[tuple[str, Iterable[str | None]]]
"""Rule → the codes of the dossiers that break it."""


def run() -> list[Result]:
    return [_case(case, rows, sources, rounds) for case, (rows, sources, rounds) in CASES.items()]


def _case(case: str, rows: int, sources: int, rounds: int) -> Result:
    with TemporaryDirectory() as folder:
        synthetic.write(Path(folder), rows=rows)
        ways = {way: f"{__name__}:{way}" for way in ("ours", "obvious", "pandera")}
        found = side_by_side(ways, folder, sources, rounds=rounds, summary=f"{__name__}:summary")
    answers = {way: one.answer for way, one in found.items()}
    if answers["obvious"] != answers["ours"] or answers["pandera"] != answers["ours"]:
        raise AssertionError(f"the ways differ: {answers}")
    silent = {rule.id for rule in DOSSIER_RULES} - {rule for rule, (count, _) in answers["ours"].items() if count}
    if silent:
        raise AssertionError(f"nothing breaks {silent}")
    ours = found["ours"]
    peers = {"pandera": found["pandera"].seconds}
    return Result("validate", case, ours.seconds, ours.peak_mb, found["obvious"].seconds, peers)


def ours(folder: str, sources: int) -> list[tuple[str, pd.Series]]:
    return [told for batch in _batches(folder, sources) for told in _ours(batch)]


def _ours(batch: Batch) -> Iterator[tuple[str, pd.Series]]:
    verdict = check_dossiers(
        batch.dossiers,
        batch.pauses,
        province=PROVINCE,
        snapshot=synthetic.SNAPSHOT,
        responsibility=synthetic.RESPONSIBILITY,
        elsewhere=batch.elsewhere,
    )
    for frame in (verdict.rejected, verdict.warned):
        for rules, codes in frame.groupby("rules")["dossier_code"]:
            yield from ((rule, codes) for rule in str(rules).split(","))


def obvious(folder: str, sources: int) -> list[tuple[str, list[str | None]]]:
    """One batch of everything, COMPLETE, the dossier's code as the column to find a row by."""
    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    return [told for batch in _batches(folder, sources) for told in _plain(_evidence(batch))]


def _plain(frame: pd.DataFrame) -> Iterator[tuple[str, list[str | None]]]:
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    definition = context.data_sources.add_pandas("p").add_dataframe_asset("f").add_batch_definition_whole_dataframe("w")
    suite = gx.ExpectationSuite(name="rules", expectations=[_expectation(rule) for rule in DOSSIER_RULES])
    complete = {"result_format": "COMPLETE", "unexpected_index_column_names": ["dossier_code"]}
    for result in definition.get_batch({"dataframe": frame}).validate(suite, result_format=complete).results:
        assert not result.exception_info["raised_exception"]
        rows = result.result.get("unexpected_index_list") or []
        yield result.expectation_config.meta["rule"], [row["dossier_code"] for row in rows]


def _expectation(rule: Rule) -> Any:
    where = {"row_condition": Column(rule.check.where) == True} if rule.check.where else {}  # noqa: E712
    return getattr(gx.expectations, rule.check.kind)(**_arguments(rule), **where, meta={"rule": rule.id})


def pandera(folder: str, sources: int) -> list[tuple[str, pd.Series]]:
    """One schema of checks, lazily: every failing row, by its position."""
    return [told for batch in _batches(folder, sources) for told in _schema_errors(_evidence(batch))]


def _schema_errors(frame: pd.DataFrame) -> Iterator[tuple[str, pd.Series]]:
    """A check stands with its first column: as one of the whole frame it would list every cell of a failing row."""
    checks: dict[str, list[pa.Check]] = {}
    for rule in DOSSIER_RULES:
        check = pa.Check(_holds(rule, frame), name=rule.id, ignore_na=False)
        checks.setdefault(rule.check.columns[0], []).append(check)
    schema = pa.DataFrameSchema({name: pa.Column(checks=own, nullable=True) for name, own in checks.items()})
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        for error in errors.schema_errors:
            yield error.check.name, frame["dossier_code"].iloc[error.failure_cases["index"]]


def _holds(rule: Rule, f: pd.DataFrame) -> Callable[[Any], Any]:
    """What the rule says, as one would write it for pandera: true where a row is as it should be."""
    check, arguments, columns = rule.check, _arguments(rule), rule.check.columns
    left, right = columns[0], columns[-1]
    holds: dict[str, Callable[[], Any]] = {
        "ExpectColumnValuesToNotBeNull": f[left].notna,
        "ExpectColumnValuesToBeNull": f[left].isna,
        "ExpectColumnValuesToBeInSet": lambda: f[left].isin(arguments["value_set"]) | f[left].isna(),
        "ExpectColumnValuesToMatchRegex": lambda: f[left].str.contains(arguments["regex"]) | f[left].isna(),
        "ExpectColumnValuesToMatchRegexList": lambda: (
            f[left].str.contains("|".join(arguments["regex_list"])) | f[left].isna()
        ),
        "ExpectColumnPairValuesAToBeGreaterThanB": lambda: (f[left] >= f[right]) | f[[left, right]].isna().any(axis=1),
    }
    return lambda _: holds[check.kind]() | (~f[check.where] if check.where else False)


def _arguments(rule: Rule) -> dict[str, Any]:
    return {k: GIVEN[v] if isinstance(v, Given) else v for k, v in rule.check.arguments.items()}


def _batches(folder: str, sources: int) -> Iterator[Batch]:
    whole = synthetic.read(folder)
    rows = len(whole.dossiers) // sources
    return (whole.part(number * rows, rows) if sources > 1 else whole for number in range(sources))


def _evidence(batch: Batch) -> pd.DataFrame:
    return evidence(
        batch.dossiers,
        batch.pauses,
        units=PROVINCE.units,
        snapshot=synthetic.SNAPSHOT,
        responsibility=synthetic.RESPONSIBILITY,
        elsewhere=batch.elsewhere,
    )


def summary(told: Told) -> dict[str, tuple[int, str]]:
    """Of each rule how many dossiers break it, and a digest of their codes."""
    codes: dict[str, list[str]] = {}
    for rule, found in told:
        codes.setdefault(rule, []).extend("" if pd.isna(code) else str(code) for code in found)
    digests = {rule: hashlib.sha256("\n".join(sorted(found)).encode()).hexdigest() for rule, found in codes.items()}
    return {rule: (len(codes[rule]), digests[rule][:16]) for rule in sorted(codes) if codes[rule]}

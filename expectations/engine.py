"""Great Expectations, used in this file alone: rules in, positions of the rows that break them out.

Suites are built anew at each run, in a context that lives in memory. What was evaluated is counted: an
expectation that silently did not run would be a check that passed.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from threading import Lock
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd

from expectations.rules import Check, Given, Rule

Positions = np.ndarray[Any, np.dtype[np.intp]]
Values = Mapping[Given, Sequence[str]]

_RESULT_FORMAT = {
    "result_format": "COMPLETE",  # every failing row; its number only, never what stands in it
    "exclude_unexpected_values": True,
    "return_unexpected_index_query": False,
}
_lock = Lock()  # contexts share one project per process


class RuleNotEvaluatedError(RuntimeError):
    """A rule could not be evaluated, or was lost on the way: a bug of ours, never a finding."""


def evaluate(rules: Sequence[Rule], frame: pd.DataFrame, *, given: Values | None = None) -> dict[str, Positions]:
    """For each rule the positions of the rows that break it; an empty array where none does.

    frame: the columns that the rules name. given: the values of each Given that they name.
    Raises RuleNotEvaluatedError where not every rule was evaluated on the whole frame.
    """
    with _lock:
        results = _validate(rules, frame.reset_index(drop=True), given or {})
    failing = {result.expectation_config.meta["rule"]: _positions(result) for result in results}
    lost = [rule.id for rule in rules if rule.id not in failing]
    if lost or not len(failing) == len(results) == len(rules):
        raise RuleNotEvaluatedError(f"{len(failing)} of {len(rules)} rules evaluated; lost: {', '.join(lost)}")
    return {rule.id: failing[rule.id] for rule in rules}


def _validate(rules: Sequence[Rule], frame: pd.DataFrame, given: Values) -> list[Any]:
    gx = _great_expectations()
    asset = _context(gx).data_sources.add_pandas("memory").add_dataframe_asset("frame")
    suite = gx.ExpectationSuite(name="rules", expectations=[_expectation(gx, rule, given) for rule in rules])
    from great_expectations.validator.v1_validator import Validator

    # Batch.validate would load the frame, and hash it, a second time.
    validator = Validator(
        batch_definition=asset.add_batch_definition_whole_dataframe("whole"),
        batch_parameters={"dataframe": frame},
        result_format=_RESULT_FORMAT,
    )
    results = validator.validate_expectation_suite(suite).results
    _context(gx)  # the library keeps the last context, and that one the frame: leave it an empty one
    return list(results)


def _great_expectations() -> ModuleType:
    """The library, silent: it sends nothing, draws no bars, and its log, which may quote values, is shut."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read at import
    import great_expectations as gx

    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    return gx


def _context(gx: ModuleType) -> Any:
    """A project in memory alone: the default one leaves a folder in /tmp each time."""
    from great_expectations.data_context.types import base

    stores = base.InMemoryStoreBackendDefaults(init_temp_docs_sites=False)
    quiet = base.DataContextConfig(
        store_backend_defaults=stores, progress_bars=base.ProgressBarsConfig(globally=False), analytics_enabled=False
    )
    return gx.get_context(mode="ephemeral", project_config=quiet)


def _expectation(gx: ModuleType, rule: Rule, given: Values) -> Any:
    check = rule.check
    arguments = {key: _value(value, given) for key, value in check.arguments.items()}
    kind = getattr(gx.expectations, check.kind)
    return kind(**arguments, **_row_condition(check), meta={"rule": rule.id})


def _value(value: Any, given: Values) -> Any:
    return list(given[value]) if isinstance(value, Given) else value


def _row_condition(check: Check) -> dict[str, Any]:
    if not check.where:
        return {}
    from great_expectations.expectations.row_conditions import Column

    return {"row_condition": Column(check.where) == True}  # noqa: E712  builds a condition


def _positions(result: Any) -> Positions:
    rule_id = result.expectation_config.meta["rule"]
    if result.exception_info.get("raised_exception", True):
        raise RuleNotEvaluatedError(f"rule {rule_id} could not be evaluated")  # the cause may quote a value
    found = np.array(result.result.get("unexpected_index_list") or [], dtype=np.intp)
    if result.success != (found.size == 0) or found.size != result.result["unexpected_count"]:
        raise RuleNotEvaluatedError(f"rule {rule_id}: the rows found do not add up to its own count")
    return found

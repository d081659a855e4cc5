"""Great Expectations, used in this file alone: rules in, positions of the rows that break them out.

Its metrics graph evaluates every rule, on a batch of the rule's own: the columns that the rule names and the rows that
it looks at. The library copies a whole batch several times a rule, so what a rule does not need costs most of the time.
What was evaluated is counted: an expectation that silently did not run would be a check that passed.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from functools import cache
from threading import Lock
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd

from expectations.imported_later import STATISTICS_AND_CHARTS, imported_later
from expectations.rules import Given, Rule

Positions = np.ndarray[Any, np.dtype[np.intp]]
Values = Mapping[Given, Sequence[str]]

_RESULT_FORMAT = {
    "result_format": "COMPLETE",  # every failing row; its number only, never what stands in it
    "exclude_unexpected_values": True,
    "return_unexpected_index_query": False,
}
_UNUSED = ("unexpected_values", "unexpected_index_query")
_lock = Lock()  # the library's project is one per process


class RuleNotEvaluatedError(RuntimeError):
    """A rule could not be evaluated, or was lost on the way: a bug of ours, never a finding."""


def load() -> None:
    """Import the library now, for who has the time before there is anything to check."""
    _context(_great_expectations())


def evaluate(rules: Sequence[Rule], frame: pd.DataFrame, *, given: Values | None = None) -> dict[str, Positions]:
    """For each rule the positions of the rows that break it; an empty array where none does.

    frame: the columns that the rules name. given: the values of each Given that they name.
    Raises RuleNotEvaluatedError where not every rule was evaluated on all its rows.
    """
    numbered = frame.reset_index(drop=True)
    with _lock:
        results = _validate(rules, numbered, given or {})
    failing = {result.expectation_config.meta["rule"]: _positions(result) for result in results}
    lost = [rule.id for rule in rules if rule.id not in failing]
    if lost or not len(failing) == len(results) == len(rules):
        raise RuleNotEvaluatedError(f"{len(failing)} of {len(rules)} rules evaluated; lost: {', '.join(lost)}")
    return {rule.id: failing[rule.id] for rule in rules}


def _validate(rules: Sequence[Rule], frame: pd.DataFrame, given: Values) -> list[Any]:
    gx = _great_expectations()
    suite = gx.ExpectationSuite(name="rules", expectations=[_expectation(gx, rule, given) for rule in rules])
    pairs = zip(suite.expectations, rules, strict=False)  # one that the suite lost is missed in `evaluate`
    return [result for expectation, rule in pairs for result in _results(gx, expectation, _looked_at(rule, frame))]


def _results(gx: ModuleType, expectation: Any, frame: pd.DataFrame) -> list[Any]:
    """One result. A batch definition of a data source would hash the whole frame, twice, and keep it."""
    from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
    from great_expectations.validator.validator import Validator

    batch = PandasExecutionEngine()  # given the frame here, its configuration would keep it
    batch.load_batch_data("batch", frame)
    validator = Validator(execution_engine=batch, data_context=_context(gx))
    try:
        results: list[Any] = validator.graph_validate(
            configurations=[expectation.configuration], runtime_configuration={"result_format": _RESULT_FORMAT}
        )
    finally:
        batch.batch_manager.batch_data_cache.clear()  # stands in a cycle, which would keep the frame for a while
    return results


def _looked_at(rule: Rule, frame: pd.DataFrame) -> pd.DataFrame:
    """The rule's columns of the rows that it looks at, under the row numbers of the whole."""
    names, where = [name for name in rule.check.columns if name in frame], rule.check.where
    if not where:
        return frame[names]
    if where not in frame:
        raise RuleNotEvaluatedError(f"rule {rule.id}: there is no column {where}")
    return frame.loc[frame[where].to_numpy(dtype=bool), names]


def _expectation(gx: ModuleType, rule: Rule, given: Values) -> Any:
    arguments = {key: _value(value, given) for key, value in rule.check.arguments.items()}
    return _kind(gx, rule.check.kind)(**arguments, meta={"rule": rule.id})


def _value(value: Any, given: Values) -> Any:
    return list(given[value]) if isinstance(value, Given) else value


@cache
def _great_expectations() -> ModuleType:
    """The library, silent: it sends nothing, draws no bars, and its log, which may quote values, is shut."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read at import
    with imported_later(STATISTICS_AND_CHARTS):
        import great_expectations as gx

    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    return gx


@cache
def _context(gx: ModuleType) -> Any:
    """A project in memory alone, that never holds any data: the default one leaves a folder in /tmp each time."""
    from great_expectations.data_context.types import base

    stores = base.InMemoryStoreBackendDefaults(init_temp_docs_sites=False)
    quiet = base.DataContextConfig(
        store_backend_defaults=stores, progress_bars=base.ProgressBarsConfig(globally=False), analytics_enabled=False
    )
    return gx.get_context(mode="ephemeral", project_config=quiet)


class _Once:
    """An expectation that says what it is once and what it needs once, and asks for no values of failing rows.

    The library makes one of its configuration for each of its metrics, and asks each more than four times for its
    configuration, which it would write anew each time: half of the check of a small source."""

    _configuration: Any
    _needed: Any

    @property
    def configuration(self) -> Any:
        if self._configuration is None:
            written = super().configuration  # type: ignore[misc]
            self._configuration = _known(written.__class__)(type=written.type, kwargs=written.kwargs, meta=written.meta)
        return self._configuration

    def get_validation_dependencies(self, *args: Any, **kwargs: Any) -> Any:
        if self._needed is None:
            self._needed = super().get_validation_dependencies(*args, **kwargs)  # type: ignore[misc]
            for metric in [m for m in self._needed.metric_configurations if m.endswith(_UNUSED)]:
                self._needed.remove_metric_configuration(metric)
        return self._needed


@cache
def _known(configuration: type) -> type:
    """The library's configuration, which keeps the expectation that was made of it."""

    class Known(configuration):  # type: ignore[misc]
        _made: Any = None

        def to_domain_obj(self) -> Any:
            if self._made is None:
                self._made = super().to_domain_obj()
                self._made._configuration = self
            return self._made

    return Known


@cache
def _kind(gx: ModuleType, name: str) -> Any:
    """The library's expectation of that name, registered under another one."""
    from great_expectations.compatibility.pydantic import PrivateAttr

    parents: tuple[type, ...] = (_Once, getattr(gx.expectations, name))
    kept = {"_configuration": PrivateAttr(default=None), "_needed": PrivateAttr(default=None)}
    return type(parents[1])(f"{name}Once", parents, {"__module__": __name__} | kept)


def _positions(result: Any) -> Positions:
    rule_id = result.expectation_config.meta["rule"]
    if result.exception_info.get("raised_exception", True):
        raise RuleNotEvaluatedError(f"rule {rule_id} could not be evaluated")  # the cause may quote a value
    found = np.array(result.result.get("unexpected_index_list") or [], dtype=np.intp)
    if result.success != (found.size == 0) or found.size != result.result["unexpected_count"]:
        raise RuleNotEvaluatedError(f"rule {rule_id}: the rows found do not add up to its own count")
    return found

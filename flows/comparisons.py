"""A period against the one before, and against the same one last year: made anew whenever it is wanted, and stored by
each run for those who read it later."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Engine

from contracts.comparisons import CARRIED_OVER, DEVIATION_COLUMNS, UNUSUAL_CHANGE
from contracts.periods import Period
from contracts.responsibility import answering
from flows.continued import NOT_SETTLED, Continued, continued_from
from flows.place import Place
from flows.unusual import unusual_since
from warehouse import comparisons, ledger

NOT_CONTINUED = "không đối chiếu được hồ sơ kỳ trước chuyển sang: "
"""Beginning of the event in the ledger's history that says so."""


def compare(engine: Engine, place: Place, *, stand: str | None = None) -> None:
    """Replace what the warehouse holds of the two comparisons, and tell the ledger of sources that were left out.

    stand: of the period's sources beforehand. Raises StandMoved, and replaces nothing, where they stand otherwise."""
    continued, changed = continued_from(engine, place), unusual_since(engine, place)
    comparisons.replace_continuity(engine, place.period.id, continued.dossiers, stand=stand)
    told = [
        _of_rule(CARRIED_OVER, continued.before, broken(place, continued)),
        _of_rule(UNUSUAL_CHANGE, changed.then, changed.changes),
    ]
    rules = (CARRIED_OVER, UNUSUAL_CHANGE)
    comparisons.replace_deviations(engine, place.period.id, rules, pd.concat(told, ignore_index=True), stand=stand)
    _remark(engine, place, continued)


def broken(place: Place, continued: Continued) -> pd.DataFrame:
    """DEVIATION_COLUMNS: the units whose (6) is not the (11) of the period before. A unit of which a source was left
    out is not there: only a part of its dossiers was compared."""
    tree = place.province.units
    out = [s for s in place.sources() if s.id not in continued.compared]
    sums = continued.units.groupby("agency_code")[["previous_open", "carried_over"]].sum().reset_index()
    whole = [tree.has_agency(code) and not answering(code, out, tree) for code in sums["agency_code"]]
    differing = sums[pd.Series(whole, dtype=bool) & (sums["previous_open"] != sums["carried_over"])]
    named = differing.rename(columns={"previous_open": "was", "carried_over": "now"})
    return named.assign(measure="carried_over")[list(DEVIATION_COLUMNS)]


def _of_rule(rule_id: str, compared_with: Period | None, deviations: pd.DataFrame) -> pd.DataFrame:
    return deviations.assign(rule_id=rule_id, compared_with=compared_with.id if compared_with else "")


def _remark(engine: Engine, place: Place, continued: Continued) -> None:
    """Of a source that is left out while others are compared, or for what its period lacks; once an attempt."""
    worth = {s: why for s, why in continued.left_out.items() if continued.compared or why.startswith(NOT_SETTLED)}
    ledger.remark_once(engine, place.period.id, {s: f"{NOT_CONTINUED}{why}" for s, why in worth.items()})

"""The check of facts: form II.06's identities row by row, and continuity from one period to the next."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from contracts.codes import Series
from contracts.columns import FACT_KEYS, FORM_COLUMNS, MEASURES, MEMOS, OPEN
from contracts.errors import CriticalCheckError
from expectations.engine import evaluate
from expectations.suites import continuity
from expectations.suites import facts as suite

_SUMS = {
    "(3)": (3,),
    "(4)+(5)+(6)": (4, 5, 6),
    "(7)": (7,),
    "(8)+(9)+(10)": (8, 9, 10),
    "(11)": (11,),
    "(12)+(13)": (12, 13),
    "(7)+(11)": (7, 11),
}
_NEW = (*FORM_COLUMNS[4], *FORM_COLUMNS[5])
_PARTS = (
    *(("offered", "level_known"), ("offered_online", "offered"), ("offered_online", "received_online")),
    *(("offered_full", "offered"), ("offered_full_online", "offered_full"), ("offered_full_online", "offered_online")),
    *(("returned_by_post", "returned_known"), ("by_post", "by_post_known")),
    *(("fee_due", "fee_known"), ("paid_known", "fee_due"), ("paid_online", "paid_known")),
    *(("result_electronic", "result_known"), ("digitised", "digitised_known"), ("reused", "reused_known")),
    *(("timed", "processed"), ("timed", "timed_limit_days"), ("timed_days", "processing_days")),
)
_PARTS_AND_WHOLES = (
    (("withdrawn",), ("early", "on_time")),
    (("stopped", "paused"), FORM_COLUMNS[12]),
    (("no_due_date",), ("on_time", "open_in_time")),
    (("linked_known",), FORM_COLUMNS[7]),
    (("linked_resolved",), ("linked_known",)),
    (("linked_overdue",), FORM_COLUMNS[10]),
    *(((whole,), _NEW) for whole in ("linked_received", "level_known", "digitised_known", "reused_known")),
    *(((whole,), FORM_COLUMNS[7]) for whole in ("returned_known", "result_known", "processed")),
    (("by_post_known",), (*_NEW, *FORM_COLUMNS[7])),
    (("fee_known",), FORM_COLUMNS[3]),
    *(((part,), (whole,)) for part, whole in _PARTS),
)
"""Memos, and the measures or memos that they are a part of."""
_SERIES = {str(Series.FORMS): "biểu mẫu", str(Series.INDEX): "bộ chỉ số"}
_ADVICE = "không ký số liệu của kỳ này; giữ nguyên thư mục trích xuất và báo cho đơn vị phát triển"
CONTINUITY_COLUMNS = ["unit_code", "previous_open", "carried_over", "difference"]


def check_facts(facts: pd.DataFrame) -> int:
    """The number of rules evaluated; facts: FACT_KEYS + MEASURES + MEMOS.

    Raises CriticalCheckError where a row breaks one: an identity of form II.06 (TT 01/2020/TT-VPCP), a count
    that is missing or negative, a key that is missing or there twice.
    """
    form = form_columns(facts)
    failing = evaluate(suite.RULES, form)
    for rule in suite.RULES:
        rows = failing[rule.id]
        if len(rows):
            said = f"{rule.sentence} {len(rows)} dòng; dòng đầu: {_described(form.iloc[rows[0]], rule.check.arguments)}"
            raise CriticalCheckError(said, advice=_ADVICE)
    return len(failing)


def form_columns(facts: pd.DataFrame) -> pd.DataFrame:
    """Facts as form II.06 reads them: keys, and each sum of its identities added up on its own."""
    counts = facts[[*MEASURES, *MEMOS]].astype("float64")  # whole up to 2^53; a missing count stays missing
    sums = {
        head: sum((counts[m] for number in numbers for m in FORM_COLUMNS[number]), start=0.0)
        for head, numbers in _SUMS.items()
    }
    fits = [counts[list(p)].sum(axis=1) <= counts[list(whole)].sum(axis=1) for p, whole in _PARTS_AND_WHOLES]
    return facts[list(FACT_KEYS)].assign(
        **sums,
        least=counts.min(axis=1, skipna=False),
        zero=0.0,
        keyed=facts[list(FACT_KEYS)].notna().all(axis=1),
        notes_fit=np.logical_and.reduce(fits),
    )


def check_continuity(facts: pd.DataFrame, previous_facts: pd.DataFrame) -> pd.DataFrame:
    """Units whose (6) is not the (11) of the adjacent period before: a warning, for records may be corrected.

    Both: FACT_KEYS + MEASURES; only the forms' series is compared. A unit in one of them alone had nothing in
    the other: leave out of both the units whose source was missing in either period. Without any facts of the
    period before there is nothing to compare with.
    Returns CONTINUITY_COLUMNS, by unit; difference = carried_over - previous_open.
    """
    carried_over = _by_unit(facts, ("carried_over",))
    previous_open = _by_unit(previous_facts, OPEN)
    by_unit = pd.DataFrame({"previous_open": previous_open, "carried_over": carried_over}).fillna(0).astype("int64")
    by_unit = by_unit.rename_axis("unit_code").reset_index()
    if previous_open.empty:
        by_unit = by_unit.iloc[:0]
    (rule,) = continuity.RULES
    broken = by_unit.iloc[evaluate([rule], by_unit)[rule.id]]
    return broken.assign(difference=broken["carried_over"] - broken["previous_open"]).reset_index(drop=True)


def _by_unit(facts: pd.DataFrame, measures: tuple[str, ...]) -> pd.Series:
    forms = facts[facts["series"] == str(Series.FORMS)]
    return forms[list(measures)].sum(axis=1).groupby(forms["unit_code"], observed=True).sum()


def _described(row: pd.Series, compared: Mapping[str, Any]) -> str:
    """The row's keys, and both sides of what was compared. No key of a fact is personal."""
    said = [
        f"chuỗi {_SERIES.get(row['series'], row['series'])}",
        f"cơ quan {row['agency_code']}",
        f"đơn vị {row['unit_code']}",
        f"lĩnh vực {row['field']}",
        f"thủ tục {row['procedure_code']}",
    ]
    sides = [head for head in (compared.get("column_A"), compared.get("column_B")) if head in _SUMS]
    return ", ".join([*said, *(f"{head} = {_number(row[head])}" for head in sides)])


def _number(count: float) -> str:
    return "trống" if math.isnan(count) else f"{count:,.0f}".replace(",", ".")

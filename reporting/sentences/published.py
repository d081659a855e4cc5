"""Where the published points of the 766 index are not what our dossiers come to: both, and neither is corrected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from reporting.formats import count_text
from reporting.index766 import difference_text, score_text

NAMED = 3
_SAME = "0,00"


def differing(records: Iterable[Mapping[str, Any]]) -> str:
    """records: of the report's unit, as transforms.scorecard has them. The largest differences; "" where nothing
    published differs from ours."""
    found = [one for one in records if one["indicator"] and one["published_score"] is not None and _differs(one)]
    if not found:
        return ""
    ordered = sorted(found, key=lambda one: -abs(one["difference"]))
    named = "; ".join(map(_one, ordered[:NAMED]))
    more = f"; và {count_text(len(found) - NAMED)} chỉ tiêu khác" if len(found) > NAMED else ""
    return (
        f"Điểm công bố theo chỉ số 766 khác điểm ước tính từ hồ sơ ở {count_text(len(found))} chỉ tiêu: {named}{more}."
    )


def _differs(one: Mapping[str, Any]) -> bool:
    return one["difference"] is not None and difference_text(one["difference"]) != _SAME


def _one(one: Mapping[str, Any]) -> str:
    points = f"công bố {score_text(one['published_score'])} điểm, ước tính {score_text(one['our_score'])} điểm"
    return f"{one['label']} ({points}, chênh lệch {difference_text(one['difference'])})"

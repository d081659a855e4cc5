"""Figures out of the portal's answers, each as it was published (docs/scoring-766.md).

Two shapes: a list of agencies each with its metrics («evaluation»), and a tree of counts («parent», «children») whose
items the portal gives no code; those have one of ours. Null stays None, 0 stays 0, and nothing is computed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from contracts.published import Group, PublishedFigure

Node = Mapping[str, Any]
Counts = tuple[str, str]

PROGRESS = "PROGRESS_ON_TIME"
PAYMENT: Mapping[str, Counts] = {
    "PAYMENT_DOSSIERS": ("totalDossierOnlinePaymentSuccess", "totalDossierFinancialObligation"),
    "PAYMENT_PROCEDURES_PAID": ("totalDossierOnlineFormalityPaymentSuccess", "totalFeeFormality"),
    "PAYMENT_PROCEDURES_FEE": ("totalFeeDossierFormality", "totalFeeFormality"),
}
"""Indicator → numerator and denominator."""


LARGEST = 1e15
"""Beyond it a count is no longer exact, and no figure of a province."""


class Unreadable(Exception):
    """The answer is not of the observed shape; one Vietnamese clause without any of its content."""


def opened(content: bytes) -> dict[str, Any]:
    """The answer, whose code must be OK and whose data an object."""
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        raise Unreadable("bản trả lời không phải là JSON") from None
    if not isinstance(said, dict) or said.get("code") != "OK":
        raise Unreadable("Cổng không trả lời «OK»")
    if not isinstance(said.get("data"), dict):
        raise Unreadable("bản trả lời không có «data»")
    return said


def total_pages(said: Node) -> int:
    """How many pages the answer says there are; one where it does not say."""
    found = said["data"].get("totalPages", said.get("totalPages"))
    return 1 if found is None else _count(found, "totalPages") or 1


def figures_of(group: Group, pages: Sequence[Node], *, period_id: str, root_agency: str) -> list[PublishedFigure]:
    """The group's figures of all agencies. Raises Unreadable, also where an agency has an indicator twice with
    different figures."""
    found: dict[tuple[str, str], PublishedFigure] = {}
    for node, is_root in _nodes(pages):
        agency = _agency(node, root_agency if is_root else "")
        for values in _values(group, node):
            figure = PublishedFigure(period_id=period_id, group_id=group, **agency, **values)
            known = found.setdefault((figure.agency_code, figure.indicator), figure)
            if known != figure:
                raise Unreadable(f"cơ quan {figure.agency_code} có hai số khác nhau cho {figure.indicator}")
    if not found:
        raise Unreadable("bản trả lời không có số liệu của cơ quan nào")
    return list(found.values())


def _nodes(pages: Sequence[Node]) -> Iterator[tuple[Node, bool]]:
    """Every agency of all pages, and whether it is the province itself."""
    for data in pages:
        if "evaluation" in data:
            overview = data.get("overview")
            if isinstance(overview, dict) and isinstance(overview.get("metrics"), list):
                yield overview, True
            yield from ((node, False) for node in _list(data, "evaluation"))
        else:
            yield _object(data.get("parent"), "parent"), True
            yield from ((node, False) for node in _descendants(data))


def _descendants(node: Node) -> Iterator[Node]:
    for child in _list(node, "children"):
        yield child
        if child.get("children"):
            yield from _descendants(child)


def _agency(node: Node, otherwise: str) -> dict[str, Any]:
    code = node.get("departmentCode") or otherwise
    if not isinstance(code, str) or not code:
        raise Unreadable("có cơ quan không có «departmentCode»")
    level = node.get("level", node.get("departmentLevel"))
    return {
        "agency_code": code.strip(),
        "agency_name": _text(node.get("departmentName"), "departmentName"),
        "level": _text(level, "level"),
    }


def _values(group: Group, node: Node) -> Iterator[dict[str, Any]]:
    match group:
        case Group.PROGRESS:
            yield {"indicator": PROGRESS, **_counts(node, ("totalOnTime", "totalReceived")), **_points(node)}
        case Group.PAYMENT:
            yield from _items(node, PAYMENT)
            yield from _whole(group, node)
        case Group.ONLINE:
            yield from _online(node)
            yield from _whole(group, node)
        case _:
            yield from (_metric(metric) for metric in _list(node, "metrics"))
            yield from _whole(group, node)


def _metric(metric: Node) -> dict[str, Any]:
    indicator = metric.get("code") or metric.get("name")
    if not isinstance(indicator, str):
        raise Unreadable("có chỉ tiêu không có «code»")
    return {
        "indicator": indicator,
        **_counts(metric, ("numerator", "denominator")),
        **_points(metric),
        "quality_flag": _text(metric.get("dataQualityStatus"), "dataQualityStatus"),
        "quality_message": _text(metric.get("dataQualityMessage"), "dataQualityMessage"),
    }


def _items(node: Node, items: Mapping[str, Counts]) -> Iterator[dict[str, Any]]:
    """Counts that stand in the node; the portal gives them no score of their own."""
    for indicator, names in items.items():
        if any(name in node for name in names):
            yield {"indicator": indicator, **_counts(node, names)}


def _online(node: Node) -> Iterator[dict[str, Any]]:
    """Only the province has these counts. Services with a dossier are read from `onlineDossierCount`, which was never
    seen explained: where it is more than there are services it counts something else, and is left out."""
    partial, full = (_count(node.get(name), name) for name in ("partialCount", "fullCount"))
    if "authorityCount" in node:
        provided = None if partial is None or full is None else partial + full
        authority = _count(node["authorityCount"], "authorityCount")
        yield {"indicator": "ONLINE_PROVISION", "numerator": provided, "denominator": authority}
    if "onlineServiceTotal" in node:
        used = _counts(node, ("onlineDossierCount", "onlineServiceTotal"))
        count, services = used["numerator"], used["denominator"]
        if count is not None and services is not None and count > services:
            used["numerator"] = None
        yield {"indicator": "ONLINE_USED", **used}
    yield from _items(node, {"ONLINE_SUBMISSION": ("channelOnlineSum", "channelTotalSum")})


def _whole(group: Group, node: Node) -> Iterator[dict[str, Any]]:
    """The score of the group as a whole, where the node has one."""
    if "score" in node:
        yield {"indicator": group.whole, **_points(node)}


def _counts(node: Node, names: Counts) -> dict[str, int | None]:
    return dict(zip(("numerator", "denominator"), (_count(node.get(n), n) for n in names), strict=True))


def _points(node: Node) -> dict[str, float | None]:
    names = {"ratio": "ratio", "score": "score", "max_score": "maxScore"}
    return {ours: _number(node.get(theirs), theirs) for ours, theirs in names.items()}


def _count(value: Any, name: str) -> int | None:
    found = _number(value, name)
    if found is not None and not found.is_integer():
        raise Unreadable(f"«{name}» không phải là số nguyên")
    return None if found is None else int(value)


def _number(value: Any, name: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= LARGEST:
        raise Unreadable(f"«{name}» không phải là số")
    return float(value)


def _text(value: Any, name: str) -> str | None:
    if value is not None and not isinstance(value, str):
        raise Unreadable(f"«{name}» không phải là chữ")
    return value


def _list(node: Node, name: str) -> list[Node]:
    found = node.get(name)
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Unreadable(f"«{name}» không phải là danh sách")
    return found


def _object(value: Any, name: str) -> Node:
    if not isinstance(value, dict):
        raise Unreadable(f"«{name}» không phải là đối tượng")
    return value

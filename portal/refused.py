"""Whoever asks for what is not his is entered in the audit trail: once a minute a person, route, period and unit, for a
link that is followed again and again tells nothing more; one unit tried after another does."""

from __future__ import annotations

from fastapi import Request

from portal.house import House, house_of
from portal.looks import recent
from portal.people import find_person
from portal.refusals import Forbidden, NotFound, Refusal, StaleForm
from warehouse import audit, read

REPEATED_WITHIN = 60.0
RESULTS: dict[type[Refusal], str] = {
    Forbidden: "không có quyền",
    NotFound: "không có, hoặc của đơn vị khác",
    StaleForm: "biểu mẫu không hợp lệ",
}


def enter(request: Request, refusal: Refusal) -> None:
    """Where somebody is signed in, and a route of ours was asked. Only what is known to us is entered, never what was
    typed: the route's template, a period and a unit that there are."""
    why = next((said for kind, said in RESULTS.items() if isinstance(refusal, kind)), None)
    person = find_person(request) if why else None
    template = getattr(request.scope.get("route"), "path", None)
    if why is None or person is None or template is None:
        return
    house, before = house_of(request), recent(request, "refusals", REPEATED_WITHIN)
    known = _known(house, request.path_params)
    key = (person.account.id, template, why, *known.values())
    if key in before:
        return
    about = {"page": template, "method": request.method}
    audit.enter(house.engine, person.deed("refused", result=why, about=about, **known))
    before.add(key)


def _known(house: House, asked: dict[str, object]) -> dict[str, str]:
    """period_id and unit_code, of those in the path that are ours."""
    period, unit = str(asked.get("period", "")), str(asked.get("unit", ""))
    return {
        "period_id": period if period in read.period_ids(house.engine) else "",
        "unit_code": unit if house.unit_with(unit) else "",
    }

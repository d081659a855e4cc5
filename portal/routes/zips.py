"""A whole quarter as one zip."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response, StreamingResponse

from contracts.roles import Right
from portal.bundle import bundle
from portal.catalogue import period_with
from portal.house import house_of
from portal.people import Person, needs
from portal.refusals import NotFound
from portal.zip_stream import zipped
from warehouse import audit

router = APIRouter()


@router.get("/ky/{period}/bao-cao.zip")
def quarter(
    request: Request,
    person: Annotated[Person, Depends(needs(Right.READ_PUBLISHED))],
    period: str,
    du_thao: Annotated[str, Query(alias="du-thao")] = "",
) -> Response:
    """What the person may see of the period. du_thao: 1 for marked copies of drafts, too, for who may read drafts."""
    house = house_of(request)
    named = period_with(period, house.province.file.period_rule)
    found = bundle(house, person, named, drafts=du_thao == "1")
    if found is None:
        raise NotFound
    drafts = "-kem-du-thao" if found.drafts else ""
    name = f"bao-cao-cchc-{period.replace('..', '-den-')}-{house.province.id}{drafts}.zip"
    about = {"file": "cả kỳ (zip)", "name": name, "reports": len(found.lines)}
    audit.enter(house.engine, person.deed("download", period_id=period, about=about))
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return StreamingResponse(zipped(found.entries()), media_type="application/zip", headers=headers)

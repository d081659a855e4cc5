"""The files of a report: to be read in the browser or taken away, each registered byte for byte."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import FileResponse, Response

from contracts.roles import Right
from portal.files import PDF, SIGNED, FileNotAsRegistered, Handed, Offer, hand_out, offer_of
from portal.house import house_of
from portal.looks import looked
from portal.people import Person, needs
from portal.shelf import Shelved, taken
from warehouse import audit

router = APIRouter()
READER = Annotated[Person, Depends(needs(Right.READ_PUBLISHED))]
INLINE = {PDF, SIGNED}
"""What a browser shows; everything else is saved."""


@router.get("/bao-cao/{period}/{unit}/{version}/{kind}")
def file(
    request: Request,
    person: READER,
    *,
    period: str,
    unit: str,
    version: Annotated[int, Path(ge=1, lt=2**31)],
    kind: str,
    tai: Annotated[bool, Query()] = False,
) -> Response:
    """tai: to be saved, not shown."""
    house = house_of(request)
    one = taken(house, person, period, unit, version)
    offer = offer_of(house, one, kind)
    try:
        handed = hand_out(house, offer)
    except FileNotAsRegistered as error:
        audit.enter(house.engine, _deed(person, one, offer, result=error.result))
        raise
    headers = {"ETag": f'"{handed.sha256}"', "Cache-Control": "private, no-cache"}
    is_known = headers["ETag"] in request.headers.get("if-none-match", "")
    is_part = asks_for_a_part(request) and not is_known
    if is_known or is_part:  # a browser that shows a PDF asks for many, or shows what it kept
        looked(
            request,
            person,
            action="download",
            period_id=period,
            unit_code=unit,
            version=version,
            about=_about(offer) | ({"part": True} if is_part else {}),  # which is not yet to have opened it
        )
    else:
        audit.enter(house.engine, _deed(person, one, offer))
    if is_known:
        return Response(status_code=304, headers=headers)
    return _sent(handed, headers, inline=not tai and kind in INLINE)


def asks_for_a_part(request: Request) -> bool:
    """Also of one that is not there; bytes=0- is all of it."""
    return request.headers.get("range", "bytes=0-").strip() != "bytes=0-"


def _deed(person: Person, one: Shelved, offer: Offer, *, result: str = "ok") -> audit.Deed:
    version = one.version
    return person.deed(
        "download",
        result=result,
        period_id=version.period_id,
        unit_code=version.unit_code,
        version=version.version,
        about=_about(offer),
    )


def _about(offer: Offer) -> dict[str, object]:
    return {"file": offer.words, "name": offer.name}


def _sent(handed: Handed, headers: dict[str, str], *, inline: bool) -> FileResponse:
    """With parts where a browser asks for parts."""
    return FileResponse(
        handed.path,
        media_type=handed.type,
        filename=handed.name,
        headers=headers,
        content_disposition_type="inline" if inline else "attachment",
    )

"""What stands around every route, from the outside in: lines and counts, headers, host, size, errors; and the pace."""

from __future__ import annotations

from fastapi import FastAPI, Request

from portal.bodies import Bodies
from portal.faults import Faults
from portal.headers import Headers
from portal.hosts import Hosts
from portal.house import House, house_of
from portal.limits import Limit, limits_of, network_of
from portal.metrics import Metrics
from portal.people import find_person
from portal.telling import Telling, open_log

MACHINES = {"/healthz", "/metrics"}


def surround(app: FastAPI, house: House) -> None:
    app.state.log = open_log(house.settings.log)
    app.state.metrics = Metrics(house)
    app.add_middleware(Faults)  # the one that is added last is outermost
    app.add_middleware(Bodies)
    app.add_middleware(Hosts, own=house.settings.portal_url)
    app.add_middleware(Headers)
    app.add_middleware(Telling, log=app.state.log, metrics=app.state.metrics)


def keep_pace(request: Request) -> None:
    """A dependency of the whole application: more requests in a minute than a person makes are a program's. Raises
    TooMany. Style sheets and pictures are no routes and are not counted."""
    if request.url.path not in MACHINES:
        most = Limit(house_of(request).settings.requests_a_minute, seconds=60, of="requests")
        person = find_person(request)
        limits_of(request).take(most, f"person {person.account.id}" if person else network_of(request))

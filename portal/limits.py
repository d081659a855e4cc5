"""So many in so long, and no more: kept in memory, since one process serves the portal.

A route that anybody could hammer names its limit: `dependencies=[Depends(at_most(60, seconds=60, of="downloads"))]`;
whoever must count something else than requests asks `limits_of(request)` itself."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import cast

from fastapi import Request
from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from portal.people import address_of, find_person
from portal.refusals import TooMany


@dataclass(frozen=True)
class Limit:
    """times: in any span of so many seconds. of: what is counted, a name of its own for each kind."""

    times: int
    seconds: int
    of: str


class Limits:
    """What was done in the last while, by whom."""

    def __init__(self) -> None:
        self._window = MovingWindowRateLimiter(MemoryStorage())

    def take(self, limit: Limit, key: str) -> None:
        """Count one. Raises TooMany where there were enough of that key already."""
        if not self._window.hit(_item(limit), limit.of, key):
            raise self._refusal(limit, key)

    def look(self, limit: Limit, key: str) -> None:
        """Raises TooMany as `take` would, and counts nothing."""
        if not self._window.test(_item(limit), limit.of, key):
            raise self._refusal(limit, key)

    def count(self, limit: Limit, key: str) -> None:
        self._window.hit(_item(limit), limit.of, key)

    def forget(self, limit: Limit, key: str) -> None:
        self._window.clear(_item(limit), limit.of, key)

    def _refusal(self, limit: Limit, key: str) -> TooMany:
        freed_at = self._window.get_window_stats(_item(limit), limit.of, key).reset_time
        return TooMany(seconds=max(1, math.ceil(freed_at - time.time())))


def _item(limit: Limit) -> RateLimitItemPerSecond:
    return RateLimitItemPerSecond(limit.times, limit.seconds)


def limits_of(request: Request) -> Limits:
    return cast(Limits, request.app.state.limits)


def at_most(times: int, *, seconds: int, of: str) -> Callable[[Request], None]:
    """A dependency: so many of these requests by one person, or by one address where nobody is signed in. Raises
    TooMany."""
    limit = Limit(times, seconds, of)

    def no_more_than_that(request: Request) -> None:
        person = find_person(request)
        limits_of(request).take(limit, f"person {person.account.id}" if person else network_of(request))

    return no_more_than_that


def network_of(request: Request) -> str:
    """The address; of IPv6 the /64, all of which one machine may use."""
    said = address_of(request)
    try:
        address = ip_address(said)
    except ValueError:  # a socket without one
        return said
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or IPv6Address(int(address) >> 64 << 64))
    return said

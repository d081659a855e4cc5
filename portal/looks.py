"""Looks: who saw what. A look that is repeated within a few minutes is entered once: a page that is loaded again, a PDF
that a browser asks for piece by piece.

Entered are looks at a report's page, at figures and how they were made, at a source, at quarantine, at codes of
dossiers and at the audit trail itself; lists of links, help and one's own account are not."""

from __future__ import annotations

import json
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import cast

from fastapi import Request

from portal.house import house_of
from portal.people import Person
from warehouse import audit

REPEATED_WITHIN = 300.0
"""Seconds in which the same look is one."""
MOST = 10_000
"""Looks remembered; the oldest are forgotten first, which enters them once more."""


class Recent:
    """What happened within the last seconds."""

    def __init__(self, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self._now = now
        self._seen: OrderedDict[Hashable, float] = OrderedDict()
        self._alone = threading.Lock()

    def __contains__(self, what: Hashable) -> bool:
        with self._alone:
            before = self._seen.get(what)
            return before is not None and self._now() - before < self.seconds

    def add(self, what: Hashable) -> None:
        """It happened now."""
        with self._alone:
            self._seen[what] = self._now()
            self._seen.move_to_end(what)
            if len(self._seen) > MOST:
                self._seen.popitem(last=False)


def looked(
    request: Request,
    person: Person,
    *,
    action: str = "view",
    period_id: str = "",
    unit_code: str = "",
    version: int | None = None,
    about: Mapping[str, object] | None = None,
) -> None:
    """Enter that the person sees this, unless it was entered a moment ago. about: at least {"page": …}, the page's
    Vietnamese name; never a dossier code."""
    said = json.dumps(about or {}, ensure_ascii=False, sort_keys=True, default=str)
    key = (person.account.id, action, period_id, unit_code, version, said)
    before = recent(request, "looks", REPEATED_WITHIN)
    if key in before:
        return
    deed = person.deed(action, period_id=period_id, unit_code=unit_code, version=version, about=about or {})
    audit.enter(house_of(request).engine, deed)
    before.add(key)  # not sooner: what could not be entered is none of the looks that were


def recent(request: Request, name: str, seconds: float) -> Recent:
    """The application's memory of that name."""
    state = request.app.state
    if not hasattr(state, name):
        setattr(state, name, Recent(seconds))
    return cast(Recent, getattr(state, name))

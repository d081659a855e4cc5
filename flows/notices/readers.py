"""Who is to be told what: the people and programs of notices.toml, with the messages that each of them gets."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from contracts.errors import UsageError
from contracts.notices import NoticeSettings, Recipient, Webhook
from contracts.periods import Period, parse_period
from contracts.province import Province
from contracts.settings import Settings
from flows.notices import letters
from warehouse.notices import Draft, Notice, Reader


def readers_of(province: Province, settings: NoticeSettings) -> list[Reader]:
    portal = Settings().portal_url or ""
    mail = settings.file.mail
    domain = mail.domain if mail else ""
    return [
        *(
            Reader(
                "mail", one.to, partial(wants, province, one), partial(_letter, province, one, _Shown(portal, domain))
            )
            for one in settings.file.to
        ),
        *(
            Reader("webhook", one.to, partial(wants, province, one), partial(_calls, province, one, portal))
            for one in settings.file.webhook
        ),
    ]


def wants(province: Province, reader: Recipient | Webhook, notice: Notice) -> bool:
    """What is of the whole period goes to whoever wants its kind; what is of a source or unit, to whom it concerns."""
    if notice.kind not in reader.kinds:
        return False
    if not (reader.sources or reader.units) or not (notice.source_id or notice.units):
        return True
    if notice.source_id in reader.sources:
        return True
    below = {unit.agency_code for code in reader.units for unit in province.units.subtree(code)}
    return not below.isdisjoint(notice.units)


@dataclass(frozen=True)
class _Shown:
    """portal: address that people type, "" where there is none; domain: of whoever sends letters."""

    portal: str
    domain: str


def _letter(
    province: Province, reader: Recipient, shown: _Shown, notices: Sequence[Notice], over: Sequence[Notice]
) -> list[Draft]:
    period = _period(province, notices[0])
    text = letters.body(province.name, period, notices, over, portal=shown.portal, foot=letters.FOOT)
    subject = letters.subject(province.name, period, notices)
    mark = f"<{_digest(province, reader, [*notices, *over])}@{shown.domain}>"
    return [Draft(mark, "mail", reader.to, subject, text, tuple(notices), tuple(over))]


def _calls(
    province: Province, reader: Webhook, portal: str, notices: Sequence[Notice], over: Sequence[Notice]
) -> list[Draft]:
    """One call a notice; what is over stands in the first."""
    made = []
    for place, notice in enumerate(notices):
        back = tuple(over) if place == 0 else ()
        mark = _digest(province, reader, [notice, *back])
        subject, text = _told(province, mark, notice, back, portal)
        made.append(Draft(mark, "webhook", reader.to, subject, text, (notice,), back))
    return made


def _told(province: Province, mark: str, notice: Notice, over: Sequence[Notice], portal: str) -> tuple[str, str]:
    period = _period(province, notice)
    subject = letters.subject(province.name, period, [notice])
    said = {
        "id": mark,
        "kind": notice.kind,
        "province": province.id,
        "period": notice.period_id,
        "source": notice.source_id,
        "subject": subject,
        "text": letters.body(province.name, period, [notice], over, portal="", foot=""),
        "link": f"{portal.rstrip('/')}{notice.path}" if portal else "",
        "command": notice.command,
        "at": notice.raised_at.isoformat(),
    }
    return subject, json.dumps(said, ensure_ascii=False)


def _period(province: Province, notice: Notice) -> Period | None:
    try:
        return parse_period(notice.period_id, rule=province.file.period_rule) if notice.period_id else None
    except UsageError:  # of another rule's time
        return None


def _digest(province: Province, reader: Recipient | Webhook, told: Sequence[Notice]) -> str:
    """The same for the same occurrences to the same reader."""
    said = [province.id, reader.way, reader.to, *(f"{one.id} {one.cause} {one.raised_at.isoformat()}" for one in told)]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:40]

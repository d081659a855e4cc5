"""Releases as an Atom feed (RFC 4287): what was published, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from contracts.periods import Period
from portal.catalogue import period_with
from portal.house import House
from portal.people import Person
from portal.shelf import Shelved, all_shelves
from warehouse.stages import RELEASED

NAMESPACE = "http://www.w3.org/2005/Atom"
TYPE = "application/atom+xml; charset=utf-8"
MOST = 100
"""Entries; a program that reads news comes by more often than there are so many."""
_BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
ET.register_namespace("", NAMESPACE)


def releases(house: House, person: Person) -> list[Shelved]:
    """The versions that were published and that the person may see, the last published first."""
    found = [one for one in all_shelves(house, person) if one.stage in RELEASED and one.standing.published]
    return sorted(found, key=_order)[:MOST]


def _order(one: Shelved) -> tuple[float, str, str, int]:
    assert one.standing.published is not None
    version = one.version
    return -one.standing.published.at.timestamp(), version.period_id, version.unit_code, -version.version


def feed(house: House, person: Person, *, base: str) -> bytes:
    """base: the portal's address, without a slash at its end."""
    found = releases(house, person)
    top = ET.Element(_tag("feed"), {"{http://www.w3.org/XML/1998/namespace}lang": "vi"})
    own = person.account
    _text(top, "id", _id(house, "tin", str(own.id)))
    _text(top, "title", f"Báo cáo cải cách hành chính – {house.province.name}")
    _text(top, "subtitle", "Báo cáo đã công bố mà tài khoản được xem")
    _text(top, "updated", _moment(_updated(found)))
    ET.SubElement(top, _tag("link"), {"rel": "alternate", "type": "text/html", "href": f"{base}/bao-cao"})
    _text(ET.SubElement(top, _tag("author")), "name", house.province.name)
    for one in found:
        _entry(house, top, one, base)
    ET.indent(top)
    body: bytes = ET.tostring(top, encoding="utf-8", xml_declaration=True)
    return body


def _entry(house: House, top: ET.Element, one: Shelved, base: str) -> None:
    version, published = one.version, one.standing.published
    assert published is not None
    period: Period = period_with(version.period_id, house.province.file.period_rule)
    entry = ET.SubElement(top, _tag("entry"))
    number = str(version.version)
    _text(entry, "id", _id(house, version.period_id, version.unit_code, number))
    _text(entry, "title", f"{one.unit.name} – {period.label}: công bố bản {number}")
    _text(entry, "updated", _moment(published.at))
    _text(entry, "published", _moment(published.at))
    href = f"{base}/bao-cao/{version.period_id}/{version.unit_code}?ban={number}"
    ET.SubElement(entry, _tag("link"), {"rel": "alternate", "type": "text/html", "href": href})
    why = f" Ghi chú: {published.note}." if published.note else ""
    _text(entry, "summary", f"Lý do in bản này: {version.reason}.{why}")


def _updated(found: Sequence[Shelved]) -> datetime:
    """When the newest was published; of a feed without entries a day that does not move."""
    first = found[0].standing.published if found else None
    return first.at if first else _BEGIN


def _id(house: House, *parts: str) -> str:
    """The same whatever the portal's address becomes."""
    return f"tag:cchc.{house.province.id},2024:{'/'.join(parts)}"


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _text(above: ET.Element, name: str, text: str) -> None:
    ET.SubElement(above, _tag(name)).text = "".join(c for c in text if c.isprintable())

"""Published figures of a province: fetched from the national portal, stored beside ours, and what is odd about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contracts import clock
from contracts.codes import Level
from contracts.errors import UsageError
from contracts.published import PublishedFigure, calendar_of, read_published
from flows.place import Place, find_place
from sources.interfaces import portal
from sources.interfaces.portal import Fetched
from warehouse import published

_LISTED = 10


@dataclass(frozen=True)
class PublishedResult:
    """remarks: Vietnamese sentences on what an officer should look at; nothing was left out for them."""

    fetched: Fetched
    remarks: tuple[str, ...]


def fetch_published(period: str) -> PublishedResult:
    """Fetch a period's published figures and store them, whole or not at all. Raises CchcError."""
    place = find_place(period)
    calendar_of(place.period)
    check_begun(place)
    settings = read_published(place.province.folder)
    engine = place.open_warehouse()  # before the portal is asked: what could not be stored is not asked for
    root = place.province.units.root.agency_code
    home = place.home / "published"
    fetched = portal.fetch(settings, period=place.period, root_agency=root, home=home)
    published.store(engine, fetched.figures, fetched_at=fetched.fetched_at)
    return PublishedResult(fetched, tuple(_remarks(place, fetched.figures)))


def check_begun(place: Place) -> None:
    """Raises UsageError where the period lies ahead: nothing can have been published of it."""
    index = place.period.index
    if index is None or index.first_day > clock.today():
        raise UsageError(f"kỳ {place.period.id} chưa bắt đầu", advice="chọn kỳ đã bắt đầu")


def _remarks(place: Place, figures: Sequence[PublishedFigure]) -> Iterator[str]:
    """Agencies that only one side knows, and parts that do not add up to their whole."""
    assert place.period.index is not None
    units = place.province.units.valid_on(place.period.index.until(clock.today()).last_day)
    ours = {u.agency_code: u.name for u in units if u.level is not Level.DISTRICT}
    theirs = {f.agency_code: f.agency_name for f in figures}
    unknown = [f"{code} ({name or 'không tên'})" for code, name in theirs.items() if code not in ours]
    unpublished = [f"{code} ({name})" for code, name in ours.items() if code not in theirs]
    if unknown:
        yield f"Cổng công bố {len(unknown)} cơ quan không có trong agencies.csv: {_few(unknown)}"
    if unpublished:
        yield f"Cổng không công bố {len(unpublished)} cơ quan có trong agencies.csv: {_few(unpublished)}"
    root = place.province.units.root.agency_code
    if sentence := _unequal(root, [f for f in figures if f.indicator == "PROGRESS_ON_TIME"]):
        yield sentence


def _unequal(root: str, progress: Sequence[PublishedFigure]) -> str:
    """The province's dossiers are those of its agencies: where not, some may be missing from the answer."""
    whole = sum(f.denominator or 0 for f in progress if f.agency_code == root)
    parts = sum(f.denominator or 0 for f in progress if f.agency_code != root)
    if whole == parts:
        return ""
    return f"tiến độ giải quyết: toàn tỉnh {whole} hồ sơ, cộng các cơ quan được {parts} hồ sơ; có thể thiếu cơ quan"


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:_LISTED]) + (" …" if len(names) > _LISTED else "")

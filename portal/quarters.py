"""The periods that were looked at last, as they stand: made anew once anything that they follow from has changed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import Engine

from contracts.errors import CchcError, UsageError
from contracts.settings import Settings
from contracts.source_config import SourceConfig
from flows.place import Place, find_place
from flows.seen import Seen, mark, seen
from portal.overview import Overview, overview_of
from portal.refusals import NotFound
from warehouse import at_a_glance, ledger
from warehouse.ledger import Partition

KEPT = 4
"""Periods: those of which a person looks at one beside the other."""
_TRIES = 3


@dataclass(frozen=True)
class Quarter:
    """sources: configured, each with what the ledger knows of it. since: of those that fail, when that began. seen:
    None where its figures cannot be made at all, and trouble says why. mark: of what all this was made from."""

    place: Place
    sources: tuple[tuple[SourceConfig, Partition | None], ...]
    since: Mapping[str, datetime]
    seen: Seen | None
    trouble: CchcError | None
    mark: str

    @property
    def figures(self) -> Seen:
        """Raises the trouble."""
        if self.seen is None:
            assert self.trouble is not None
            raise self.trouble
        return self.seen

    @property
    def partitions(self) -> dict[str, Partition]:
        """Of the configured sources, by source id."""
        return {source.id: known for source, known in self.sources if known is not None}

    @cached_property
    def overview(self) -> Overview:
        """Raises the trouble."""
        return overview_of(self.figures)


class Quarters:
    """Of one province; asked by many threads at once."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine, self._settings = engine, settings
        self._kept: OrderedDict[str, Quarter] = OrderedDict()
        self._alone = threading.Lock()

    def of(self, period: str) -> Quarter:
        """Raises NotFound where there is no such period; UsageError where it is just being changed; ConfigError where
        the province's files are wrong."""
        now = mark(self._engine, self._settings)
        if (known := self._kept.get(period)) and known.mark == now:
            return known
        with self._alone:
            return self._anew(period)

    def _anew(self, period: str) -> Quarter:
        """What was read while something changed may be half of either state: it is read again."""
        for _ in range(_TRIES):
            before = mark(self._engine, self._settings)
            if (known := self._kept.get(period)) and known.mark == before:
                return known
            made = self._made(period, before)
            if mark(self._engine, self._settings) == before:
                if not isinstance(made.trouble, UsageError):  # a run that goes on leaves no mark when it is killed
                    self._keep(period, made)
                return made
        raise UsageError(f"số liệu kỳ {period} đang được cập nhật", advice="chờ một phút rồi mở lại trang này")

    def _made(self, period: str, now: str) -> Quarter:
        place = self._place(period)
        known = {p.source_id: p for p in ledger.partitions(self._engine, period)}
        if not known:
            raise NotFound
        sources = tuple((source, known.get(source.id)) for source in place.sources())
        since = at_a_glance.failing_since(self._engine, period)
        try:
            return Quarter(place, sources, since, seen(self._engine, place), None, now)
        except CchcError as trouble:
            return Quarter(place, sources, since, None, trouble, now)

    def _place(self, period: str) -> Place:
        """A name that stands for another one, as `last-quarter` does, is no address of a page."""
        try:
            place = find_place(period, province=str(self._settings.province_folder))
        except UsageError:
            raise NotFound from None
        if place.period.id != period:
            raise NotFound
        return place

    def _keep(self, period: str, made: Quarter) -> None:
        self._kept[period] = made
        self._kept.move_to_end(period)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)

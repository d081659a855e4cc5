"""What the pages for operators share: a period that was run, its sources, and whether something goes on there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from contracts.configfile import read_toml
from contracts.errors import CchcError, UsageError
from contracts.source_config import SourceConfig
from flows.place import Place
from flows.requests import looked_after
from portal.house import House
from portal.refusals import NotFound
from warehouse import ledger, requests
from warehouse.ledger import Partition
from warehouse.locks import going_on
from warehouse.requests import Request


@dataclass(frozen=True)
class Operated:
    """A period that the ledger knows. partitions: by source id; source_ids: of those that answer for the period."""

    place: Place
    partitions: dict[str, Partition]
    source_ids: tuple[str, ...]

    @property
    def period_id(self) -> str:
        return self.place.period.id

    def source(self, source_id: str) -> SourceConfig:
        """Raises NotFound where none answers for the period."""
        if source_id not in self.source_ids:
            raise NotFound
        return self.place.source(source_id)

    def name(self, source_id: str) -> str:
        """The source's name, as its file has it now; its id where the file is wrong or gone."""
        file = self.place.province.folder / "sources" / source_id / "source.toml"
        try:
            return _name_in(file, file.stat().st_mtime_ns) if source_id in self.partitions else source_id
        except (OSError, KeyError, CchcError):
            return source_id


@lru_cache(maxsize=1_000)
def _name_in(file: Path, _changed: int) -> str:
    """Read once as long as the file is the same: a list names the sources of many periods."""
    return str(read_toml(file)["name"])


def operated(house: House, period: str) -> Operated:
    """Raises NotFound where there is no such period, or it was never run: a page does not begin one."""
    try:
        place = house.place(period)
    except UsageError:
        raise NotFound from None
    partitions = {p.source_id: p for p in ledger.partitions(house.engine, place.period.id)}
    if not partitions or place.period.id != period:
        raise NotFound
    return Operated(place, partitions, tuple(place.province.source_ids_for(place.period)))


@dataclass(frozen=True)
class Busy:
    """Why nothing may be begun. asked: the request that is being done, None where a run goes on that nobody asked for
    here."""

    words: str
    asked: Request | None = None


def busy(house: House, period_id: str) -> Busy | None:
    """None where a rerun may begin."""
    found = requests.unfinished(house.engine, period_id)
    if found and (found := looked_after(house.engine, found)).is_unfinished:
        return Busy(f"Yêu cầu chạy lại số {found.id} của {found.asked_by} đang làm", found)
    told = going_on(house.engine, period_id)
    return Busy(f"{told.cause[:1].upper()}{told.cause[1:]}") if told else None

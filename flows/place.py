"""What every step needs to know of this machine and this run, rebuilt from plain words.

A Prefect task is given words (province, period, source), never objects: they can be shown, retried and sent
to another machine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from pathlib import Path

from sqlalchemy import Engine

from contracts import clock
from contracts.codes import PartitionState
from contracts.errors import ConfigError, UsageError
from contracts.periods import Period, last_closed_quarter, parse_period
from contracts.province import Province, read_province
from contracts.responsibility import answering
from contracts.settings import Settings
from contracts.source_config import SourceConfig
from flows.job import Job
from flows.neighbour import neighbour
from warehouse import ledger, owner, read
from warehouse.database import open_warehouse
from warehouse.ledger import Partition
from warehouse.locks import going_on
from warehouse.stand import is_settled

LAST_QUARTER = "last-quarter"


@dataclass(frozen=True)
class Place:
    """One province and period on this machine."""

    settings: Settings
    province: Province
    period: Period
    as_of: date

    @property
    def home(self) -> Path:
        return self.settings.province_home(self.province.id)

    @property
    def reports(self) -> Path:
        return self.home / "reports"

    @property
    def words(self) -> dict[str, str]:
        """What a task needs to find this place again."""
        return {
            "province": str(self.settings.province_folder),
            "period": self.period.id,
            "as_of": self.as_of.isoformat(),
        }

    def open_warehouse(self) -> Engine:
        engine = open_warehouse(self.settings.database_url(self.province.id))
        owner.claim(engine, self.province.id)
        return engine

    def job(self, engine: Engine, source: SourceConfig) -> Job:
        before = neighbour(engine, self.province, self.period, source.id)
        return Job(self.province, source, self.period, self.as_of, self.home / "landing", before)

    def source(self, source_id: str) -> SourceConfig:
        """Raises UsageError where there is none that answers for the period, ConfigError where it is wrong."""
        found = self.province.source(source_id, period=self.period, systems=self.settings.systems_folder)
        if not found.responsibility.in_force(self.period.cut_off):
            raise UsageError(
                f"nguồn «{source_id}» không phụ trách kỳ {self.period.id}",
                advice=f"kiểm tra since và until trong {found.folder / 'source.toml'}",
            )
        return found

    def sources(self) -> list[SourceConfig]:
        """Every source that answers for the period. Raises ConfigError where two answer for the same dossiers of a
        unit, or one counts for a unit that another answers for."""
        found = self.province.sources(period=self.period, systems=self.settings.systems_folder)
        for one, other in combinations(found, 2):
            shared = sorted(set(one.units) & set(other.units))
            if shared and one.responsibility.overlaps(other.responsibility):
                raise ConfigError(
                    f"đơn vị {shared[0]} đã thuộc nguồn «{one.id}»",
                    file=other.folder / "source.toml",
                    advice="bỏ đơn vị này khỏi một trong hai nguồn; hoặc, nếu hệ thống mới thay hệ thống cũ, ghi until "
                    "cho nguồn cũ, since cho nguồn mới; hoặc chia hồ sơ bằng channels, procedures, except_procedures",
                )
        for source in found:
            for local, unit in source.unit_map.items():
                self._check_answering(source, local, answering(unit, found, self.province.units))
        return found

    @staticmethod
    def _check_answering(source: SourceConfig, local: str, answers: Sequence[SourceConfig]) -> None:
        if source not in answers:
            unit = source.unit_map[local]
            raise ConfigError(
                f"mã «{local}» chỉ tới đơn vị «{unit}», thuộc nguồn «{answers[0].id}»",
                file=source.folder / "unit_map.csv",
            )


def find_place(period: str, *, province: str | None = None, as_of: str | None = None) -> Place:
    """Raises UsageError or ConfigError where the period or the province does not exist."""
    settings = Settings() if province is None else Settings(province=Path(province))
    found = read_province(settings.province_folder)
    named = _period(period, found.file.period_rule)
    day = _day(as_of) if as_of else named.default_as_of(clock.today())
    named.spans(day)  # refuses a day before the period
    if day > clock.today():
        raise UsageError(
            f"ngày chốt {day:%d/%m/%Y} chưa đến: đồng hồ máy đang là ngày {clock.today():%d/%m/%Y}",
            advice="nếu đồng hồ sai thì chỉnh lại rồi chạy lại; nếu đúng thì bỏ --as-of để lấy số liệu đến hôm nay, "
            "hoặc chờ qua ngày đó",
        )
    return Place(settings, found, named, day)


def _period(name: str, rule: str) -> Period:
    """The period of that name; `last-quarter` is the newest quarter whose cut-off has passed, so that a
    schedule needs no date typed into it."""
    if name == LAST_QUARTER:
        return last_closed_quarter(clock.today(), rule=rule)
    return parse_period(name, rule=rule)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"«{text}» không phải là ngày", advice="viết năm-tháng-ngày, ví dụ 2026-09-26") from None


def stored_as_of(place: Place) -> date:
    """The one day as of which the period's stored facts were counted. Raises UsageError where they are of several:
    their figures are never put together."""
    *others, day = stored_days(place)
    if others:
        raise _between_days(place)
    return day


def stored_days(place: Place) -> list[date]:
    """The days as of which the period's stored facts were counted, the last one last: several while a run goes on, and
    where it was cut off. Where there are no facts, that of the newest attempt, and the default before the first."""
    configured = place.province.source_ids_for(place.period)
    stored = ledger.partitions(place.open_warehouse(), place.period.id)
    known = {p: p.as_of for p in stored if p.source_id in configured and p.as_of is not None}
    if days := {day for p, day in known.items() if p.state is PartitionState.LOADED}:
        return sorted(days)
    return [known[max(known, key=lambda p: p.updated_at)] if known else place.as_of]


def refuse_another_day(place: Place) -> None:
    """For whoever was given the day of the stored facts and now holds the period. Raises UsageError where a run up to a
    later day has ended in between: its figures are not to be taken back."""
    if (newest := stored_days(place)[-1]) > place.as_of:
        name = place.period.id
        raise UsageError(
            f"kỳ {name}: trong lúc chờ, một lượt chạy khác đã lấy số liệu đến ngày {newest:%d/%m/%Y}, lệnh này "
            f"được gọi khi số liệu mới đến ngày {place.as_of:%d/%m/%Y}",
            advice=f"chạy lại lệnh này; xem số liệu đang có: cchc status {name}",
        )


def as_counted(place: Place) -> Place:
    """As `as_settled`. Raises UsageError where nothing of the period stands, too."""
    known = ledger.partitions(place.open_warehouse(), place.period.id)
    if not any(p.state is PartitionState.LOADED for p in known):
        raise UsageError(f"kỳ {place.period.id} chưa có số liệu nào", advice=f"cchc run {place.period.id}")
    return as_settled(place)


def as_settled(place: Place) -> Place:
    """As of the day of its stored facts: for whoever gives the period's own figures to somebody. Raises UsageError
    where they are of several days, or a dossier may be in two sources."""
    here = replace(place, as_of=stored_as_of(place))
    check_settled(place, ledger.partitions(place.open_warehouse(), place.period.id))
    return here


def check_settled(place: Place, known: Iterable[Partition]) -> None:
    """known: the period's sources, of the moment of the figures that are given to somebody. Raises UsageError where a
    dossier may be in two of them."""
    if not is_settled(known):
        name = place.period.id
        raise UsageError(
            f"kỳ {name}: hồ sơ chung của các nguồn chưa tính xong, số liệu chưa dùng được",
            advice=f"chờ lượt đang chạy xong; không có lượt nào thì chạy lại: cchc run {name} (chỉ tính nốt, không đọc "
            f"lại nguồn: cchc report {name})",
        )


def _between_days(place: Place) -> UsageError:
    """Nobody who reads it is to end the run that is just making them one."""
    name = place.period.id
    if going_on(place.open_warehouse(), name) is not None:
        return UsageError(
            f"kỳ {name} đang chạy, số liệu đã lưu lúc này có nhiều ngày chốt khác nhau",
            advice=f"chờ lượt đó xong rồi làm lại; xem đến đâu: cchc status {name}",
        )
    return UsageError(
        f"số liệu đã lưu của kỳ {name} có nhiều ngày chốt khác nhau, vì lượt chạy trước chưa xong",
        advice=f"chạy tiếp cả kỳ: cchc run {name}",
    )


def latest_period() -> str | None:
    """The newest period that was run for the province, by its last day."""
    settings = Settings()
    province = read_province(settings.province_folder)
    names = read.period_ids(open_warehouse(settings.database_url(province.id)))
    periods = [parse_period(name, rule=province.file.period_rule) for name in names]
    return max(periods, key=lambda p: p.cut_off).id if periods else None

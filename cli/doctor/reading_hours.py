"""Whether the schedule ever comes at an hour at which a district's host may be read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from contracts import clock
from contracts.errors import ConfigError
from contracts.fitness import Fitness, good, warning
from contracts.periods import current_quarter, last_closed_quarter
from contracts.province import Province, read_province
from contracts.settings import REPOSITORY, Settings
from contracts.source_config import SourceConfig

FILE = REPOSITORY / "prefect.yaml"
_WIDEN = (
    "xin đơn vị nới giờ rồi sửa [hosts] trong province.toml, hoặc đổi giờ của retry trong prefect.yaml; trước mắt chạy"
)


def reading_hours() -> Fitness:
    """Raises ConfigError where the province itself cannot be read."""
    from flows.closed_quarter import due_day
    from flows.reading_times import QUARTER, RETRY, reading_times

    province = read_province(Settings().province_folder)
    tried_again = due_day(province, last_closed_quarter(clock.today(), rule=province.file.period_rule)) is not None
    times = reading_times(FILE, {QUARTER, RETRY} if tried_again else {QUARTER})
    today = clock.now()
    comes = [today.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0) for at in times]
    hours = ", ".join(f"{at:%H:%M}" for at in comes)
    shut = [one for one in _sources(province) if comes and not _ever_open(one, comes)]
    if not shut:
        return good(
            f"mọi máy chủ của nguồn đọc được vào giờ của lịch ({hours})" if comes else "lịch không có giờ cố định"
        )
    first = shut[0]
    more = f", và {len(shut) - 1} nguồn nữa" if len(shut) > 1 else ""
    said = (
        f"máy chủ {first.host} chỉ được đọc trong giờ {', '.join(first.host_rules.hours)}, lịch đọc lúc {hours}: "
        f"lượt tự động nào cũng sẽ thiếu nguồn {first.id}{more}"
    )
    return warning(said, f"{_WIDEN} trong giờ đó", "cchc run last-quarter")


def _ever_open(source: SourceConfig, comes: list[datetime]) -> bool:
    return not source.host or any(source.host_rules.may_be_read(at) for at in comes)


def _sources(province: Province) -> Iterator[SourceConfig]:
    """Those that can be read; of the others their own checks tell."""
    period = current_quarter(clock.today(), rule=province.file.period_rule)
    for source_id in province.source_ids_for(period):
        try:
            yield province.source(source_id, period=period, systems=Settings().systems_folder)
        except ConfigError:
            continue

"""Building the simulated systems of a province, and taking one down or up again."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from contracts.errors import UsageError
from contracts.periods import parse_period
from contracts.province import read_province
from contracts.settings import REPOSITORY
from demo.making import make_world
from demo.writing import Progress, write_systems

SEED = 20241214
DOWN = ".down"


DEFAULT_DAYS = {"khanh-hoa": date(2024, 12, 16), "phu-tho": date(2026, 9, 26)}
"""Day up to whose end the systems of a province have lived unless told otherwise."""


@dataclass(frozen=True)
class BuildReport:
    """dossiers: rows in all systems. at: day up to whose end they have lived."""

    folder: Path
    sources: tuple[str, ...]
    dossiers: int
    at: date


def build(
    province_id: str,
    *,
    systems: Path,
    at: date | None = None,
    seed: int = SEED,
    scale: float = 1.0,
    progress: Progress | None = None,
) -> BuildReport:
    """Write the province's systems under <systems>/<province_id>/, as they are at the end of that day.

    The world depends on seed and scale alone: building with a later `at` shows the same one, only later. The
    folder is replaced whole, so nobody meets a half-written system. Raises UsageError, ConfigError.
    """
    _check(province_id)
    province = read_province(REPOSITORY / "provinces" / province_id)
    day = at or DEFAULT_DAYS[province_id]
    systems.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=systems, prefix=".") as beside:
        folder = Path(beside) / province_id
        world = make_world(province, seed=seed, scale=scale)
        _check_begun(world["registered"].min().date(), day)
        dossiers = write_systems(world, province, folder, at=day, progress=progress or (lambda _: None))
        _swap(folder, systems / province_id)
    return BuildReport(systems / province_id, tuple(province.source_ids()), dossiers, day)


def break_source(province_id: str, source_id: str, *, systems: Path) -> None:
    """Make that system unusable, as when its server is down. Does nothing where it is down already."""
    up = _place(province_id, source_id, systems)
    if up.exists():
        up.rename(up.with_name(up.name + DOWN))
    elif not up.with_name(up.name + DOWN).exists():
        raise _not_built(province_id)


def mend_source(province_id: str, source_id: str, *, systems: Path) -> None:
    """Bring that system back, as it was. Does nothing where it is up."""
    up = _place(province_id, source_id, systems)
    down = up.with_name(up.name + DOWN)
    if down.exists():
        down.rename(up)
    elif not up.exists():
        raise _not_built(province_id)


def _check(province_id: str) -> None:
    if province_id not in DEFAULT_DAYS:
        known = ", ".join(DEFAULT_DAYS)
        raise UsageError(f"không có tỉnh mô phỏng «{province_id}»", advice=f"các tỉnh: {known}")


def _check_begun(first: date, day: date) -> None:
    if day < first:
        raise UsageError(
            f"các hệ thống mô phỏng chưa có hồ sơ nào vào ngày {day:%d/%m/%Y}",
            advice=f"chọn ngày từ {first:%d/%m/%Y}",
        )


def _not_built(province_id: str) -> UsageError:
    return UsageError(f"chưa dựng hệ thống mô phỏng của «{province_id}»", advice=f"chạy: cchc demo build {province_id}")


def _place(province_id: str, source_id: str, systems: Path) -> Path:
    """The database file, or the folder of workbooks."""
    _check(province_id)
    province = read_province(REPOSITORY / "provinces" / province_id)
    period = parse_period(f"{DEFAULT_DAYS[province_id].year}Q3")
    address = Path(province.source(source_id, period=period, systems=systems).address)
    return address.parent if address.suffix == ".xlsx" else address


def _swap(new: Path, old: Path) -> None:
    if old.exists():
        old.rename(new.with_name("replaced"))
    new.rename(old)

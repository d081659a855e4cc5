"""cchc export: the stored figures as CSV or Parquet, for other programs."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.console import err, figure, out
from contracts.codes import PartitionState, Series
from contracts.columns import MEASURES, MEMOS
from contracts.errors import UsageError

if TYPE_CHECKING:
    from flows.place import Place
    from warehouse.ledger import Partition
    from warehouse.read import Moment


class What(StrEnum):
    FACTS = "facts"
    INDICATORS = "indicators"
    FINDINGS = "findings"
    REJECTED = "rejected"
    CHANGES = "changes"
    OVER_TIME = "over_time"


FIGURES = frozenset({What.FACTS, What.INDICATORS, What.OVER_TIME})
WITH_CODES = frozenset({What.REJECTED, What.CHANGES})
"""What holds dossier codes, by which a person can be found: for the operator and the district that mends them."""


def export(
    period: Annotated[str, typer.Argument(metavar="KỲ", help="Ví dụ: 2024Q4.")],
    what: Annotated[What, typer.Option(metavar="LOẠI", help="Số liệu nào.")],
    out_file: Annotated[Path, typer.Option("--out", metavar="TỆP", help="Tệp .csv hoặc .parquet.")],
    series: Annotated[
        Series, typer.Option(metavar="LỊCH", help="Lịch của số liệu: forms (15→14) hoặc index (tháng dương lịch).")
    ] = Series.FORMS,
) -> None:
    """Xuất số liệu đã lưu ra CSV hoặc Parquet."""
    check_name(out_file)
    from flows.place import check_settled, find_place, stored_as_of
    from warehouse.read import one_moment

    place = find_place(period)
    if what in FIGURES:
        place = replace(place, as_of=stored_as_of(place))  # refuses figures of several days
    names = place.province.source_ids_for(place.period)
    with one_moment(place.open_warehouse()) as stored:
        known = {p.source_id: p for p in stored.partitions(place.period.id)}
        if what in FIGURES:
            check_settled(place, known.values())
        loaded = [n for n in names if n in known and known[n].state is PartitionState.LOADED]
        if not loaded and (what in FIGURES or not known):
            raise UsageError(f"kỳ {period} chưa có số liệu nào", advice=f"cchc run {period}")
        frame = _stored(what, stored, place, loaded=loaded, series=series)
    write(frame, out_file, period_id=place.period.id, has_codes=what in WITH_CODES)
    _say_missing(what, sorted(set(names) - set(loaded)), known)


def _say_missing(what: What, missing: list[str], known: Mapping[str, Partition]) -> None:
    """Figures are of loaded sources alone; what was found by a check is kept of every one that was ever checked."""
    if not missing:
        return
    if what in FIGURES:
        err.print(f"[bold yellow]Chưa gồm số liệu của nguồn:[/] {', '.join(missing)}")
        return
    read = [name for name in missing if name in known and known[name].landing_id]
    if read:
        told = "Nguồn không được tính, danh sách theo lần kiểm tra gần nhất"
        err.print(f"[bold yellow]{told}:[/] {', '.join(read)}")
    if never := [name for name in missing if name not in read]:
        err.print(f"[bold yellow]Nguồn chưa được kiểm tra lần nào:[/] {', '.join(never)}")


def check_name(path: Path) -> None:
    if path.suffix not in {".csv", ".parquet"}:
        raise UsageError(f"không xuất được tệp «{path.name}»", advice="đặt tên tệp .csv hoặc .parquet")


def write(frame: Any, path: Path, *, period_id: str, has_codes: bool) -> None:
    """Write a table of the period and say so. has_codes: of dossiers, by which a person can be found: the file is then
    for who runs the command alone."""
    check_name(path)
    write_table(with_period(frame, period_id), path, mode=0o600 if has_codes else 0o666)
    if has_codes:
        err.print("[bold yellow]Tệp có mã hồ sơ (dữ liệu cá nhân):[/] chỉ gửi cho đơn vị sửa hồ sơ, xong thì xóa")


def _stored(what: What, stored: Moment, place: Place, *, loaded: list[str], series: Series) -> Any:
    from flows import figures, over_time
    from warehouse import changes

    period = place.period.id
    match what:
        case What.FACTS:
            return _facts(stored.facts(period, loaded, series=series))
        case What.INDICATORS:
            return figures.indicators_of(stored, place)
        case What.FINDINGS:
            return stored.findings(period, loaded_only=False)
        case What.REJECTED:
            return stored.rejected(period).drop(columns="row")
        case What.CHANGES:
            return changes.changes(place.open_warehouse(), period)
        case What.OVER_TIME:
            return over_time.over_time(place.open_warehouse(), place)


def _facts(facts: Any) -> Any:
    """One row a unit × field × procedure; sources of the same unit are added up."""
    keys = ["series", "unit_code", "agency_code", "field", "procedure_code"]
    return facts.groupby(keys, as_index=False, observed=True)[[*MEASURES, *MEMOS]].sum()


def with_period(frame: Any, period_id: str) -> Any:
    """The frame with the period in its first column."""
    rest = frame.drop(columns=[c for c in ("period", "period_id") if c in frame.columns])
    rest.insert(0, "period", period_id)
    return rest


def write_table(frame: Any, path: Path, *, mode: int = 0o666) -> None:
    """Write a table and say so. mode: rights of the file, less the umask."""
    _write(frame, path, mode=mode)
    out.print(f"{path}: {figure(len(frame))} dòng")


def _write(frame: Any, path: Path, *, mode: int = 0o666) -> None:
    """Beside, then renamed: whoever reads the file never sees half of it. mode: rights of the file, less the umask."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        partial.touch(mode)
        if path.suffix == ".csv":
            frame.to_csv(partial, index=False)
        else:
            frame.to_parquet(partial, index=False)
        partial.replace(path)
    except OSError:
        raise UsageError(
            f"không ghi được tệp {path.absolute()}",
            advice="kiểm tra quyền ghi, chỗ trống trên đĩa, hoặc chọn nơi khác cho --out",
        ) from None
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)

"""cchc export: the stored figures as CSV or Parquet, for other programs."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.console import err, figure, out
from contracts.codes import PartitionState, Series
from contracts.columns import MEASURES, MEMOS
from contracts.errors import UsageError


class What(StrEnum):
    FACTS = "facts"
    INDICATORS = "indicators"
    FINDINGS = "findings"


def export(
    period: Annotated[str, typer.Argument(metavar="KỲ", help="Ví dụ: 2024Q4.")],
    what: Annotated[What, typer.Option(metavar="LOẠI", help="Số liệu nào.")],
    out_file: Annotated[Path, typer.Option("--out", metavar="TỆP", help="Tệp .csv hoặc .parquet.")],
    series: Annotated[
        Series, typer.Option(metavar="LỊCH", help="Lịch của số liệu: forms (15→14) hoặc index (tháng dương lịch).")
    ] = Series.FORMS,
) -> None:
    """Xuất số liệu đã lưu ra CSV hoặc Parquet."""
    if out_file.suffix not in {".csv", ".parquet"}:
        raise UsageError(f"không xuất được tệp «{out_file.name}»", advice="đặt tên tệp .csv hoặc .parquet")
    from flows import figures
    from flows.place import find_place, stored_as_of
    from warehouse import ledger, read

    place = find_place(period)
    engine = place.open_warehouse()
    if what is not What.FINDINGS:
        place = replace(place, as_of=stored_as_of(place))  # refuses figures of several days
    known = {p.source_id: p for p in ledger.partitions(engine, place.period.id)}
    names = place.province.source_ids_for(place.period)
    loaded = [n for n in names if n in known and known[n].state is PartitionState.LOADED]
    if not loaded and not (what is What.FINDINGS and known):
        raise UsageError(f"kỳ {period} chưa có số liệu nào", advice=f"cchc run {period}")
    if what is What.FACTS:
        frame = _facts(read.facts(engine, place.period.id, loaded, series=series))
    elif what is What.INDICATORS:
        frame = figures.indicators(engine, place)
    else:
        frame = read.findings(engine, place.period.id, loaded_only=False)
    frame = _with_period(frame, place.period.id)
    _write(frame, out_file)
    out.print(f"{out_file}: {figure(len(frame))} dòng")
    if missing := sorted(set(names) - set(loaded)):
        err.print(f"[bold yellow]Chưa gồm số liệu của nguồn:[/] {', '.join(missing)}")


def _facts(facts: Any) -> Any:
    """One row a unit × field × procedure; sources of the same unit are added up."""
    keys = ["series", "unit_code", "agency_code", "field", "procedure_code"]
    return facts.groupby(keys, as_index=False, observed=True)[[*MEASURES, *MEMOS]].sum()


def _with_period(frame: Any, period_id: str) -> Any:
    rest = frame.drop(columns=[c for c in ("period", "period_id") if c in frame.columns])
    rest.insert(0, "period", period_id)
    return rest


def _write(frame: Any, path: Path) -> None:
    """Beside, then renamed: whoever reads the file never sees half of it."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".csv":
            frame.to_csv(partial, index=False)
        else:
            frame.to_parquet(partial, index=False)
        partial.replace(path)
    except OSError:
        raise UsageError(
            f"không ghi được tệp {path}", advice="kiểm tra quyền ghi, chỗ trống trên đĩa, hoặc chọn nơi khác cho --out"
        ) from None
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)

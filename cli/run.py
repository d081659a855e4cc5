"""cchc run, rerun, report: make the quarter, and say what was made."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import console
from cli.console import figure, out
from cli.files import short_line
from cli.importing import importing
from cli.watch import watch
from contracts import clock
from contracts.codes import STATE_LABELS, PartitionState
from contracts.errors import Exit, UsageError
from contracts.settings import Settings

if TYPE_CHECKING:  # Prefect and pandas take seconds to import: not before the words are known to be right
    from flows.place import Place
    from flows.quarter import QuarterResult
    from flows.server import TemporaryServer
    from reporting.beside_approved import BesideApproved
    from reporting.refresh import ReportOutcome

PeriodName = Annotated[str, typer.Argument(metavar="KỲ", help="Kỳ báo cáo: 2024Q4, 2024M07, 2024H1, 2024T9, 2024Y …")]
AsOf = Annotated[str | None, typer.Option(metavar="NGÀY", help="Ngày chốt số liệu, ví dụ 2026-09-26.")]


def run(
    period: PeriodName,
    as_of: AsOf = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Đọc lại mọi nguồn, kể cả nguồn đã có số liệu.")] = False,
) -> None:
    """Chạy trọn một kỳ; chỉ làm phần còn thiếu hoặc đã thay đổi."""
    since = _told_so_far(period)
    _end(make(period, as_of=as_of, only=None, fresh=fresh), since)


def rerun(
    period: PeriodName,
    failed: Annotated[bool, typer.Option("--failed", help="Các nguồn đang lỗi hoặc chưa nhận được.")] = False,
    source: Annotated[list[str] | None, typer.Option(metavar="NGUỒN", help="Nguồn cần đọc lại (lặp lại được).")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Đọc lại cả khi nguồn đã có số liệu.")] = False,
) -> None:
    """Đọc lại vài nguồn, rồi làm mới những báo cáo phụ thuộc vào chúng."""
    if failed == bool(source):
        raise UsageError("cần đúng một trong hai: --failed hoặc --source", advice=f"cchc rerun {period} --failed")
    from flows.place import find_place, stored_as_of
    from flows.plan import not_loaded

    as_of = stored_as_of(find_place(period)).isoformat()
    only = not_loaded(find_place(period)) if failed else list(source or ())
    for source_id in only:
        find_place(period).source(source_id)  # refuses an unknown one before anything runs
    if not only:
        out.print(f"Kỳ {period}: không có nguồn nào lỗi; không cần chạy lại.")
        return
    since = _told_so_far(period)
    _end(make(period, as_of=as_of, only=only, fresh=fresh or bool(source)), since)


def report(
    period: PeriodName,
    unit: Annotated[
        list[str] | None, typer.Option("--unit", metavar="MÃ", help="Thêm báo cáo của đơn vị này (mã xã, huyện, sở).")
    ] = None,
) -> None:
    """In lại báo cáo từ số liệu đã lưu; không đọc nguồn nào."""
    from flows.place import find_place, stored_as_of
    from flows.plan import not_loaded

    place = find_place(period)
    day = stored_as_of(place)
    for code in unit or ():
        place.province.units.find(code, on=min(place.period.cut_off, day))
    if len(not_loaded(place)) == len(place.province.source_ids_for(place.period)):
        raise UsageError(f"kỳ {period} chưa có số liệu nào", advice=f"cchc run {period}")
    province, since = str(Settings().province_folder), _told_so_far(period)
    with _server() as server:
        from flows import quarter

        work = partial(quarter.report, period, province, day.isoformat(), unit, return_state=True)
        reports = watch(place, lambda: server.data_of(work), begun={})
    from cli.told import say_told

    _say_reports(reports)
    say_restated(place.period.id, reports)
    say_told(place, since=since)
    if missing := not_loaded(place):
        out.print(f"\nBáo cáo đã in, ghi rõ phần thiếu của nguồn: {', '.join(missing)}. Xem: cchc status {period}")
        raise typer.Exit(int(Exit.SOURCES_MISSING))


def make(period: str, *, as_of: str | None, only: list[str] | None, fresh: bool) -> QuarterResult:
    """Say what will be done, and do it under the eyes of who waits."""
    from flows.place import find_place

    place = find_place(period, as_of=as_of)
    begun = _say_plan(place, only=only, fresh=fresh)
    province = str(Settings().province_folder)
    day = place.as_of.isoformat()
    with _server() as server:
        quarter = _quarter(counts=bool(begun))
        work = partial(quarter, period, province, day, only, fresh, asked_by="command", return_state=True)
        result: QuarterResult = watch(place, lambda: server.data_of(work), begun=begun)
    return result


def _server() -> TemporaryServer:
    from flows.server import TemporaryServer

    return TemporaryServer()


def _quarter(*, counts: bool) -> Any:
    """The flow, imported while its server starts. counts: whether dossiers will be checked."""
    with importing():
        from flows.quarter import quarter

        if counts:
            from expectations import engine

            engine.load()
    return quarter


def _told_so_far(period: str) -> int:
    """Number of the last message to anybody."""
    from flows.place import find_place
    from warehouse import notice_messages

    return notice_messages.last_number(find_place(period).open_warehouse())


def _end(result: QuarterResult, since: int) -> None:
    from cli.told import say_told

    say_result(result)
    say_told(result.place, since=since)
    sys.stdout.flush()
    raise typer.Exit(int(result.exit_code))


def _say_plan(place: Place, *, only: list[str] | None, fresh: bool) -> dict[str, int]:
    """Returns the sources that will be read or counted, with the number of tries before."""
    from flows import read_ahead
    from flows.job import Action
    from flows.plan import ACTION_WORDS, plan, told

    span = place.period.forms.until(place.as_of)
    out.print(
        f"[bold]{place.province.name} · {place.period.label}[/] "
        f"({span.first_day:%d/%m/%Y} – {span.last_day:%d/%m/%Y}, chốt {place.as_of:%d/%m/%Y})"
    )
    if said := read_ahead.warning(place.open_warehouse(), clock.now()):
        out.print(f"[bold yellow]LƯU Ý[/] {console.plain(said)}", soft_wrap=True)
    steps = plan(place, only=only, fresh=fresh)
    for action, reason, ones in told(steps):
        out.print(f"  sẽ {ACTION_WORDS[action]} ({reason}): {', '.join(s.job.source.id for s in ones)}")
    return {s.job.source.id: s.known.attempt for s in steps if s.action is not Action.KEEP}


def say_result(result: QuarterResult) -> None:
    """Every source, every report, and what to do about what is missing."""
    from flows.remarks import remarks

    made = console.table("Nguồn", "Kết quả", "Hồ sơ", "Hợp lệ", "Bị loại", right=("Hồ sơ", "Hợp lệ", "Bị loại"))
    for p in result.partitions:
        state = STATE_LABELS[p.state]
        style = "" if p.state is PartitionState.LOADED else "[bold red]"
        counts = (p.rows, p.accepted, p.quarantined) if p.state is PartitionState.LOADED else (None, None, None)
        made.add_row(p.source_id, f"{style}{state}", *map(figure, counts))
    out.print(made)
    console.say_remarks(remarks(result.place.open_warehouse(), result.place.period.id))
    _say_reports(result.reports)
    say_restated(result.place.period.id, result.reports)
    if result.exit_code is Exit.DONE:
        out.print("\n[bold green]XONG.[/] Mở các tệp PDF trên, kiểm tra trang 1 trước khi trình ký.")
        return
    for p in result.missing:
        console.say_missing(p.source_id, p.error, p.advice, contact=result.place.source(p.source_id).contact)
    out.print(f"\nBáo cáo đã in, ghi rõ phần thiếu. Khi nguồn sẵn sàng: cchc rerun {result.place.period.id} --failed")


def _say_reports(reports: Iterable[ReportOutcome]) -> None:
    out.print("Báo cáo:")
    for r in reports:
        mark = "mới" if r.rendered else "không đổi"
        out.print(f"  {r.path}  ({r.pages} trang, bản {r.version}, {mark})", soft_wrap=True)
        out.print(f"    {short_line(r.sha256, r.files)}", soft_wrap=True)


def say_restated(period: str, reports: Iterable[ReportOutcome]) -> None:
    """A line a report whose published figures moved: which, how many, and what to do; and one where numbers were typed
    by hand before figures moved."""
    for r in reports:
        if r.typed:
            whose = console.plain(f"báo cáo của {r.name}, bản {r.version}: {r.typed}")
            out.print(f"[bold yellow]SỐ GÕ TAY CÓ THỂ ĐÃ CŨ:[/] {whose}", soft_wrap=True)
        wanted = f" --unit {r.unit_code}" if r.scope == "unit" else ""
        if r.beside:
            _say_beside_approved(period, r, r.beside, wanted)
        if not r.restated:
            continue
        out.print(
            f"[bold red]SỐ LIỆU ĐÃ CÔNG BỐ THAY ĐỔI:[/] báo cáo của {console.plain(r.name)}, bản {r.version} khác bản"
            f" {r.restates} đã công bố ở {figure(r.restated)} số liệu. Xem: cchc restated {period}{wanted}; đúng thì"
            f" trình, kiểm tra, duyệt và công bố bản mới; sai thì sửa nguồn rồi chạy lại.",
            soft_wrap=True,
        )


def _say_beside_approved(period: str, r: ReportOutcome, beside: BesideApproved, wanted: str) -> None:
    """Until somebody has decided which of the two it is to be."""
    number = beside.approved
    out.print(
        f"[bold red]BẢN ĐÃ DUYỆT GIỮ NGUYÊN:[/] báo cáo của {console.plain(r.name)}, bản {r.version} mới hơn bản"
        f" {number} đã duyệt, chưa công bố: {beside.differs}. Xem: cchc restated {period}{wanted} --from {number} --to"
        f" {r.version}; dùng bản mới thì mở khóa bản {number}: cchc unlock {period}{wanted} --version {number} --by …"
        f" --reason …; vẫn dùng bản {number} thì công bố bản đó và ghi ý kiến.",
        soft_wrap=True,
    )

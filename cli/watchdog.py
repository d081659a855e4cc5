"""cchc watchdog: what should have run and did not, asked of the warehouse, and of Prefect where one is said to be
there. It runs where Prefect is dead: it looks at the calendar and needs nothing that runs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from cli.console import out, plain
from contracts import clock
from contracts.errors import Exit
from contracts.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from contracts.province import Province
    from flows.closed_quarter import ClosedQuarter
    from flows.overdue import Overdue


_NOT_ASKED = (
    "Chưa xem lịch của cchc up có chạy không: thêm --prefect-port 4200, hoặc đặt CCHC_PREFECT_PORT."
    " Máy không dùng cchc up thì không cần."
)


def watchdog(
    as_json: Annotated[bool, typer.Option("--json", help="In JSON cho máy đọc.")] = False,
    prefect_port: Annotated[
        int | None,
        typer.Option(
            "--prefect-port",
            metavar="CỔNG",
            help="Hỏi cả máy chủ Prefect trên máy này (mặc định: CCHC_PREFECT_PORT; cchc up: 4200).",
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Không in gì khi mọi việc đúng hạn.")] = False,
) -> None:
    """Việc đáng lẽ đã chạy theo lịch mà chưa chạy, chạy dở hoặc còn thiếu. Mã thoát 0: không có; 3: có."""
    settings = Settings()
    try:
        seen = _look(settings, prefect_port or settings.prefect_port)
    except Exception as error:
        _say_told(error, quiet=quiet or as_json)
        raise
    if as_json:
        typer.echo(json.dumps([document_of(one) for one in seen.found], ensure_ascii=False, indent=2))
    elif seen.found or not quiet:
        out.print(f"[bold]{plain(seen.province)}[/] · {_stand(seen.closed)}")
        say_overdue(seen.found, asked_prefect=seen.asked_prefect)
    if seen.untold and not as_json:
        out.print(f"[bold yellow]LƯU Ý[/] {plain(seen.untold)}", soft_wrap=True)
    if seen.found:
        raise typer.Exit(int(Exit.SOURCES_MISSING))


@dataclass(frozen=True)
class _Seen:
    """province: its name. untold: why nobody could be told, "" where nothing kept it from it."""

    province: str
    closed: ClosedQuarter
    found: Sequence[Overdue]
    untold: str
    asked_prefect: bool


def _look(settings: Settings, prefect_port: int | None) -> _Seen:
    """Looks at the calendar, and at Prefect where its port is known; and tells people. Raises CchcError."""
    from contracts.province import read_province
    from flows import read_ahead
    from flows.backups.watch import no_backup
    from flows.closed_quarter import closed_quarter
    from flows.overdue import at_work, overdue
    from warehouse.database import open_warehouse

    province = read_province(settings.province_folder)
    engine = open_warehouse(settings.database_url(province.id))
    read_ahead.note(engine, clock.now())
    found = overdue(engine, province, clock.now()) + no_backup(province.id, clock.now())
    if prefect_port is not None:
        from flows.schedule_watch import not_scheduled

        found += not_scheduled(f"http://127.0.0.1:{prefect_port}", at_work=at_work(engine))
    untold = _told(engine, province, found, prefect_port)
    closed = closed_quarter(engine, province, clock.today())
    return _Seen(province.name, closed, found, untold, prefect_port is not None)


def _say_told(error: Exception, *, quiet: bool) -> None:
    """Nobody reads the words of a timer's command: who is to hear of its trouble is told past the warehouse."""
    from flows.notices.direct import tell_unwatched

    if (told := tell_unwatched(error)) and not quiet:
        out.print(f"Đã báo thẳng cho: {plain(', '.join(told))}", soft_wrap=True)


def _told(engine: Engine, province: Province, found: Sequence[Overdue], prefect_port: int | None) -> str:
    """Tells whom the province names (flows.notices); returns what kept it from it, "" where nothing did."""
    from flows.notices.health import remark
    from flows.notices.telling import tell_watched

    return tell_watched(engine, province, found, prefect_port=prefect_port) or remark(engine, province)


def say_overdue(found: Sequence[Overdue], *, asked_prefect: bool) -> None:
    """Two lines each: what and since when, and what mends it. All is well only where all was looked at."""
    for one in found:
        out.print(f"[bold red]CẦN XỬ LÝ:[/] {plain(sentence(one))}", soft_wrap=True)
        out.print(f"  Làm gì tiếp: {plain(one.command)}", soft_wrap=True)
    if not found and asked_prefect:
        out.print("Mọi việc theo lịch đều đúng hạn.")
    elif not found:
        out.print("Các kỳ đều đúng hạn.")
    if not asked_prefect:
        out.print(_NOT_ASKED, soft_wrap=True)


def sentence(one: Overdue) -> str:
    return f"{one.said[:1].upper()}{one.said[1:]}."


def document_of(one: Overdue) -> dict[str, str]:
    return {**asdict(one), "kind": one.kind.value, "since": one.since.isoformat()}


def _stand(closed: ClosedQuarter) -> str:
    """The quarter that closed last, in a line."""
    from flows.overdue import moment

    due = f", hạn nộp {closed.due:%d/%m/%Y}" if closed.due else ""
    head = f"{closed.period.label} (chốt {closed.period.cut_off:%d/%m/%Y}{due})"
    last = closed.last_run
    if not closed.began:
        return f"{head}: chưa chạy"
    ran = f"chạy lần cuối lúc {moment(last.began_at)}" if last else "đã chạy"
    have = len(closed.sources) - len(closed.missing)
    return f"{head}: {ran}, đủ số liệu {have}/{len(closed.sources)} nguồn"

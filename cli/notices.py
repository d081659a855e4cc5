"""cchc notices: whom the province tells of its runs, what was told, and what still waits."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.console import out, plain
from cli.words import App
from contracts.clock import VIETNAM
from contracts.errors import Exit
from contracts.notices import KIND_LABELS

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine

    from contracts.province import Province
    from warehouse.notice_messages import Message
    from warehouse.notices import Notice

app = App(help="Thông báo qua thư điện tử và webhook: ai đã nhận gì, gì còn chờ, gửi thử.")
SHOWN = 20
PATIENCE = 90.0
"""Seconds that `cchc notices send` takes at most."""


@app.command("list")
def list_notices(as_json: Annotated[bool, typer.Option("--json", help="In JSON cho máy đọc.")] = False) -> None:
    """Đã báo cho ai việc gì, thông báo nào còn chờ gửi và vì sao; việc nào chưa khắc phục."""
    from contracts.notices import read_notices
    from warehouse import notice_messages, notices

    engine, province = _opened()
    messages = notice_messages.recent(engine, at_most=SHOWN)
    told = notices.by_message(engine, [one.id for one in messages])
    standing = [one for one in notices.standing(engine) if one.kind in notices.LASTING]
    settings = read_notices(province)
    if as_json:
        document = {
            "messages": [_entry(one, told.get(one.id, [])) for one in messages],
            "standing": [_stands(one) for one in standing],
            "readers": [{"way": one.way, "to": one.to} for one in settings.everybody],
        }
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
        return
    _say_readers(len(settings.file.to), len(settings.file.webhook))
    _say_messages(messages, told)
    _say_standing(standing)


@app.command("test")
def test(
    to: Annotated[
        list[str] | None, typer.Option("--to", metavar="ĐỊA_CHỈ", help="Chỉ nơi nhận này (lặp lại được).")
    ] = None,
) -> None:
    """Gửi một thông báo thử tới từng nơi nhận, và nói máy chủ của họ trả lời gì."""
    from contracts.notices import read_notices
    from flows.notices.trial import try_out, wanted

    province = _province()
    settings = read_notices(province)
    if not settings.everybody:
        _say_readers(0, 0)
        raise typer.Exit(int(Exit.USAGE))
    failed = False
    for reader in wanted(settings, to or []):
        tried = try_out(province, settings, reader)
        failed |= bool(tried.refused)
        if not tried.refused:
            out.print(f"[green]ĐÃ NHẬN[/] {plain(reader.to)}: {_ACCEPTED[reader.way]}", soft_wrap=True)
            continue
        out.print(f"[bold red]CHƯA GỬI ĐƯỢC[/] {plain(reader.to)}: {plain(tried.refused)}", soft_wrap=True)
        out.print(f"  Làm gì tiếp: {plain(tried.advice)}", soft_wrap=True)
    raise typer.Exit(int(Exit.USAGE if failed else Exit.DONE))


@app.command("send")
def send(
    everything: Annotated[bool, typer.Option("--all", help="Cả những thông báo chưa đến giờ thử lại.")] = False,
) -> None:
    """Gửi những thông báo đang chờ; lịch tự động cũng chạy lệnh này."""
    from contracts import clock
    from flows.notices import telling
    from warehouse import notice_messages

    engine, province = _opened()
    held_back = telling.enter_what_runs_left(engine)
    began = clock.now()
    telling.send(engine, province, within=PATIENCE, at_once=everything)
    waiting = notice_messages.unsent(engine)
    given_up = notice_messages.lost_since(engine, began)
    said = f", thôi không gửi {len(given_up)}" if given_up else ""
    out.print(f"Đã gửi {notice_messages.sent_since(engine, began)} thông báo, còn chờ {len(waiting)}{said}.")
    for one in [*waiting, *given_up]:
        out.print(f"  {plain(one.recipient)}: {plain(_state(one))}", soft_wrap=True)
    for why in held_back:
        out.print(f"[bold yellow]LƯU Ý[/] {plain(why)}", soft_wrap=True)


_ACCEPTED = {"mail": "máy chủ thư đã nhận thư thử, mở hộp thư để xem", "webhook": "chương trình nhận đã nhận"}


def _say_readers(letters: int, programs: int) -> None:
    if letters or programs:
        out.print(f"Nơi nhận: {letters} địa chỉ thư, {programs} webhook (notices.toml của tỉnh).")
    else:
        out.print(
            "Chưa khai báo ai nhận thông báo. Tạo notices.toml cạnh province.toml: docs/operate/notices.md",
            soft_wrap=True,
        )


def _say_messages(messages: Sequence[Message], told: Mapping[int, Sequence[Notice]]) -> None:
    if not messages:
        out.print("Chưa có thông báo nào.")
    for one in messages:
        style = "" if one.sent_at else "[bold red]" if one.dropped_at else "[bold yellow]"
        end = "[/]" if style else ""
        out.print(f"{moment(one.made_at)}  {plain(one.recipient)}", soft_wrap=True)
        out.print(f"    {plain(one.subject)}", soft_wrap=True)
        out.print(f"    {style}{plain(_state(one))}{end}", soft_wrap=True)


def _say_standing(standing: Sequence[Notice]) -> None:
    if standing:
        out.print("\nChưa khắc phục (không báo lại cho đến khi hết rồi tái diễn):")
    for one in standing:
        out.print(f"  {KIND_LABELS[one.kind]}: {plain(one.subject)}", soft_wrap=True)
        out.print(f"    từ {moment(one.raised_at)}; {plain(one.command)}", soft_wrap=True)


def _state(one: Message) -> str:
    if one.sent_at:
        return f"đã gửi {moment(one.sent_at)}"
    if one.dropped_at:
        return f"thôi không gửi: {one.error}"
    if one.error:
        return f"đang chờ, đã thử {one.tries} lần: {one.error}; thử lại sau {moment(one.next_at)}"
    return "đang gửi" if one.tries else "đang chờ gửi"


def moment(at: datetime | None) -> str:
    return f"{at.astimezone(VIETNAM):%H:%M %d/%m/%Y}" if at else "–"


def _entry(one: Message, told: Sequence[Notice]) -> dict[str, Any]:
    moments = {name: getattr(one, name) for name in ("made_at", "tried_at", "next_at", "sent_at", "dropped_at")}
    return {
        "way": one.way,
        "to": one.recipient,
        "subject": one.subject,
        "kinds": sorted({notice.kind.value for notice in told}),
        "tries": one.tries,
        "error": one.error,
        **{name: at.isoformat() if at else None for name, at in moments.items()},
    }


def _stands(one: Notice) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "period": one.period_id,
        "source": one.source_id,
        "subject": one.subject,
        "command": one.command,
        "since": one.raised_at.isoformat(),
    }


def _province() -> Province:
    from contracts.province import read_province
    from contracts.settings import Settings

    return read_province(Settings().province_folder)


def _opened() -> tuple[Engine, Province]:
    from contracts.settings import Settings
    from warehouse import owner
    from warehouse.database import open_warehouse

    province = _province()
    engine = open_warehouse(Settings().database_url(province.id))
    owner.claim(engine, province.id)
    return engine, province

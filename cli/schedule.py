"""cchc schedule: what runs by itself and when; stopping it, going on, running one of it at once."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli import console
from cli.console import out, plain
from cli.up import port_of_prefect
from cli.words import App

if TYPE_CHECKING:
    from flows.schedule import Schedule

app = App(help="Lịch tự chạy: xem, tạm dừng, mở lại, chạy ngay một việc.")
Names = Annotated[list[str], typer.Argument(metavar="VIỆC", help="Tên việc trong lịch: quarter, preview, retry …")]
Port = Annotated[
    int | None,
    typer.Option(
        "--prefect-port",
        metavar="CỔNG",
        help="Cổng TCP của máy chủ Prefect trên máy này (mặc định: CCHC_PREFECT_PORT hoặc 4200).",
    ),
]


@app.command("list")
def listed(prefect_port: Port = None) -> None:
    """Các việc trong lịch và lượt chạy sắp tới."""
    table = console.table("Việc", "Lượt tới", "Nội dung")
    for one in _schedule(prefect_port).planned():
        when = "[bold red]đang tạm dừng[/]" if one.is_paused else _when(one.next_at)
        table.add_row(one.name, when, plain(one.about))
    out.print(table)


@app.command("pause")
def pause(names: Names, prefect_port: Port = None) -> None:
    """Tạm dừng: không tự chạy nữa, cả sau khi khởi động lại, cho đến khi mở lại."""
    for name in names:
        one = _schedule(prefect_port).set_active(name, active=False)
        out.print(f"[bold]ĐÃ TẠM DỪNG[/] {one.name}: {plain(one.about)}", soft_wrap=True)
    out.print(f"Mở lại: cchc schedule resume {' '.join(names)}", soft_wrap=True)


@app.command("resume")
def resume(names: Names, prefect_port: Port = None) -> None:
    """Mở lại việc đã tạm dừng."""
    for name in names:
        one = _schedule(prefect_port).set_active(name, active=True)
        out.print(f"[bold green]ĐÃ MỞ LẠI[/] {one.name}: {plain(one.about)}", soft_wrap=True)
    out.print("Lượt tới hiện ra sau khoảng một phút: cchc schedule list")


@app.command("run")
def run(
    name: Annotated[str, typer.Argument(metavar="VIỆC", help="Tên việc trong lịch.")], prefect_port: Port = None
) -> None:
    """Chạy ngay một việc, ngoài lịch; tiến trình chạy kỳ nhận trong vài giây."""
    one = _schedule(prefect_port).run_now(name)
    out.print(f"[bold green]ĐÃ GIAO[/] {one.name}: {plain(one.about)}. Theo dõi: cchc status", soft_wrap=True)


def _schedule(port: int | None) -> Schedule:
    from flows.schedule import Schedule

    return Schedule(f"http://127.0.0.1:{port_of_prefect(port)}")


def _when(at: datetime | None) -> str:
    return f"{at:%H:%M %d/%m/%Y}" if at else "chưa có"

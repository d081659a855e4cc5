"""cchc up: everything that a host which stays up needs, with one command: the portal, Prefect's server, its worker."""

from __future__ import annotations

import os
import socket
import sys
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Annotated

import typer

from cli.console import out
from cli.serve import GRACE_SECONDS, PORT
from contracts.errors import MachineError, UsageError
from contracts.settings import PREFECT_PORT, Settings

if TYPE_CHECKING:
    from flows.lasting import Program

OK = 200
STARTS_WITHIN = 180.0
"""Seconds that Prefect's server may take: it makes its database the first time."""


def up(
    port: Annotated[int, typer.Option("--port", metavar="CỔNG", help="Cổng TCP của cổng báo cáo.")] = PORT,
    prefect_port: Annotated[
        int | None,
        typer.Option(
            "--prefect-port",
            metavar="CỔNG",
            help="Cổng TCP của máy chủ Prefect, chỉ trên máy này (mặc định: CCHC_PREFECT_PORT hoặc 4200).",
        ),
    ] = None,
    proxy: Annotated[list[str] | None, typer.Option("--proxy", metavar="ĐỊA_CHỈ", help="Như của cchc serve.")] = None,
) -> None:
    """Mở cổng báo cáo, máy chủ Prefect và tiến trình chạy theo lịch; giữ cả ba cho đến khi dừng (Ctrl-C)."""
    from cli.keeping import Kept
    from flows.lasting import LastingPrefect, Program

    number = port_of_prefect(prefect_port)
    _check_free(number)
    os.environ.update(places())
    prefect = LastingPrefect(number)
    trusted = [word for one in proxy or [] for word in ("--proxy", one)]
    serve = (sys.executable, "-m", "cli.main", "serve", "--port", str(port), *trusted)
    with Kept(log=Settings().home.resolve() / "logs") as kept:
        try:
            kept.start(Program("cổng báo cáo", "portal", serve, prefect.settings, GRACE_SECONDS + 5), aloud=True)
            kept.start(prefect.server)
            kept.wait_until(lambda: status(prefect.health) == OK, seconds=STARTS_WITHIN)
            out.print(f"Máy chủ Prefect: {prefect.address}  (chỉ mở được trên máy này)")
            if status(prefect.pool) != OK:
                kept.do(prefect.make_pool)
            kept.do(prefect.deploy)
            kept.start(prefect.worker)
            out.print("Lịch chạy theo prefect.yaml đã nhận. Dừng tất cả: Ctrl-C.")
            kept.start(_watchdog(number, prefect.settings), aloud=True)
            kept.keep()
        except KeyboardInterrupt:
            out.print("Đang dừng…")
    out.print("Đã dừng tất cả.")


def port_of_prefect(given: int | None) -> int:
    """given: on the command line."""
    return given or Settings().prefect_port or PREFECT_PORT


def _watchdog(prefect_port: int, settings: dict[str, str]) -> Program:
    """At once, which tells what was cut off when the machine went down, and every hour: it does not go by Prefect."""
    from flows.lasting import Program

    words = ("watchdog", "--quiet", "--prefect-port", str(prefect_port))
    return Program("tiến trình canh lịch", "watchdog", (sys.executable, "-m", "cli.hourly", *words), settings)


def places() -> dict[str, str]:
    """Where things lie, whole: the programs are begun in another folder than the command."""
    settings = Settings()
    places = {
        "CCHC_HOME": settings.home,
        "CCHC_PROVINCE": settings.province_folder,
        "CCHC_SYSTEMS": settings.systems_folder,
        "CCHC_SECRETS": settings.secrets_folder,
    }
    return {name: str(place.resolve()) for name, place in places.items()}


def _check_free(port: int) -> None:
    """Raises UsageError, MachineError: another Prefect there would be taken for ours."""
    if os.environ.get("PREFECT_API_URL"):
        raise UsageError(
            "PREFECT_API_URL đang chỉ tới một máy chủ Prefect khác",
            advice="bỏ biến này để cchc up mở máy chủ riêng, hoặc chỉ mở cổng báo cáo: cchc serve",
        )
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        raise MachineError(
            f"cổng {port} đang có chương trình khác dùng", advice="chọn cổng khác cho Prefect: --prefect-port"
        ) from None


def status(address: str) -> int:
    """Of HTTP; 0 where nobody answers."""
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310  our own server
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0

"""cchc serve: the portal of one province, on this machine alone; a reverse proxy stands before it."""

from __future__ import annotations

import errno
import ipaddress
import socket
from typing import Annotated

import typer

from cli.console import out
from contracts.errors import MachineError, UsageError

HOST, PORT = "127.0.0.1", 8020
GRACE_SECONDS = 60
"""For which a stopping portal lets downloads come to their end."""


def serve(
    host: Annotated[
        str, typer.Option("--host", metavar="ĐỊA_CHỈ", help="Địa chỉ để nghe; ngoài 127.0.0.1 thì phải có --proxy.")
    ] = HOST,
    port: Annotated[int, typer.Option("--port", metavar="CỔNG", help="Cổng TCP.", min=0, max=65535)] = PORT,
    proxy: Annotated[
        list[str] | None,
        typer.Option(
            "--proxy",
            metavar="ĐỊA_CHỈ",
            help="Máy chủ chuyển tiếp (nginx, Caddy) được tin khi báo địa chỉ người dùng và https; ghi được nhiều lần.",
        ),
    ] = None,
) -> None:
    """Mở cổng tra cứu, kiểm tra, duyệt báo cáo cho cán bộ Sở Nội vụ."""
    trusted = [_trusted(one) for one in proxy or []]
    listening = _listening(host, port, behind_proxy=bool(trusted))
    try:
        _run(listening, trusted)
    finally:
        listening.close()
    out.print("Đã dừng cổng báo cáo.")


def _trusted(proxy: str) -> str:
    """An address or a network of some machines, never of all: whoever is trusted says who somebody is."""
    try:
        network = ipaddress.ip_network(proxy, strict=False)
    except ValueError:
        raise UsageError(f"--proxy: «{proxy}» không phải địa chỉ IP", advice="ví dụ: --proxy 127.0.0.1") from None
    if network.prefixlen == 0:
        raise UsageError(f"--proxy: «{proxy}» là mọi máy", advice="ghi đúng địa chỉ của máy chủ chuyển tiếp")
    return str(network) if network.num_addresses > 1 else str(network.network_address)


def _listening(host: str, port: int, *, behind_proxy: bool) -> socket.socket:
    """Raises UsageError, MachineError."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        raise UsageError(f"--host: «{host}» không phải địa chỉ IP", advice="ví dụ: --host 127.0.0.1") from None
    if not (address.is_loopback or behind_proxy):
        raise UsageError(
            f"cổng báo cáo không tự mã hóa đường truyền, nên không nghe thẳng ở {host}",
            advice="đặt nginx hoặc Caddy đứng trước rồi thêm --proxy, xem docs/deploy",
        )
    try:
        listening = socket.create_server(
            (host, port), family=socket.AF_INET6 if address.version == 6 else socket.AF_INET, backlog=2048
        )
    except OSError as error:
        raise _refused(error, host, port) from None
    # Connections inherit it. Else what follows the head of an answer waits 40 ms for the browser's acknowledgement.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def _refused(error: OSError, host: str, port: int) -> MachineError:
    match error.errno:
        case errno.EADDRINUSE:
            return MachineError(
                f"cổng {port} đang có chương trình khác dùng",
                advice=f"xem chương trình nào: ss -ltnp 'sport = :{port}'; hoặc chọn cổng khác: --port",
            )
        case errno.EADDRNOTAVAIL:
            return MachineError(f"máy này không có địa chỉ {host}", advice="xem các địa chỉ của máy: ip address")
        case errno.EACCES | errno.EPERM:
            return MachineError(f"tài khoản này không được mở cổng {port}", advice="chọn cổng từ 1024 trở lên: --port")
        case _:
            return MachineError(f"không nghe được ở {host}, cổng {port}: {error.strerror}", advice="kiểm tra máy")


def _run(listening: socket.socket, trusted: list[str]) -> None:
    """Until SIGTERM or Ctrl-C; what is being answered then is answered to its end. Raises CchcError where the warehouse
    cannot be opened: who starts the portal hears it, and not the first who comes."""
    import uvicorn

    from portal.app import create_app

    app = create_app()
    app.state.house.engine.connect().close()
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=bool(trusted),
            forwarded_allow_ips=trusted,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )
    host, port = listening.getsockname()[:2]
    out.print(f"Cổng báo cáo: http://{f'[{host}]' if ':' in host else host}:{port}  (dừng: Ctrl-C)")
    try:
        server.run(sockets=[listening])
    except KeyboardInterrupt:  # the signal that ended it, which uvicorn hands on afterwards
        if not server.should_exit:
            raise

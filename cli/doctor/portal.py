"""The portal's port: free, or held by a portal that is well; and the address under which staff know it."""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request
from urllib.parse import urlsplit

from cli.serve import HOST, PORT
from contracts.fitness import Fitness, good, unfit, warning
from contracts.portal_settings import LOOPBACK
from contracts.settings import Settings

ANSWERS_WITHIN = 8.0
PARTS = {"database": "kho số liệu", "register": "tệp báo cáo mới nhất", "disk": "đĩa"}


def portal(port: int = PORT) -> Fitness:
    address = urlsplit(Settings().portal_url or "")
    if address.scheme == "http" and address.hostname not in LOOPBACK:
        said = f"CCHC_PORTAL_URL là {Settings().portal_url}: mật khẩu sẽ đi qua mạng không mã hóa"
        return unfit(said, "đặt nginx hoặc Caddy đứng trước (docs/deploy), ghi https://… vào CCHC_PORTAL_URL")
    if not listens(port):
        return good(f"cổng {port} còn trống, cổng báo cáo chưa chạy")
    return _held(port)


def _held(port: int) -> Fitness:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=ANSWERS_WITHIN) as answer:
            body = answer.read()
    except urllib.error.HTTPError as error:
        body = error.read()
    except OSError:
        return unfit(f"có chương trình giữ cổng {port} mà không trả lời", "xem là chương trình nào", whose(port))
    parts = _parts(body)
    if parts is None:
        advice = "dừng nó, hoặc mở cổng báo cáo ở số khác: --port"
        return unfit(f"cổng {port} do chương trình khác giữ", advice, whose(port))
    if failing := [PARTS.get(name, name) for name, state in parts.items() if state == "failing"]:
        return warning(f"cổng báo cáo chạy ở {port} nhưng báo lỗi: {', '.join(failing)}", "xem các mục đó ở đây")
    return good(f"cổng báo cáo đang chạy ở {port}")


def _parts(body: bytes) -> dict[str, object] | None:
    """What a portal says of its parts; None where it is none of ours."""
    try:
        said = json.loads(body)
    except ValueError:
        return None
    ours = isinstance(said, dict) and said.get("status") in {"ok", "failing"}
    return {str(name): state for name, state in said.items() if name != "status"} if ours else None


def whose(port: int) -> str:
    """The command that names the program."""
    return f"ss -ltnp 'sport = :{port}'"


def listens(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=ANSWERS_WITHIN).close()
    except ConnectionRefusedError:
        return False
    except OSError:
        return True
    return True

"""How long a page takes, and what becomes of many downloads at once; over HTTP, against processes of their own."""

from __future__ import annotations

import asyncio
import hashlib
import http.client
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from benchmarks.measure import REPOSITORY

STARTS_WITHIN = 60.0
WARM, VISITS = 5, 100


@dataclass(frozen=True)
class Server:
    port: int
    pid: int

    @property
    def peak_mb(self) -> float:
        """Highest resident memory of the process so far."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


@dataclass(frozen=True)
class Page:
    """Seconds from asking to the last byte."""

    median: float
    p95: float
    size: int


@contextmanager
def served(command: Sequence[str], *, environment: Mapping[str, str], probe: str) -> Iterator[Server]:
    """command: with {port} where it stands. Ends with the block."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    words = [word.format(port=port) for word in command]
    with subprocess.Popen(
        words, cwd=REPOSITORY, env=os.environ | dict(environment), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _wait(port, probe, process)
            yield Server(port, process.pid)
        finally:
            process.terminate()


def _wait(port: int, probe: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} left with {process.returncode}")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", probe)
            if connection.getresponse().status < 500:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{process.args!r} does not answer")


def page(server: Server, path: str, *, cookie: str = "") -> Page:
    """One connection that stays open, as a browser's does; one request after the other."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    took, size = [], 0
    for visit in range(WARM + VISITS):
        started = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
        answer = connection.getresponse()
        size = len(answer.read())
        seconds = time.perf_counter() - started
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
        if visit >= WARM:
            took.append(seconds)
    return Page(median(took), quantiles(took, n=20)[-1], size)


def downloads_at_once(server: Server, wanted: Mapping[str, str], *, cookie: str = "") -> float:
    """Seconds until the last has come. wanted: path → SHA-256. Raises where one fails or has other bytes."""
    return asyncio.run(_all_of(server, wanted, cookie))


async def _all_of(server: Server, wanted: Mapping[str, str], cookie: str) -> float:
    started = time.perf_counter()
    await asyncio.gather(*(_one(server, path, sha256, cookie) for path, sha256 in wanted.items()))
    return time.perf_counter() - started


async def _one(server: Server, path: str, sha256: str, cookie: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    said = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{server.port}", "Connection: close"]
    said += [f"Cookie: {cookie}"] if cookie else []
    writer.write(("\r\n".join(said) + "\r\n\r\n").encode())
    await writer.drain()
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    status = head.split(b"\r\n", 1)[0].decode()
    if " 200 " not in f"{status} ":
        raise RuntimeError(f"{path}: {status}")
    if hashlib.sha256(body).hexdigest() != sha256:
        raise RuntimeError(f"{path}: other bytes ({len(body)})")

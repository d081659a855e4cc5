"""`python -m flows.requested ID`: does a rerun that was asked for, and says in its row what came of it.

As `cchc rerun` does it, without a terminal: what there is to tell stands in the row, the ledger and the register."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from contracts import clock
from contracts.errors import CchcError, Exit, WarehouseError, known_error
from contracts.settings import Settings
from flows import trace
from flows.place import Place, find_place, stored_as_of
from flows.requests import stand_of
from warehouse import requests
from warehouse.requests import Request, State

if TYPE_CHECKING:
    from flows.quarter import QuarterResult

BEAT_SECONDS = 5.0
STOPPED = "Bị dừng theo yêu cầu của máy chủ (khởi động lại, tắt máy). Bấm chạy lại; phần đã làm không mất."


def main() -> None:
    signal.signal(signal.SIGTERM, _stop)
    os.umask(0o027)
    sys.exit(do(int(sys.argv[1])))


def do(number: int) -> int:
    """Returns the exit code that stands in the row; 0 where another process has taken the request."""
    engine, province = _opened()
    asked = requests.request(engine, number)
    if asked is None:
        _log(f"không có yêu cầu số {number}")
        return Exit.USAGE
    if not requests.begin(engine, number, before=stand_of(engine, asked.period_id).to_json()):
        _log(f"yêu cầu số {number} đã có tiến trình khác nhận hoặc đã dừng")
        return Exit.DONE
    _log(f"yêu cầu số {number}: kỳ {asked.period_id}, nguồn {', '.join(asked.sources)}")
    with _beating(engine, number):
        code, said, state = _carried_out(asked, province)
        after = stand_of(engine, asked.period_id).to_json()
        requests.end(engine, number, exit_code=int(code), said=said, after=after, state=state)
    _log(f"mã thoát {int(code)}: {said}")
    return code


def _opened() -> tuple[Engine, str]:
    from contracts.province import read_province
    from warehouse.database import open_warehouse

    folder = Settings().province_folder
    return open_warehouse(Settings().database_url(read_province(folder).id)), str(folder)


def _carried_out(asked: Request, province: str) -> tuple[Exit, str, State]:
    """Exit code, sentence for who asked, and whether it came to an end."""
    try:
        result = _run(asked, find_place(asked.period_id, province=province))
    except KeyboardInterrupt:
        return Exit.BUG, STOPPED, "stopped"
    except Exception as error:
        if known := known_error(error):
            return known.exit_code, _sentence(known), "done"
        path = trace.write_trace(error, Settings().home / "logs")
        return Exit.BUG, f"Lỗi của phần mềm ({trace.describe(error)}): gửi tệp {path} cho nhóm phát triển.", "done"
    return result.exit_code, said_of(result), "done"


def _run(asked: Request, place: Place) -> QuarterResult:
    from flows.server import TemporaryServer

    with TemporaryServer() as server:
        from flows.quarter import quarter

        as_of = stored_as_of(place).isoformat()
        words = place.period.id, place.words["province"], as_of, list(asked.sources), asked.fresh
        result: QuarterResult = server.data_of(partial(quarter, *words, asked_by="portal", return_state=True))
    return result


def said_of(result: QuarterResult) -> str:
    """One or two sentences for whoever asked."""
    new = sum(r.rendered for r in result.reports)
    reports = f"{new} báo cáo có bản mới" if new else "không báo cáo nào thay đổi"
    if result.exit_code is Exit.DONE:
        return f"Đã xong: mọi nguồn của kỳ đều có số liệu; {reports}."
    names = ", ".join(result.place.source(p.source_id).name for p in result.missing)
    return f"Đã chạy xong nhưng còn thiếu số liệu của: {names}; {reports}, ghi rõ phần thiếu."


def _sentence(error: CchcError) -> str:
    cause = error.cause[:1].upper() + error.cause[1:]
    return f"{cause}. Việc cần làm: {error.advice}." if error.advice else f"{cause}."


@contextmanager
def _beating(engine: Engine, number: int) -> Iterator[None]:
    """A sign of life every few seconds, until the block ends."""
    over = threading.Event()

    def beats() -> None:
        while not over.wait(BEAT_SECONDS):
            with suppress(WarehouseError):  # told by the work itself, if it lasts
                requests.beat(engine, number)

    thread = threading.Thread(target=beats, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _log(said: str) -> None:
    print(f"{clock.now():%H:%M:%S %d/%m/%Y} {said}", flush=True)


def _stop(_signal: int, _frame: object) -> None:
    """SIGTERM ends a run as Ctrl-C does: what is done stays, and nothing is left running."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()

"""Sets reports in processes of their own, two at once, each importing the typesetter once.

They begin with the first report, while others are still being made. A press is started afresh and fed through a pipe:
forking this process, which may have the threads of a flow, could hang, and a pool of multiprocessing would import the
caller's main module once more."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import suppress
from queue import Empty, LifoQueue

from contracts.errors import CchcError, MachineError, known_error
from reporting.sheet import Rendered, Sheet

PRESSES = 2
TRIES = 2
"""A sheet whose press was ended from outside is set once more, by a fresh one."""


def print_all(sheets: Iterable[Sheet]) -> Iterator[tuple[int, Rendered]]:
    """Print each sheet; gives its place in `sheets` and the result, in the order of finishing, as soon as all have been
    handed over. Give the longest first. Raises what rendering raises."""
    at_once = min(PRESSES, os.cpu_count() or 1)
    if at_once < 2:
        from reporting.render import print_report

        for place, sheet in enumerate([*sheets]):
            yield place, print_report(sheet)
        return
    presses = _Presses()
    try:
        with ThreadPoolExecutor(at_once) as threads:
            tasks: dict[Future[Rendered], int] = {}
            try:
                for place, sheet in enumerate(sheets):
                    tasks[threads.submit(presses.render, sheet)] = place
                for task in as_completed(tasks):
                    yield tasks[task], task.result()
            finally:
                threads.shutdown(cancel_futures=True)
    finally:
        presses.close()


class _Presses:
    """As many as are at work at once."""

    def __init__(self) -> None:
        self._started: list[_Press] = []
        self._idle: LifoQueue[_Press] = LifoQueue()

    def render(self, sheet: Sheet) -> Rendered:
        for tried in range(TRIES):
            press = self._take()
            try:
                answer = press.answer(sheet)
            except _PressEnded as ended:
                if tried == TRIES - 1 or not ended.signal:
                    raise ended.told() from None
            else:
                self._idle.put(press)
                return _rendered(answer)
        raise AssertionError("the last try returns or raises")

    def _take(self) -> _Press:
        try:
            return self._idle.get_nowait()
        except Empty:
            press = _Press()
            self._started.append(press)
            return press

    def close(self) -> None:
        for press in self._started:
            press.close()


class _Press:
    """One rendering process."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "reporting.press"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is heard by the command, which ends its presses itself
        )

    def answer(self, sheet: Sheet) -> object:
        """Raises _PressEnded where it ended before it had answered, or in the middle of that."""
        assert self._process.stdin and self._process.stdout
        try:
            pickle.dump(sheet, self._process.stdin)
            self._process.stdin.flush()
            return pickle.load(self._process.stdout)  # noqa: S301 (our own process)
        except (EOFError, BrokenPipeError, pickle.UnpicklingError):
            raise _PressEnded(-self._process.wait()) from None

    def close(self) -> None:
        """End of the jobs: the process leaves by itself."""
        assert self._process.stdin and self._process.stdout
        with suppress(BrokenPipeError):  # it was ended, and what it was given is still here
            self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()


class _PressEnded(Exception):
    """signal: by which it was ended from outside; nothing positive where it ended by itself."""

    def __init__(self, signal: int) -> None:
        super().__init__(signal)
        self.signal = max(signal, 0)

    def told(self) -> Exception:
        if not self.signal:
            return RuntimeError("a rendering process ended by itself")
        return MachineError(
            f"tiến trình in báo cáo bị hệ điều hành dừng (tín hiệu {self.signal}), thường vì thiếu bộ nhớ",
            advice="giải phóng bộ nhớ rồi chạy lại, phần đã làm không mất",
        )


def _rendered(answer: object) -> Rendered:
    if isinstance(answer, CchcError):
        raise answer
    if not isinstance(answer, Rendered):
        raise RuntimeError(f"rendering failed in its process:\n{answer}")  # noqa: TRY004 (a bug, told as one)
    return answer


def main() -> None:
    """Sheets from the standard input, answers to the standard output, both pickled, until the input ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get among the answers
    from reporting.render import print_report

    while True:
        try:
            sheet = pickle.load(sys.stdin.buffer)  # noqa: S301 (from the process that started this one)
        except EOFError:
            return
        pickle.dump(_answer(print_report, sheet), answers)
        answers.flush()


def _answer(print_report: Callable[[Sheet], Rendered], sheet: Sheet) -> Rendered | CchcError | str:
    try:
        return print_report(sheet)
    except Exception as error:
        return known_error(error) or traceback.format_exc()


if __name__ == "__main__":
    main()

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
from queue import Empty, LifoQueue

from contracts.errors import CchcError, machine_error
from reporting.sheet import Rendered, Sheet

PRESSES = 2


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
        press = self._take()
        try:
            return press.render(sheet)
        finally:
            self._idle.put(press)

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

    def render(self, sheet: Sheet) -> Rendered:
        assert self._process.stdin and self._process.stdout
        try:
            pickle.dump(sheet, self._process.stdin)
            self._process.stdin.flush()
            answer = pickle.load(self._process.stdout)  # noqa: S301 (our own process)
        except (EOFError, BrokenPipeError) as error:
            raise RuntimeError(f"a rendering process ended with code {self._process.wait()}") from error
        if isinstance(answer, CchcError):
            raise answer
        if not isinstance(answer, Rendered):
            raise RuntimeError(f"rendering failed in its process:\n{answer}")  # noqa: TRY004 (a bug, told as one)
        return answer

    def close(self) -> None:
        """End of the jobs: the process leaves by itself."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()


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
    except CchcError as error:
        return error
    except Exception as error:
        told = machine_error(error) if isinstance(error, OSError) else None
        return told or traceback.format_exc()


if __name__ == "__main__":
    main()

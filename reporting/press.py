"""Sets several reports at once, each process importing the typesetter once.

A press is a process of its own, started afresh and fed through a pipe: forking this process, which may have the
threads of a flow, could hang, and a pool of multiprocessing would import the caller's main module once more."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from queue import SimpleQueue

from contracts.errors import CchcError, machine_error
from reporting.render import Rendered, Sheet, print_report

PRESSES = 2


def print_all(sheets: Sequence[Sheet]) -> Iterator[tuple[int, Rendered]]:
    """Print each sheet; gives the place in `sheets` and the result, in the order of finishing.
    Give the longest first. Raises what rendering raises."""
    presses = min(PRESSES, os.cpu_count() or 1, len(sheets))
    if presses < 2:
        for place, sheet in enumerate(sheets):
            yield place, print_report(sheet)
        return
    idle: SimpleQueue[_Press] = SimpleQueue()
    started = [_Press() for _ in range(presses)]
    for press in started:
        idle.put(press)
    try:
        with ThreadPoolExecutor(presses) as threads:
            tasks = {threads.submit(_print, idle, sheet): place for place, sheet in enumerate(sheets)}
            try:
                for task in as_completed(tasks):
                    yield tasks[task], task.result()
            finally:
                threads.shutdown(cancel_futures=True)
    finally:
        for press in started:
            press.close()


def _print(idle: SimpleQueue[_Press], sheet: Sheet) -> Rendered:
    press = idle.get()
    try:
        return press.render(sheet)
    finally:
        idle.put(press)


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
    while True:
        try:
            sheet = pickle.load(sys.stdin.buffer)  # noqa: S301 (from the process that started this one)
        except EOFError:
            return
        pickle.dump(_answer(sheet), answers)
        answers.flush()


def _answer(sheet: Sheet) -> Rendered | CchcError | str:
    try:
        return print_report(sheet)
    except CchcError as error:
        return error
    except Exception as error:
        told = machine_error(error) if isinstance(error, OSError) else None
        return told or traceback.format_exc()


if __name__ == "__main__":
    main()

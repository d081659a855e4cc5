"""Programs that are kept running together: where one ends, all end, and none is left behind.

None is started again here: what keeps the machine's services (systemd) starts the whole anew, in the right order, and
its journal says when and why.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from contracts.errors import MachineError
from contracts.settings import REPOSITORY
from flows.lasting import Program

LOG_BYTES = 5_000_000
_LOOK_EVERY = 0.2
_PR_SET_CHILD_SUBREAPER = 36


class Kept:
    """Used as a context: whatever still runs at its end is stopped, first what was started last."""

    def __init__(self, *, log: Path) -> None:
        """log: folder of what the programs say."""
        self._log = log
        self._running: list[tuple[Program, subprocess.Popen[bytes]]] = []
        self._aloud: set[str] = set()

    def __enter__(self) -> Kept:
        self._log.mkdir(mode=0o700, parents=True, exist_ok=True)
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # children of children come to us, not to init
        signal.signal(signal.SIGINT, signal.default_int_handler)  # begun in a shell's background, all would ignore it
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            self._stop()
        finally:
            _end_children(signal.SIGKILL)

    def start(self, program: Program, *, aloud: bool = False) -> None:
        """aloud: what it says is for the operator's screen, too."""
        self._running.append((program, self._begun(program, aloud=aloud)))

    def do(self, program: Program) -> None:
        """A program that comes to an end by itself. Raises MachineError where that is a bad one."""
        done = self._begun(program)
        self.wait_until(lambda: done.poll() is not None)
        if done.returncode:
            raise MachineError(f"{program.name}: không xong (mã {done.returncode})", advice=self._advice(program))

    def wait_until(self, is_so: Callable[[], bool], *, seconds: float | None = None) -> None:
        """Raises MachineError where a program ends before, or the time is over."""
        until = None if seconds is None else time.monotonic() + seconds
        while not is_so():
            self._check()
            if until is not None and time.monotonic() > until:
                program = self._running[-1][0]
                raise MachineError(
                    f"{program.name}: chưa sẵn sàng sau {seconds:.0f} giây", advice=self._advice(program)
                )
            time.sleep(_LOOK_EVERY)

    def keep(self) -> None:
        """For ever. Raises MachineError as soon as one of the programs ends."""
        while True:
            self._check()
            with suppress(ChildProcessError):
                ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
                if ended and ended.si_pid not in {process.pid for _, process in self._running}:
                    os.waitpid(ended.si_pid, 0)

    def _check(self) -> None:
        for program, process in self._running:
            if process.poll() is not None:
                raise MachineError(
                    f"{program.name} đã dừng (mã {process.returncode}); các phần còn lại cũng dừng theo",
                    advice=self._advice(program),
                )

    def _advice(self, program: Program) -> str:
        said = "các dòng ngay trên" if program.name in self._aloud else str(self._file(program))
        return f"xem {said}, sửa rồi chạy lại"

    def _file(self, program: Program) -> Path:
        return self._log / f"{program.log}.log"

    def _begun(self, program: Program, *, aloud: bool = False) -> subprocess.Popen[bytes]:
        """In a session of its own: Ctrl-C is heard here, and each program told in its turn."""
        if aloud:
            self._aloud.add(program.name)
        where = Path("/dev/null") if aloud else _with_room(self._file(program))
        with where.open("ab") as said:
            return subprocess.Popen(  # noqa: S603  programs of ours
                [*_bound_to_parent(), *program.command],
                cwd=REPOSITORY,
                env=program.environment,
                stdin=subprocess.DEVNULL,
                stdout=None if aloud else said,
                stderr=None if aloud else subprocess.STDOUT,
                start_new_session=True,
            )

    def _stop(self) -> None:
        for program, process in reversed(self._running):  # a worker says goodbye to a server that is still there
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(program.ends_within)


def _with_room(file: Path) -> Path:
    """A log goes on where it was: why a program ended is asked after it was started again."""
    if file.exists() and file.stat().st_size > LOG_BYTES:
        file.replace(file.with_suffix(".1.log"))
    return file


def _end_children(how: signal.Signals) -> None:
    """Those that are left, theirs included once they have lost their parents."""
    while left := _children():
        for number in left:
            with suppress(ProcessLookupError):
                os.kill(number, how)
        for number in left:
            with suppress(ChildProcessError):
                os.waitpid(number, 0)


def _children() -> list[int]:
    return [int(number) for task in Path("/proc/self/task").iterdir() for number in _words(task / "children")]


def _words(file: Path) -> list[str]:
    try:
        return file.read_text().split()
    except OSError:  # the thread is gone
        return []


def _bound_to_parent() -> list[str]:
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM"] if setpriv else []

"""Checks side by side, each with its time: one that hangs (a dead network disk, a system that takes connections and
says nothing) is told as such and waited for no longer."""

from __future__ import annotations

import errno
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from contracts.errors import CchcError, machine_error
from contracts.fitness import Fitness, of_error, unfit

SECONDS = 30.0
"""On two cores on which seven other processes work, what some checks import takes half of it."""

_REPORT = "gửi dòng này cho nhóm phát triển cchc"
Look = Callable[[], Fitness]


@dataclass(frozen=True)
class Check:
    """id: for monitoring, never renamed. name: for the operator. hangs: what it means where no answer comes in time."""

    id: str
    name: str
    look: Look
    seconds: float = SECONDS
    hangs: str = "máy quá bận, hoặc ổ đĩa mạng, máy chủ không trả lời: kiểm tra rồi chạy lại lệnh này"


@dataclass
class Told:
    """What a check found. seconds: how long it took; hung: whether it still goes on."""

    check: Check
    found: Fitness
    seconds: float
    hung: bool = False


@dataclass
class _Begun:
    check: Check
    began: float = field(default_factory=time.monotonic)
    done: threading.Event = field(default_factory=threading.Event)
    found: Fitness | None = None
    ended: float = 0.0

    def work(self) -> None:
        self.found = _found(self.check.look)
        self.ended = time.monotonic()
        self.done.set()

    def wait(self) -> Told:
        left = self.began + self.check.seconds - time.monotonic()
        if self.done.wait(max(left, 0)) and self.found:
            return Told(self.check, self.found, self.ended - self.began)
        said = f"không trả lời trong {self.check.seconds:.0f} giây"
        return Told(self.check, unfit(said, self.check.hangs), self.check.seconds, hung=True)


def told(checks: Sequence[Check]) -> Iterator[Told]:
    """All begin at once; told in their order. Whoever asks must leave without waiting for threads where one is hung."""
    begun = [_Begun(check) for check in checks]
    for one in begun:
        threading.Thread(target=one.work, name=one.check.id, daemon=True).start()
    yield from (one.wait() for one in begun)


def _found(look: Look) -> Fitness:
    try:
        return look()
    except CchcError as error:
        found = of_error(error)
        return replace(found, advice=_REPORT) if "cchc doctor" in found.advice else found
    except OSError as error:
        if known := machine_error(error):
            return of_error(known)
        code = errno.errorcode.get(error.errno or 0, type(error).__name__)
        return unfit(f"máy từ chối ({code})", "xem các mục khác, sửa máy rồi chạy lại lệnh này")
    except Exception as bug:  # a check that is broken must not hide what the others found
        return unfit(f"lỗi của chính bước kiểm tra ({_place(bug)})", _REPORT)


def _place(bug: Exception) -> str:
    from flows import trace

    return trace.describe(bug)

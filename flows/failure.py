"""What the ledger is told of an error that ended the work on a source: whose it is to mend, and how."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from contracts.errors import known_error
from flows import trace

BUG = "bug"


@dataclass(frozen=True)
class Failure:
    """kind: name of the error's class, or BUG. cause, advice: Vietnamese, for the operator."""

    kind: str
    cause: str
    advice: str


def failure_of(error: Exception, *, logs: Path) -> Failure:
    """Of a bug the place alone, its trace in a file below `logs`: its message could hold a row."""
    if known := known_error(error):
        return Failure(type(known).__name__, known.cause, known.advice)
    trace.write_trace(error, logs)
    return Failure(BUG, f"lỗi của phần mềm: {trace.describe(error)}", "gửi tệp nhật ký lỗi cho nhóm phát triển cchc")

"""Where a bug of ours struck: places in the code, never messages or values, which could hold a dossier."""

from __future__ import annotations

import tempfile
import traceback
from pathlib import Path

from contracts import clock
from contracts.settings import REPOSITORY


def describe(bug: BaseException) -> str:
    """Kind of the exception and the last place in our own code, for one line of the ledger."""
    ours = [f for f in traceback.extract_tb(bug.__traceback__) if Path(f.filename).is_relative_to(REPOSITORY)]
    ours = [f for f in ours if ".venv" not in f.filename]
    place = f" tại {Path(ours[-1].filename).relative_to(REPOSITORY)}:{ours[-1].lineno}" if ours else ""
    return f"{type(bug).__name__}{place}"


def write_trace(bug: BaseException, folder: Path, *, number: str = "") -> Path:
    """All frames of the exception and its causes, appended to a log file below `folder`, or, where that cannot be
    written, below the machine's folder for temporary files. number: what the person was told to name it by."""
    lines = [f"{clock.now().isoformat()}{f' mã lỗi {number}' if number else ''} {describe(bug)}"]
    cause: BaseException | None = bug
    while cause is not None:
        lines.append(f"  {type(cause).__module__}.{type(cause).__qualname__}")
        lines += [f"    {f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(cause.__traceback__)]
        cause = cause.__cause__ or cause.__context__
    try:
        return _append(lines, folder)
    except OSError:
        return _append(lines, Path(tempfile.gettempdir()))


def _append(lines: list[str], folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"cchc-bugs-{clock.today():%Y-%m}.log"
    with path.open("a", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    return path

"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_whole(out: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Beside, then renamed: a reader never sees half a file. mode: its rights."""
    with written_beside(out, content, mode=mode) as file:
        file.replace(out)


@contextmanager
def written_beside(out: Path, content: bytes, *, mode: int = 0o644) -> Iterator[Path]:
    """A passing file in the same folder with that content, on the disk; gone afterwards where it was not moved."""
    handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.stem}-", suffix=".tmp")
    file = Path(name)
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        file.chmod(mode)
        yield file
    finally:
        file.unlink(missing_ok=True)

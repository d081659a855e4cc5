"""Whether a file is still the one that was registered, without reading it anew for everybody who asks for it."""

from __future__ import annotations

import hashlib
import os
import threading
from collections import OrderedDict
from pathlib import Path

MOST = 20_000
_known: OrderedDict[tuple[str, int, int, int, int], str] = OrderedDict()
_alone = threading.Lock()


def sha256_of(path: Path) -> str | None:
    """Of the file as it is now; None where it cannot be read. A file whose size, times and place on the disk are as
    they were is not read again: who writes to it changes the time of its change, which no program can set back."""
    try:
        with path.open("rb") as file:
            state = os.fstat(file.fileno())
            key = (str(path), state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns)
            with _alone:
                if key in _known:
                    _known.move_to_end(key)
                    return _known[key]
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
    with _alone:
        _known[key] = digest
        if len(_known) > MOST:
            _known.popitem(last=False)
    return digest

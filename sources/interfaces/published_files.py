"""Published figures that were handed over as a file: kept as they came, with checksum and giver."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from pathlib import Path

from contracts.errors import UsageError
from sources.interfaces.portal import MANIFEST
from sources.landing.disk import sync


def keep(path: Path, *, period_id: str, source: str, at: datetime, home: Path) -> Path:
    """Copy the file to home/<period>/<time>-<checksum>/ beside a manifest; the folder. Raises UsageError where the same
    was imported in that second."""
    content = path.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    folder = home / period_id / f"{at:%Y-%m-%dT%H%M%S}-{sha256[:8]}"
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise UsageError("tệp này vừa được nhập trong cùng giây này", advice="không cần nhập lại") from None
    _write(folder / path.name, content)
    said = {
        "producer": source,
        "period": period_id,
        "imported_at": at.isoformat(),
        "complete": True,
        "files": [{"name": path.name, "sha256": sha256}],
    }
    _write(folder / MANIFEST, (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode())
    sync(folder)
    return folder


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    sync(path)

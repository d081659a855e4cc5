"""Published figures that were handed over as a file: kept as they came, with checksum and giver, under a name of ours:
theirs may be one that no backup can keep."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from contracts.errors import UsageError
from sources.interfaces.portal import MANIFEST
from sources.landing.disk import sync

_NAME = "so-cong-bo"
_PASSING = ".part-"


def keep(path: Path, *, period_id: str, source: str, at: datetime, home: Path) -> Path:
    """Copy the file to home/<period>/<time>-<checksum>/ beside a manifest; the folder, which is there whole or not at
    all. Raises UsageError where the same was imported in that second."""
    content = path.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    folder = home / period_id / f"{at:%Y-%m-%dT%H%M%S}-{sha256[:8]}"
    name = f"{_NAME}{path.suffix.lower() if path.suffix.isascii() and path.suffix.isprintable() else ''}"
    said = {
        "producer": source,
        "period": period_id,
        "imported_at": at.isoformat(),
        "complete": True,
        "files": [{"name": name, "sha256": sha256}],
    }
    folder.parent.mkdir(parents=True, exist_ok=True)
    passing = Path(tempfile.mkdtemp(prefix=_PASSING, dir=folder.parent))
    try:
        _write(passing / name, content)
        _write(passing / MANIFEST, (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode())
        sync(passing)
        passing.chmod(0o750)
        if folder.exists():
            raise UsageError("tệp này vừa được nhập trong cùng giây này", advice="không cần nhập lại")
        passing.rename(folder)
    finally:
        shutil.rmtree(passing, ignore_errors=True)
    sync(folder.parent)
    return folder


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    sync(path)

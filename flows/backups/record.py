"""When a province was backed up last, so that doctor and metrics can tell how long ago that is.

<home>/<province>/backup.json, of this machine: {"format": 1, "at": ISO moment of the snapshot, "folder": where the
backup lies, "manifest": SHA-256 of its MANIFEST.json, "rows": of the warehouse, "files": number, "bytes": of all files,
"absent": number of files that were lost or altered before, "same_disk": whether it lies on the disk of what it is the
backup of}. Written once a backup is whole; a failed one leaves the
record of the one before."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from contracts.settings import Settings
from contracts.whole_files import write_whole
from flows.backups.manifest import Manifest

RECORD = "backup.json"


@dataclass(frozen=True)
class Record:
    """bytes: of all files; absent: how many files the warehouse named that were lost or altered."""

    at: str
    folder: str
    manifest: str
    rows: int
    files: int
    bytes: int
    absent: int
    format: int = 1
    same_disk: bool = False

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.at)


def last_backup(province_id: str) -> Record | None:
    """None where none was made from this machine, or the record cannot be read."""
    try:
        record = Record(**json.loads(_file(province_id).read_text(encoding="utf-8")))
        aware = record.moment.tzinfo is not None
    except (OSError, ValueError, TypeError):
        return None
    return record if aware else None


def keep_record(province_id: str, folder: Path, manifest: Manifest, *, same_disk: bool) -> None:
    own = hashlib.sha256(manifest.text().encode()).hexdigest()
    numbers = {"rows": manifest.rows, "files": len(manifest.files), "bytes": manifest.size}
    record = Record(manifest.moment, str(folder), own, **numbers, absent=len(manifest.absent), same_disk=same_disk)
    content = json.dumps(asdict(record), ensure_ascii=False, indent=1) + "\n"
    write_whole(_file(province_id), content.encode(), mode=0o640)


def _file(province_id: str) -> Path:
    return Settings().province_home(province_id) / RECORD

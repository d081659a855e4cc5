"""An embedded database looked at: whole, in the journal mode that lets readers read on, and on a disk of its own."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from contracts.fitness import Fitness, good, unfit, warning

SECONDS = 8.0
"""After which the check of a large file is broken off: it reads all of it."""
STEPS = 100_000
"""Of SQLite's machine, after which it looks at the time: some milliseconds."""
NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "glusterfs", "ceph", "9p"}


def of_file(file: Path, *, restore: str, wal: bool = True, seconds: float = SECONDS) -> Fitness:
    """restore: what is done with one that is not whole, Vietnamese. wal: whether it must be in that mode."""
    if kind := network_disk(file):
        said = f"{file} nằm trên ổ mạng ({kind}): khóa tệp không chắc chắn, kho có thể hỏng"
        return unfit(said, "chuyển CCHC_HOME về đĩa của máy này, hoặc dùng kho PostgreSQL")
    try:
        told, mode, checked = _asked(file, seconds)
    except sqlite3.DatabaseError as error:
        name = getattr(error, "sqlite_errorname", "") or "SQLITE_NOTADB"
        return unfit(f"{file} không đọc được ({name})", restore)
    size = f"{file.stat().st_size / 1e6:.0f} MB"
    if not checked:
        said = f"{file} dài {size}, chưa kiểm tra hết trong {seconds:.0f} giây"
        command = f"python3 -c \"import sqlite3; print(*sqlite3.connect('{file}').execute('PRAGMA quick_check'))\""
        return warning(said, "kiểm tra hết khi máy rảnh; kết quả phải là ok", command)
    if told != "ok":
        return unfit(f"{file} bị hỏng", restore)
    if wal and mode != "wal":
        return warning(f"{file} không ở chế độ WAL", "lệnh cchc tiếp theo tự đặt lại", "cchc status")
    return good(f"nguyên vẹn, {size}{', WAL' if wal else ''}")


def network_disk(path: Path) -> str:
    """Kind of the network disk on which it lies; "" on a disk of this machine."""
    try:
        lines = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    places = [(words[1].replace("\\040", " "), words[2]) for line in lines if len(words := line.split()) > 2]
    here = path.resolve()
    over = [(place, kind) for place, kind in places if here.is_relative_to(place)]
    kind = max(over, key=lambda one: len(one[0]))[1] if over else ""
    return kind if kind in NETWORK else ""


def _asked(file: Path, seconds: float) -> tuple[str, str, bool]:
    """What quick_check says first, the journal mode, and whether the check came to its end."""
    until = time.monotonic() + seconds
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=rw", uri=True, timeout=5)) as db:
        mode = str(db.execute("PRAGMA journal_mode").fetchone()[0])
        db.set_progress_handler(lambda: time.monotonic() > until, STEPS)
        try:
            return str(db.execute("PRAGMA quick_check(1)").fetchone()[0]), mode, True
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            return "", mode, False

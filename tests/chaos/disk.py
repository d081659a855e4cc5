"""A disk that is as small as it has to be, and can be filled to the last byte."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

MEGABYTES = 64
_SMALL = 256 * 2**20
_SHARED = Path("/dev/shm")
"""Of a container: a small one is there already, which nobody needs to be allowed to mount."""


class Disk:
    """folder: on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        piece = b"\0" * 2**20
        with self._ballast.open("ab", buffering=0) as file:
            while len(piece) > 0:
                try:
                    if file.write(piece) < len(piece):
                        piece = piece[: len(piece) // 2]
                except OSError as error:
                    assert error.errno == errno.ENOSPC
                    piece = piece[: len(piece) // 2]
        assert os.statvfs(self.folder).f_bavail == 0

    def free(self) -> None:
        self._ballast.unlink(missing_ok=True)


@contextmanager
def small_disk(tmp_path: Path) -> Iterator[Disk]:
    """Real file systems in memory: what fills them is refused by the kernel."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "cchc-test", str(folder)]
    mounted = subprocess.run(mount, capture_output=True, text=True, check=False)
    if mounted.returncode == 0:
        try:
            yield Disk(folder)
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
        return
    if not _SHARED.is_dir() or shutil.disk_usage(_SHARED).total > _SMALL:
        pytest.fail(f"no small disk to be had (tests run as root, or with a small /dev/shm): {mounted.stderr}")
    with contextlib.ExitStack() as ending:
        yield Disk(Path(ending.enter_context(tempfile.TemporaryDirectory(dir=_SHARED))))

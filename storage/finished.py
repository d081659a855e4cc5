"""Finished files, by their places below the home: on this machine and, where CCHC_STORE names one, in the shared store.

A finished file is never changed once it has its name. Whoever makes one writes it here, whole, and then calls `keep`,
before the row is committed that names it; whoever reads one calls `bring`, which fetches it where it is not here. With
no CCHC_STORE these do nothing, and a file is there or not."""

from __future__ import annotations

import fcntl
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from enum import Enum
from pathlib import Path

from contracts import home
from storage import belonging
from storage.errors import StoredFileDamaged, StoreError
from storage.shared import Store, sha256_of, shared

_SEAL = ".sha256"
_FETCHED = ".fetched-"
_ANOTHER = "khac-"
"""Before the beginning of its SHA-256, behind the name of a file that was in the way of the one that was entered."""


class Condition(Enum):
    """Of a file, against the SHA-256 with which it was entered."""

    WHOLE = "whole"
    CHANGED = "changed"
    GONE = "gone"


def keep(*paths: Path) -> None:
    """Put finished files into the shared store, in that order: the last one is what a reader looks for first.
    Raises StoreError."""
    for path, key, store in _ours(*paths, doing="ghi"):
        store.put(path, key)


def keep_sealed(path: Path) -> None:
    """The same for a file whose SHA-256 stands nowhere else: it is kept beside, and looked for first."""
    for _, key, store in _ours(path, doing="ghi"):
        store.remove(key + _SEAL)
        store.put(path, key)
        store.put_text(sha256_of(path), key + _SEAL)


def bring(path: Path, *, sha256: str | None = None) -> bool:
    """Whether the file is here, fetched from the shared store where it was not, or where another one is here than
    sha256: what was made of that name before the store refused it, or what somebody changed. That one is kept beside
    it. Raises StoreError; StoredFileDamaged where the store's is another than sha256, too."""
    if not path.exists():
        return any(store.get(key, path, sha256=sha256) for _, key, store in _shared(path))
    if sha256 is not None and path.is_file():
        _replace_another(path, sha256)
    return True


def _replace_another(path: Path, sha256: str) -> None:
    for _, key, store in _shared(path):
        here = sha256_of(path)
        if here == sha256:
            return
        aside = path.with_name(f"{path.name}.{_ANOTHER}{here[:8]}")
        came = path.with_name(f".{_ANOTHER}{secrets.token_hex(8)}-{path.name}")
        try:
            if store.get(key, came, sha256=sha256):
                shutil.copy2(path, aside)
                came.replace(path)  # at no moment is there none
        finally:
            came.unlink(missing_ok=True)


def bring_sealed(path: Path) -> bool:
    """The same of what `keep_sealed` put there."""
    if path.exists():
        return True
    for _, key, store in _shared(path):
        if seal := store.text(key + _SEAL):
            return store.get(key, path, sha256=seal)
    return False


def bring_folder(folder: Path, *, last: str, parts: Callable[[bytes], Mapping[str, str]]) -> bool:
    """A folder that was kept with `last` as its last file, which names the others: `parts` gives their SHA-256. It gets
    its name when all of it is here. Raises as `bring` does; ValueError of `parts`."""
    if folder.exists():
        return True
    for _, key, store in _shared(folder):
        with _alone(folder.parent):
            return folder.exists() or _folder_fetched(store, key, folder, last, parts)
    return False


def has(path: Path) -> bool:
    """Whether the file is here or in the shared store; nothing is fetched."""
    return path.exists() or any(store.has(key) for _, key, store in _shared(path))


def has_shared(path: Path) -> bool:
    """Whether the shared store has the file; without such a store there is nothing more to put, and so it has."""
    return all(store.has(key) for _, key, store in _shared(path))


def others(folder: Path) -> list[Path]:
    """Files of that folder in the shared store, by the places that they have here; sorted."""
    found = [name for _, key, store in _shared(folder) for name in store.keys(key)]
    return [folder / name.rpartition("/")[2] for name in found if not name.endswith(_SEAL)]


def folders(folder: Path) -> list[Path]:
    """Folders in that folder, here or in the shared store, by the places that they have here; sorted."""
    there = {folder / name.rpartition("/")[2] for _, key, store in _shared(folder) for name in store.folders(key)}
    return sorted(there.union(path for path in folder.glob("*") if path.is_dir()))


def is_free(path: Path, sha256: str) -> bool:
    """Whether nothing but that very file lies under that name, here or in the shared store, where it is to be put.
    Raises StoreError."""
    if path.exists() and sha256_of(path) != sha256:
        return False
    return all(store.sha256(key, doing=f"ghi tệp {key}") in {None, sha256} for _, key, store in _shared(path))


def remove(path: Path) -> None:
    """Here and in the shared store; there first, so that a removal that was broken off can be done again."""
    remove_shared(path)
    path.unlink(missing_ok=True)


def remove_shared(path: Path) -> None:
    """In the shared store alone."""
    for _, key, store in _ours(path, doing="xóa"):
        store.remove(key + _SEAL)
        store.remove(key)


def condition(path: str | Path, sha256: str) -> Condition:
    """Of a file as it is here, fetched where it was not. Raises StoreError where the store does not say."""
    place = Path(path)
    try:
        if not bring(place, sha256=sha256):
            return Condition.GONE
    except StoredFileDamaged:
        return Condition.CHANGED
    if not place.is_file():
        return Condition.GONE
    return Condition.WHOLE if sha256_of(place) == sha256 else Condition.CHANGED


def is_as_entered(path: str | Path, sha256: str) -> bool:
    """Whether the file is there, byte for byte. Raises StoreError."""
    return condition(path, sha256) is Condition.WHOLE


def refuse_another_warehouse(province_id: str) -> None:
    """Before anything is done whose files could not be put there: raises UsageError where the shared store is another
    warehouse's. A store that does not answer is no matter yet."""
    with suppress(StoreError):
        if store := shared():
            belonging.check(store, province_id)


def _ours(*paths: Path, doing: str) -> Iterator[tuple[Path, str, Store]]:
    """What `_shared` gives, to be altered there. Raises UsageError where the store is another warehouse's."""
    for path, key, store in _shared(*paths):
        belonging.check(store, key.partition("/")[0], doing=f"{doing} tệp {key}")
        yield path, key, store


def _shared(*paths: Path) -> Iterator[tuple[Path, str, Store]]:
    """Each path that has a key in the shared store, with it; none where there is no such store."""
    store = shared()
    if store is None:
        return
    for path in paths:
        key = home.told(path)
        if not Path(key).is_absolute():
            yield path, key, store


def _folder_fetched(
    store: Store, key: str, folder: Path, last: str, parts: Callable[[bytes], Mapping[str, str]]
) -> bool:
    for left in folder.parent.glob(f"{_FETCHED}*"):  # of a process that was killed: we hold the lock
        shutil.rmtree(left, ignore_errors=True)
    passing = Path(tempfile.mkdtemp(prefix=_FETCHED, dir=folder.parent))
    try:
        if not store.get(f"{key}/{last}", passing / last):
            return False
        for name, sha256 in parts((passing / last).read_bytes()).items():
            if not store.get(f"{key}/{name}", passing / name, sha256=sha256):
                return False
        passing.chmod(0o750)
        passing.rename(folder)
    finally:
        shutil.rmtree(passing, ignore_errors=True)
    return True


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process of this machine fetches what is to lie in that folder; the others wait for it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    with (folder / ".fetch.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield

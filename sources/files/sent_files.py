"""Files that units send, wherever they lie: on this machine, an SFTP server or an S3 store.

A file is read from its beginning to its end into memory or through it, never onto a disk of ours, and counts only
where it was whole: as long as it was said to be, and the same after the reading as before.
"""

from __future__ import annotations

import difflib
import fnmatch
import os
import unicodedata
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from pkgutil import resolve_name
from types import TracebackType
from typing import Any, Protocol, Self, cast

from contracts.source_config import SourceConfig
from contracts.table_spec import FileConnection
from sources.reader import drifted, not_received, unreachable

BLOCK = 1 << 20
MOST_ENTRIES = 20_000
"""A folder with more entries is no drop box of a period."""

_MAGIC = frozenset("*?[")
_PASSING = ("~$", ".")
"""Names of what Excel and file transfers keep beside a file while it is open."""

_STAMPS = ("size", "mtime", "ino", "ETag", "LastModified")
_STORES = {
    "": "sources.files.local:LocalStore",
    "file": "sources.files.local:LocalStore",
    "sftp": "sources.files.sftp:SftpStore",
    "s3": "sources.files.s3:S3Store",
}


class Store(Protocol):
    """A place of files. Paths are those after scheme and host.

    Its methods raise OSError (FileNotFoundError, PermissionError, NotADirectoryError, TimeoutError) for what any
    store may meet, and SourceError for what only it knows. No message of the driver leaves it."""

    def info(self, path: str) -> dict[str, Any]:
        """type (file, directory, other), size, and whatever of `_STAMPS` the store has."""

    def entries(self, folder: str) -> list[dict[str, Any]]:
        """As info, and name: each entry's path."""

    def opened(self, path: str) -> AbstractContextManager[Any]:
        """Something with read(bytes)."""

    def close(self) -> None: ...


@dataclass(frozen=True)
class SentFile:
    """name: as findings call it: below the part of the address that no pattern stands in. stamp: changes with it."""

    name: str
    path: str
    size: int
    stamp: tuple[str, ...]


class SentFiles:
    """The files of one source. Which there are is seen once: all tables are read from the same ones."""

    def __init__(self, source: SourceConfig) -> None:
        self.source = source
        scheme, path = _split(source.address)
        if scheme not in _STORES:
            raise drifted(source, f"địa chỉ phải là đường dẫn tệp, sftp:// hoặc s3://, không phải {scheme}://")
        self._kind, self._path = _STORES[scheme], path
        self._store: Store | None = None
        self._found: dict[str, list[SentFile]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._store is not None:
            self._store.close()
        self._store = None
        self._found = {}

    @property
    def connection(self) -> FileConnection:
        """Of the source; one that says nothing where none was configured."""
        return self.source.connection if isinstance(self.source.connection, FileConnection) else FileConnection()

    def fitting(self, pattern: str = "", *, count: int = 0) -> list[SentFile]:
        """Files that fit the address, or the pattern below it, in the order of their names. count: how many there must
        be, where that is known. Raises SourceNotReceived where there is none or one is lacking."""
        if pattern not in self._found:
            wanted = f"{self._path.rstrip('/')}/{pattern}" if pattern else self._path
            with self._explained(PurePosixPath(wanted).name):
                self._found[pattern] = self._seen(wanted)
        self._check_count(self._found[pattern], count)
        return self._found[pattern]

    def blocks(self, file: SentFile) -> Iterator[bytes]:
        """The file's bytes. Raises SourceUnreachable at its end where it is not what was seen, and no longer the
        same."""
        read = 0
        with self._explained(file.name):
            self._check_same(file)
            with self._opened().opened(file.path) as stream:
                while block := stream.read(BLOCK):
                    read += len(block)
                    yield block
            if read != file.size:
                raise unreachable(self.source, f"tệp «{file.name}» đọc được {read} byte, đáng lẽ {file.size} byte")
            self._check_same(file)

    def content(self, file: SentFile, *, most: int) -> bytes:
        """The whole file. Raises SourceUnreachable where it is larger than that."""
        if file.size > most:
            cause = f"tệp «{file.name}» dài {file.size >> 20} MB, quá {most >> 20} MB"
            raise unreachable(self.source, cause)
        with closing(self.blocks(file)) as blocks:  # type: ignore[type-var]  # generators close
            return b"".join(blocks)

    def _check_count(self, found: list[SentFile], count: int) -> None:
        if count and len(found) < count:
            names = ", ".join(f"«{file.name}»" for file in found)
            raise not_received(self.source, f"mới nhận {len(found)} trong {count} tệp: {names}")
        if count and len(found) > count:
            raise drifted(self.source, f"có {len(found)} tệp, nhiều hơn {count} tệp đã thống nhất (files)")

    def _opened(self) -> Store:
        if self._store is None:
            self._store = cast(Store, resolve_name(self._kind)(self.source))
        return self._store

    def _seen(self, wanted: str) -> list[SentFile]:
        base, parts = _fixed_part(wanted)
        found = self._below(base, parts) if parts else self._one(wanted)
        if not found:
            raise self._missing(wanted)
        names = [file.name for file in found]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise drifted(self.source, f"có hai tệp cùng tên «{twice}», chỉ khác cách gõ dấu")
        return sorted(found, key=lambda file: unicodedata.normalize("NFC", file.name))

    def _one(self, path: str) -> list[SentFile]:
        """The file of that name, however its Vietnamese letters are composed there."""
        store = self._opened()
        try:
            return [self._checked(store.info(path), path, base=_parent(path))]
        except (FileNotFoundError, NotADirectoryError):
            same = [e for e in self._beside(path) if _nfc(_name(e)) == _nfc(PurePosixPath(path).name)]
            return [self._checked(store.info(str(e["name"])), str(e["name"]), base=_parent(path)) for e in same]

    def _below(self, base: str, parts: list[str]) -> list[SentFile]:
        """Files below `base` whose path fits the patterns, one for each folder and the last for the file."""
        store, folders = self._opened(), [base]
        for part in parts[:-1]:
            there = [entry for folder in folders for entry in self._entries(folder) if _fits(entry, part)]
            folders = [str(e["name"]) for e in there if store.info(str(e["name"]))["type"] == "directory"]
        names = [str(e["name"]) for f in folders for e in self._entries(f) if _fits(e, parts[-1])]
        infos = [(name, store.info(name)) for name in names]
        return [self._checked(info, name, base=base) for name, info in infos if info["type"] != "directory"]

    def _entries(self, folder: str) -> list[dict[str, Any]]:
        found = self._opened().entries(folder)
        if len(found) > MOST_ENTRIES:
            raise unreachable(self.source, f"thư mục có {len(found)} mục, quá {MOST_ENTRIES}")
        return found

    def _checked(self, info: dict[str, Any], path: str, *, base: str) -> SentFile:
        name = _nfc(path.removeprefix(base).lstrip("/"))
        if info["type"] != "file":
            advice = 'ghi thêm file = "…" ở [tables] nếu địa chỉ là thư mục'
            raise unreachable(self.source, f"«{name}» hỏng, hoặc không phải là tệp; {advice}")
        if not info["size"]:
            raise unreachable(self.source, f"tệp «{name}» rỗng: gửi hỏng hoặc chưa gửi xong")
        return SentFile(name, path, int(info["size"]), _stamp(info))

    def _check_same(self, file: SentFile) -> None:
        if _stamp(self._opened().info(file.path)) != file.stamp:
            raise unreachable(self.source, f"tệp «{file.name}» thay đổi trong khi đọc: có thể đang được gửi")

    def _missing(self, wanted: str) -> Exception:
        name = PurePosixPath(wanted).name
        what = f"tệp nào có tên dạng «{name}»" if _MAGIC & set(name) else f"tệp «{name}»"
        names = sorted({_nfc(_name(e)) for e in self._beside(wanted)})
        plain = "".join(c for c in name if c not in _MAGIC)
        near = difflib.get_close_matches(plain, names, n=3, cutoff=0.5)
        said = f"; tên gần giống đang có: {', '.join(f'«{n}»' for n in near)}" if near else ""
        return not_received(self.source, f"chưa nhận được {what}{said}")

    def _beside(self, path: str) -> list[dict[str, Any]]:
        """What lies where the file should: nothing where that cannot be seen."""
        folder, _ = _fixed_part(_parent(path))
        try:
            return self._opened().entries(folder)
        except OSError:
            return []

    @contextmanager
    def _explained(self, name: str) -> Iterator[None]:
        """What a store could not do, in words of ours."""
        try:
            yield
        except (FileNotFoundError, NotADirectoryError):
            raise not_received(self.source, f"chưa nhận được tệp «{name}»: thư mục không có") from None
        except PermissionError:
            raise unreachable(self.source, f"không có quyền đọc «{name}»") from None
        except TimeoutError:
            cause = f"hết thời gian chờ {self.source.timeout_seconds:g} giây khi đọc «{name}»"
            raise unreachable(self.source, cause) from None
        except OSError as error:
            why = os.strerror(error.errno) if error.errno else type(error).__name__
            raise unreachable(self.source, f"không đọc được «{name}» ({why})") from None


def _split(address: str) -> tuple[str, str]:
    """Scheme and path; a host is the store's own affair."""
    scheme, found, rest = address.partition("://")
    if not found:
        return "", address
    return scheme, rest if scheme in {"file", "s3"} else f"/{rest.partition('/')[2]}"


def _fixed_part(path: str) -> tuple[str, list[str]]:
    """The folder above the first pattern, and the parts from there on."""
    parts = path.split("/")
    first = next((n for n, part in enumerate(parts) if _MAGIC & set(part)), None)
    return (
        (path, []) if first is None else ("/".join(parts[:first]) or ("/" if path[:1] == "/" else "."), parts[first:])
    )


def _fits(entry: dict[str, Any], pattern: str) -> bool:
    name = _nfc(_name(entry))
    return not name.startswith(_PASSING) and fnmatch.fnmatchcase(name, _nfc(pattern))


def _parent(path: str) -> str:
    return str(PurePosixPath(path).parent)


def _name(entry: dict[str, Any]) -> str:
    return PurePosixPath(str(entry["name"])).name


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _stamp(info: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(info[key]) for key in _STAMPS if info.get(key) is not None)

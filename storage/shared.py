"""The store that several machines share: put, fetched, looked for and removed by key, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from contracts.secrets import Secret, secret
from contracts.settings import Settings
from storage.errors import StoreAway, StoredFileDamaged, StoreError
from storage.opened import Opened

SECRET = "store"  # noqa: S105 - its name
_PASSING = ".part-"
_SLOWEST = 50_000
"""Bytes a second: a line that is slower is taken for broken."""
_AGAIN = "rồi chạy lại; kiểm tra cả kho bằng: cchc doctor"
_open: dict[tuple[object, ...], Store] = {}
_alone = threading.Lock()


class Store:
    """name: its address, which holds no key. Keys are relative: khanh-hoa/reports/2024Q4/x.pdf.

    Every method raises StoreError, in words: which store, what was being done, what to do."""

    def __init__(self, name: str, opened: Opened) -> None:
        self.name = name
        self._at = opened

    def put(self, file: Path, key: str) -> None:
        """The file under that key, in the place of what lies there. Another reader sees all of it or none."""
        with self._asking(f"ghi tệp {key}"):
            self._at.ready()
            place = self._place(key)
            if self._at.puts_whole:
                self._ask("put_file", str(file), place, sent=file.stat().st_size)
            else:
                self._put_beside(file, place)

    def put_text(self, text: str, key: str) -> None:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            self.put(Path(file.name), key)

    def get(self, key: str, to: Path, *, sha256: str | None = None, doing: str | None = None) -> bool:
        """Fetched to that place, beside and then renamed; False where there is none. Raises StoredFileDamaged, and
        leaves nothing, where its SHA-256 is another. doing: what it is fetched for, where that is not to have it."""
        to.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        handle, name = tempfile.mkstemp(dir=to.parent, prefix=_PASSING)
        os.close(handle)
        file = Path(name)
        try:
            if not self._fetched(key, file, doing or f"đọc tệp {key}"):
                return False
            if sha256 is not None and sha256_of(file) != sha256:
                raise self._damaged(key)
            file.chmod(0o640)
            file.replace(to)
        finally:
            file.unlink(missing_ok=True)
        return True

    def text(self, key: str, *, doing: str | None = None) -> str | None:
        """Of a small file; None where there is none."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "text"
            return file.read_text(encoding="utf-8") if self.get(key, file, doing=doing) else None

    def has(self, key: str) -> bool:
        with self._asking(f"tìm tệp {key}"):
            self._at.ready()
            try:
                self._ask("info", self._place(key))
            except self._at.gone:
                return False
            return True

    def sha256(self, key: str, *, doing: str | None = None) -> str | None:
        """Of what lies there, fetched to be read; None where there is none."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "file"
            return sha256_of(file) if self.get(key, file, doing=doing) else None

    def keys(self, folder: str) -> list[str]:
        """Of the files that lie in that folder itself, sorted."""
        return self._lying(folder, "file")

    def folders(self, folder: str) -> list[str]:
        """The same of the folders."""
        return self._lying(folder, "directory")

    def _lying(self, folder: str, kind: str) -> list[str]:
        with self._asking(f"xem thư mục {folder}"):
            self._at.ready()
            try:
                found = self._ask("ls", self._place(folder), detail=True)
            except self._at.gone:
                return []
        names = (str(one["name"]).rstrip("/").rpartition("/")[2] for one in found if one["type"] == kind)
        return sorted(f"{folder}/{name}" for name in names if name and not name.startswith(_PASSING))

    def remove(self, key: str) -> None:
        """Nothing where there is none."""
        with self._asking(f"xóa tệp {key}"):
            self._at.ready()
            try:
                self._ask("rm_file", self._place(key))
            except self._at.gone:
                return

    def check(self) -> None:
        """Write, read and remove a small file, as a run will."""
        key = f"{_PASSING}{secrets.token_hex(8)}"
        self.put_text(key, key)
        try:
            if self.text(key) != key:
                raise self._damaged(key)
        finally:
            self.remove(key)

    @property
    def is_alive(self) -> bool:
        return self._at.alive()

    def close(self) -> None:
        self._at.close()

    def _put_beside(self, file: Path, place: str) -> None:
        folder, _, name = place.rpartition("/")
        passing = f"{folder}/{_PASSING}{secrets.token_hex(8)}-{name}"
        try:
            self._ask("put_file", str(file), passing, sent=file.stat().st_size)
            self._at.settled(passing)
            self._ask("mv", passing, place)
            self._at.settled(folder)
        except BaseException:
            self._remove_quietly(passing)
            raise

    def _remove_quietly(self, place: str) -> None:
        """What could not be put; where it cannot be removed either, the first error is the one to tell."""
        try:
            self._ask("rm_file", place)
        except self._at.failures:
            return

    def _fetched(self, key: str, file: Path, doing: str) -> bool:
        with self._asking(doing):
            self._at.ready()
            try:
                self._ask("get_file", self._place(key), str(file))
            except self._at.gone as error:
                if self._at.is_away(error):
                    raise
                return False
        with file.open("rb") as written:
            os.fsync(written.fileno())
        return True

    def _ask(self, what: str, *words: str, sent: int = 0, **more: Any) -> Any:
        """sent: bytes. Fetching has no limit as a whole: each piece has the driver's."""
        if self._at.patience is not None and what != "get_file":
            more["timeout"] = self._at.patience + sent / _SLOWEST
        return getattr(self._at.system, what)(*words, **more)

    def _place(self, key: str) -> str:
        if key.startswith("/") or ".." in key.split("/"):
            raise ValueError(f"not a key of the store: {key}")
        return f"{self._at.root}/{key}"

    @contextmanager
    def _asking(self, doing: str) -> Iterator[None]:
        try:
            yield
        except StoreError as error:
            raise self._told(type(error), error.cause, doing, error.advice) from None
        except self._at.failures as error:
            kind = StoreAway if self._at.is_away(error) else StoreError
            cause, advice = self._at.told(error)
            raise self._told(kind, cause, doing, f"{advice}, {_AGAIN}") from None

    def _told(self, kind: type[StoreError], cause: str, doing: str, advice: str) -> StoreError:
        return kind(f"kho dùng chung {self.name}, khi {doing}: {cause}", advice=advice)

    def _damaged(self, key: str) -> StoredFileDamaged:
        return StoredFileDamaged(
            f"kho dùng chung {self.name}: tệp {key} đã bị sửa hoặc hỏng (SHA-256 khác)",
            advice="khôi phục tệp đó trong kho từ bản sao lưu hoặc từ máy đã tạo ra nó (cchc store put --again)",
        )


def shared() -> Store | None:
    """The store that CCHC_STORE names; None where none is named. Opened once a process. Raises StoreError,
    SecretError."""
    if not os.environ.get("CCHC_STORE"):
        return None
    named = tuple(sorted(one for one in os.environ.items() if one[0].startswith(("CCHC_STORE", "CCHC_SECRET"))))
    key = (os.getpid(), *named)  # a forked process must not talk through its parent's connection
    with _alone:
        if key not in _open or not _open[key].is_alive:
            _open[key] = open_store(Settings())
        return _open[key]


def open_store(settings: Settings) -> Store:
    url = (settings.store or "").rstrip("/")
    parts = urlsplit(url)
    if parts.password or (parts.username and parts.scheme == "s3") or parts.query or parts.fragment:
        raise StoreError(  # without the address, which holds a key
            "CCHC_STORE không được chứa khóa, mật khẩu hay tham số",
            advice="chỉ ghi nơi lưu, ví dụ s3://cchc/kho; khóa ghi trong bí mật «store»",
        )
    return Store(url, _OPENERS.get(parts.scheme, _elsewhere)(settings, url))


def _on_disk(_settings: Settings, url: str) -> Opened:
    from storage import on_disk

    return on_disk.opened(urlsplit(url).path)


def _on_s3(settings: Settings, url: str) -> Opened:
    from storage import on_s3  # aiobotocore takes half a second to import

    return on_s3.opened(settings, url.removeprefix("s3://"), secret(SECRET))


def _on_sftp(settings: Settings, url: str) -> Opened:
    from storage import on_sftp

    return on_sftp.opened(settings, urlsplit(url), secret(SECRET), SECRET)


def _elsewhere(_settings: Settings, url: str) -> Opened:
    from storage import elsewhere

    if "://" not in url:
        raise StoreError(f"CCHC_STORE không phải là địa chỉ: {url}", advice="viết s3://…, sftp://… hoặc file:///…")
    return elsewhere.opened(url, _given())


def _given() -> Secret:
    """Some places need no login."""
    from contracts.errors import SecretError

    try:
        return secret(SECRET)
    except SecretError:
        return Secret()


_OPENERS: dict[str, Callable[[Settings, str], Opened]] = {"file": _on_disk, "s3": _on_s3, "sftp": _on_sftp}


def sha256_of(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()

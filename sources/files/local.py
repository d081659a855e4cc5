"""Files on this machine. What lies in a folder that others write into is not followed out of it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from fsspec.implementations.local import LocalFileSystem

from contracts.source_config import SourceConfig
from sources.reader import unreachable


class LocalStore:
    """See `sources.files.sent_files.Store`."""

    def __init__(self, source: SourceConfig) -> None:
        self._source = source
        self._system = LocalFileSystem(skip_instance_cache=True)

    def info(self, path: str) -> dict[str, Any]:
        found: dict[str, Any] = self._system.info(path)
        if found.get("islink"):
            self._check_inside(Path(path))
        return found

    def entries(self, folder: str) -> list[dict[str, Any]]:
        return [{"name": f"{folder.rstrip('/')}/{Path(e['name']).name}"} for e in self._system.ls(folder, detail=True)]

    def opened(self, path: str) -> AbstractContextManager[Any]:
        return Path(path).open("rb")

    def close(self) -> None: ...

    def _check_inside(self, link: Path) -> None:
        """A link that an operator named is followed; one that lies in a drop folder must stay in that folder."""
        named = str(link) in {self._source.address, self._source.address.removeprefix("file://")}
        if not named and not link.resolve().is_relative_to(link.parent.resolve()):
            raise unreachable(self._source, f"«{link.name}» là liên kết dẫn ra ngoài thư mục nhận tệp")

"""A zip that is written while it is sent: of the largest quarter never more than a piece is in memory.

zipfile itself writes to what cannot be rewound; each entry has the time that it is given, so that the same files are
the same zip. Where an entry's content breaks off, so does the zip: it has no list of contents then, and no program
takes it for whole."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.clock import VIETNAM

_READABLE = 0o100644 << 16


@dataclass(frozen=True)
class Entry:
    """content: in pieces; what raises while it is read ends the zip."""

    name: str
    at: datetime
    content: Iterable[bytes]


class _Sink(io.RawIOBase):
    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        whole = b"".join(self._pieces)
        self._pieces.clear()
        return whole


def zipped(entries: Iterable[Entry]) -> Iterator[bytes]:
    """The zip, piece by piece: stored, since PDFs and workbooks are compressed already."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as out:
        for entry in entries:
            info = zipfile.ZipInfo(entry.name, entry.at.astimezone(VIETNAM).timetuple()[:6])
            info.external_attr = _READABLE
            with out.open(info, "w") as member:
                for piece in entry.content:
                    member.write(piece)
                    yield sink.taken()
    yield sink.taken()

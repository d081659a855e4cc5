"""Encodings in which districts still write Vietnamese, as Python codecs: cchc-tcvn3, cchc-vni, cchc-windows-1258.

All three are strict (a byte without a meaning is an error, never a guess), give NFC and may be read in pieces.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable

from sources.files.encodings import tcvn3, vni, windows1258

CODECS = {
    "utf-8": "utf-8-sig",
    "utf-16": "utf-16",
    "windows-1258": "cchc-windows-1258",
    "tcvn3": "cchc-tcvn3",
    "vni": "cchc-vni",
}
"""Encoding in a source.toml → Python codec."""

_OURS: dict[str, Callable[[], codecs.CodecInfo]] = {
    "cchc_tcvn3": tcvn3.codec,
    "cchc_vni": vni.codec,
    "cchc_windows_1258": windows1258.codec,
}


def _search(name: str) -> codecs.CodecInfo | None:
    found = _OURS.get(name.replace("-", "_"))
    return found() if found else None


codecs.register(_search)

"""Where to go after signing in: an address that came with the request, and so from anybody."""

from __future__ import annotations

import unicodedata
from urllib.parse import unquote

HOME = "/"
LONGEST = 2000


def local_path(wanted: str) -> str:
    """The wanted page if it is one of ours, else the first page. Refused: another host however it is written, steps
    upward, and characters that a browser drops or reads as another."""
    return wanted if _is_ours(wanted) else HOME


def _is_ours(wanted: str) -> bool:
    if len(wanted) > LONGEST:
        return False
    path, _, more = wanted.partition("?")
    return _is_plain(path) and _is_plain(unquote(path)) and not any(map(_is_odd, more))


def _is_plain(path: str) -> bool:
    """From the root, with nothing between two slashes that a browser or a proxy would take out or read otherwise."""
    root, *steps = path.split("/")
    folders, page = steps[:-1], steps[-1:]
    return (
        root == ""
        and bool(steps)
        and not {"", ".", ".."}.intersection(folders)
        and not {".", ".."}.intersection(page)
        and not any(map(_is_odd, path))
    )


def _is_odd(letter: str) -> bool:
    """A backslash, which browsers read as a slash; control and format characters, white space, half a pair."""
    return letter == "\\" or unicodedata.category(letter)[0] in "CZ"

"""Whether two names that somebody wrote are one person's, however each is written. In doubt they are: that refuses a
step, and never lets one pass."""

from __future__ import annotations

import re
import unicodedata

from contracts.personal import folded

_BEHIND = re.compile(r"[,;:(|–—―−]|\s[-‐‑]|[-‐‑]\s")
"""What stands between a name and a post; a hyphen within a name does not."""
_TITLES = (["ong"], ["ba"], ["dc"], ["dong", "chi"])
_POSTS = (
    ["pho"], ["giam", "doc"], ["chanh", "van", "phong"], ["chanh", "thanh", "tra"], ["truong", "phong"],
    ["truong", "ban"], ["chu", "tich"], ["chuyen", "vien"], ["can", "bo"], ["van", "thu"], ["bi", "thu"],
)  # fmt: skip
_AT_LEAST = 2
"""Words of a name before which something else may stand: «Lan» alone is not yet the end of «Trần Thị Lan»."""
_LOOK_ALIKE = str.maketrans({"Ð": "Đ", "ð": "đ"})
"""The Icelandic letter, which old keyboards write in its place."""


def person_of(name: str) -> str:
    """«Ông Nguyễn Văn A, Chánh Văn phòng» → nguyenvana: the name without post and form of address, without case,
    accents and spaces. Two who are told apart by accents alone are taken for one."""
    return "".join(_words(name))


def is_same_name(one: str, other: str) -> bool:
    """Also where a post stands before one of them: «Giám đốc Nguyễn Văn A»."""
    short, long = sorted((_words(one), _words(other)), key=len)
    return "".join(short) == "".join(long) or (len(short) >= _AT_LEAST and long[-len(short) :] == short)


def strange_letters(name: str) -> str:
    """Letters that are none of ours, though some look like them: by them one person would be two."""
    letters = (letter for letter in _as_read(name) if unicodedata.category(letter)[0] == "L")
    return "".join(dict.fromkeys(letter for letter in letters if not folded(letter)))


def _as_read(name: str) -> str:
    return unicodedata.normalize("NFKC", name).translate(_LOOK_ALIKE)


def _words(name: str) -> list[str]:
    """Those of the name itself."""
    bare = _BEHIND.split(_as_read(name).strip(), maxsplit=1)[0]
    words = [word for word in map(folded, bare.split()) if word]
    while title := next((title for title in _TITLES if words[: len(title)] == title), None):
        words = words[len(title) :]
    return words[: _post_begins(words)]


def _post_begins(words: list[str]) -> int:
    for place in range(_AT_LEAST, len(words)):
        if any(words[place : place + len(post)] == post for post in _POSTS):
            return place
    return len(words)

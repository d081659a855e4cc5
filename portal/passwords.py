"""Passwords: argon2id, what a new one must be, and first ones that somebody else reads once."""

from __future__ import annotations

import re
import secrets
import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher, profiles
from argon2.exceptions import InvalidHashError, VerificationError

LONGEST = 200
"""Characters; more is nobody's password."""
_hasher = PasswordHasher.from_parameters(profiles.RFC_9106_LOW_MEMORY)
_at_once = threading.BoundedSemaphore(2)
"""Each hash takes 64 MiB and a core: whoever sends many passwords at once must not take the machine."""
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are taken for one another when they are read out or copied."""
_WORDS = """
    abc abcd abcde abcdef abcxyz qwe qwerty qwertyuiop asd asdf asdfgh zxcvbn qwertyasdfgh
    password passwd passw0rd pass iloveyou letmein welcome hello changeme default secret master dragon monkey football
    admin administrator root user guest test demo login system portal
    matkhau matkhaumoi cchc baocao sonoivu noivu caicachhanhchinh ubnd vietnam anhyeuem emyeuanh yeuem khongbiet
    khongco xinchao
    """
_COMMON = frozenset(_WORDS.split())
"""What is left of the commonest ones without digits and signs before and behind, accents and capitals."""


def hashed(password: str) -> str:
    with _at_once:
        return _hasher.hash(_as_typed(password))


def is_right(stored: str | None, password: str) -> bool:
    """Whether that is the password of the hash. Takes as long where there is no hash: who asks must not learn from the
    time whether there is an account."""
    against = stored or _nobodys()
    with _at_once:
        try:
            return _hasher.verify(against, _as_typed(password)) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def rehashed(stored: str | None, password: str) -> str | None:
    """The right password's hash with the parameters of today; None where the stored one has them."""
    return hashed(password) if stored and _hasher.check_needs_rehash(stored) else None


@cache
def _nobodys() -> str:
    return hashed(secrets.token_urlsafe(32))


def warm_up() -> None:
    """Done when the portal starts, or the first to sign in as nobody would wait for it and know."""
    _nobodys()


def first_password() -> str:
    """Nineteen characters that can be read out, 79 bits: k7mf-2xqp-9htd-wn4c."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def objection(password: str, *, login: str, length: int, before: str | None) -> str:
    """Why that cannot be the new password, in Vietnamese; "" where it can. before: hash of the present one."""
    typed = _as_typed(password)
    if len(typed) < length:
        return f"Mật khẩu mới phải có ít nhất {length} ký tự; nên dùng một câu dễ nhớ, gồm nhiều từ."
    if len(typed) > LONGEST:
        return f"Mật khẩu mới dài quá {LONGEST} ký tự."
    if any(unicodedata.category(letter) == "Cc" for letter in typed):
        return "Mật khẩu mới có ký tự điều khiển (tab, xuống dòng); gõ lại."
    if _core(login) and _core(login) in _plain(typed) and len(typed) < len(login) + length:
        return "Mật khẩu mới chứa tên đăng nhập: ai biết tên là đoán được một phần."
    if _is_common(typed):
        return "Mật khẩu mới thuộc loại hay bị đoán nhất (dãy số, chữ lặp, từ thông dụng thêm số); chọn mật khẩu khác."
    if is_right(before, password):
        return "Mật khẩu mới phải khác mật khẩu hiện tại."
    return ""


def _as_typed(password: str) -> str:
    """NFC: the same Vietnamese letters are sent in one or two code points by different keyboards."""
    return unicodedata.normalize("NFC", password)


def _is_common(typed: str) -> bool:
    """A word of the list with digits and signs around it, nothing but digits and signs, or few letters again and
    again."""
    core = _core(typed)
    alone = re.sub(r"[\W\d_]+", "", core)
    return len(set(typed.casefold())) < 6 or not core or bool({core, alone} & _COMMON) or _is_repeated(alone)


def _is_repeated(core: str) -> bool:
    return any(core == core[:size] * (len(core) // size) and core[:size] in _COMMON for size in range(2, len(core)))


def _core(text: str) -> str:
    return re.sub(r"^[\W\d_]+|[\W\d_]+$", "", _plain(text))


def _plain(text: str) -> str:
    """Lower case without accents."""
    letters = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))

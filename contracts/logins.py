"""What an account may be called. Raises UsageError, in words for whoever typed it."""

from __future__ import annotations

import re
import unicodedata

from contracts.errors import UsageError

_LOGIN = re.compile(r"[a-z0-9._@-]{2,100}")
LONGEST_NAME = 100


def checked_login(typed: str) -> str:
    """In lower case: nobody shall be two persons by a capital letter."""
    login = typed.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise UsageError(
            f"tên đăng nhập «{login[:100]}» không dùng được",
            advice="dùng chữ a–z không dấu, chữ số và các dấu . _ - @, dài từ 2 đến 100 ký tự",
        )
    return login


def checked_name(typed: str) -> str:
    """NFC, one space for every run of white space."""
    name = " ".join(unicodedata.normalize("NFC", typed).split())
    if not 2 <= len(name) <= LONGEST_NAME or any(unicodedata.category(letter)[0] == "C" for letter in name):
        raise UsageError("họ tên không dùng được", advice=f"ghi họ tên đầy đủ, từ 2 đến {LONGEST_NAME} ký tự")
    return name

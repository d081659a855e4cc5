"""Passwords in tests: hashes that cost nothing, since what is tested is what becomes of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher, profiles

from portal import passwords

CHEAP = PasswordHasher.from_parameters(profiles.CHEAPEST)


@pytest.fixture
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(passwords, "_hasher", CHEAP)
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()

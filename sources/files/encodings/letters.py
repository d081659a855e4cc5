"""The Vietnamese letters beyond ASCII: which vowels there are, and with which tones."""

from __future__ import annotations

import unicodedata

GRAVE, HOOK, TILDE, ACUTE, DOT = TONES = "\u0300\u0309\u0303\u0301\u0323"
"""Huyền, hỏi, ngã, sắc, nặng, as combining marks."""

VOWELS = "aăâeêioôơuưy"
LETTERS = frozenset(
    letter
    for vowel in VOWELS
    for tone in ("", *TONES)
    for letter in (
        unicodedata.normalize("NFC", vowel + tone),
        unicodedata.normalize("NFC", vowel + tone).upper(),
    )
    if not letter.isascii()
) | {"đ", "Đ"}
"""All 134 of them, NFC."""


def toned(vowel: str, tone: str) -> str:
    return unicodedata.normalize("NFC", vowel + tone)


def split_tone(letter: str) -> tuple[str, str]:
    """«ế» → «ê» and the acute; a letter without a tone → itself and nothing."""
    parts = unicodedata.normalize("NFD", letter)
    tone = next((c for c in parts if c in TONES), "")
    return unicodedata.normalize("NFC", parts.replace(tone, "") if tone else parts), tone

"""Marks of the notes below one table: a, b, c …, one a sentence."""

from __future__ import annotations

from collections.abc import Iterable

from contracts.lettering import letters
from reporting.page import Note


class Marks:
    """Gives each sentence its mark once, in the order in which the rows name them."""

    def __init__(self) -> None:
        self._marked: dict[str, str] = {}
        self._general: list[str] = []

    def of(self, sentences: Iterable[str]) -> str:
        """The marks of these notes, for the first cell of a row."""
        marks = (self._marked.setdefault(said, letters(len(self._marked)).lower()) for said in sentences if said)
        return ", ".join(marks)

    def add_general(self, sentence: str) -> None:
        """A note on the whole table; "" adds none."""
        if sentence:
            self._general.append(sentence)

    @property
    def notes(self) -> tuple[Note, ...]:
        marked = (Note(mark, _ended(said)) for said, mark in self._marked.items())
        return (*marked, *(Note("", said) for said in self._general))


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith(".") else f"{sentence}."

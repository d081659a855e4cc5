"""The table of docs/survives.md: what befalls a run, and what its operator then sees. Each row is a test's to prove."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.chaos.running import Ended

PAGE = Path(__file__).resolve().parents[2] / "docs" / "survives.md"
_ROW = re.compile(r"^\| `(?P<id>[a-z-]+)` \|(?P<fault>[^|]+)\|(?P<codes>[^|]+)\|(?P<said>[^|]+)\|(?P<after>[^|]+)\|$")
_AS_EVER = ("nothing", "the run as ever")
"""With which the words begin where there are no pieces to be read."""
_BAD_NEWS = ("LỖI", "THIẾU")


@dataclass(frozen=True)
class Fault:
    """said: each exit code that is right → pieces of what is then on the terminal, in their order; none where that is
    what a run says to which nothing happened, or less."""

    said: Mapping[int, tuple[str, ...]]


@cache
def faults() -> dict[str, Fault]:
    rows = map(_ROW.match, PAGE.read_text(encoding="utf-8").splitlines())
    return {row["id"]: Fault(_said(row)) for row in rows if row}


def _said(row: re.Match[str]) -> dict[int, tuple[str, ...]]:
    """Where there are several exit codes, the words of each stand on a line of their own, behind it."""
    codes = [int(code) for code in re.findall(r"-?\d+", row["codes"])]
    words = {codes[0]: row["said"]}
    if len(codes) > 1:
        words = {int(code): told for code, _, told in (line.partition(":") for line in row["said"].split("<br>"))}
        assert [*words] == codes, f"{row['id']}: the words of each exit code, in their order"
    return {code: _pieces(row["id"], told.strip()) for code, told in words.items()}


def _pieces(fault_id: str, told: str) -> tuple[str, ...]:
    pieces = tuple(re.findall(r"«(.+?)»", told))
    assert bool(pieces) != told.startswith(_AS_EVER), f"{fault_id}: pieces, or else one of {_AS_EVER}: {told}"
    return pieces


def assert_seen(fault_id: str, ended: Ended) -> None:
    """What the table says, and neither a traceback nor a word of «a bug»."""
    said = faults()[fault_id].said
    assert ended.exit_code in said, f"{fault_id}: {ended.exit_code}\n{ended.said}"
    pieces, rest = said[ended.exit_code], ended.said
    for piece in pieces:
        assert piece in rest, f"{fault_id}: «{piece}» is not said, or not in its place:\n{ended.said}"
        rest = rest.partition(piece)[2]
    for wrong in ("Traceback", "lỗi của phần mềm", "Error", *(() if pieces else _BAD_NEWS)):
        assert wrong not in ended.said, f"{fault_id}: {wrong}\n{ended.said}"

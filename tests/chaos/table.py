"""The table of docs/survives.md: what befalls a run, and what its operator then sees. Each row is a test's to prove."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.chaos.running import Ended

PAGE = Path(__file__).resolve().parents[2] / "docs" / "survives.md"
_ROW = re.compile(r"^\| `(?P<id>[a-z-]+)` \|(?P<fault>[^|]+)\|(?P<codes>[^|]+)\|(?P<said>[^|]+)\|(?P<after>[^|]+)\|$")


@dataclass(frozen=True)
class Fault:
    """exit_codes: those that are right. said: pieces of what is on the terminal, in their order."""

    exit_codes: frozenset[int]
    said: tuple[str, ...]


@cache
def faults() -> dict[str, Fault]:
    found = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if row := _ROW.match(line):
            codes = frozenset(int(code) for code in re.findall(r"-?\d+", row["codes"]))
            found[row["id"]] = Fault(codes, tuple(re.findall(r"«(.+?)»", row["said"])))
    return found


def assert_seen(fault_id: str, ended: Ended) -> None:
    """What the table says, and neither a traceback nor a word of «a bug»."""
    fault = faults()[fault_id]
    assert ended.exit_code in fault.exit_codes, f"{fault_id}: {ended.exit_code}\n{ended.said}"
    rest = ended.said if ended.exit_code else "".join(fault.said)
    for piece in fault.said:
        assert piece in rest, f"{fault_id}: «{piece}» is not said, or not in its place:\n{ended.said}"
        rest = rest.partition(piece)[2]
    for wrong in ("Traceback", "lỗi của phần mềm", "Error"):
        assert wrong not in ended.said, f"{fault_id}:\n{ended.said}"

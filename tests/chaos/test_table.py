"""Every row of docs/survives.md is shown by a test."""

from __future__ import annotations

import re
from pathlib import Path

from tests.chaos.table import faults

KINDS = sorted({name.partition("-")[0] for name in faults()})


def test_no_row_of_the_page_is_without_its_test() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    named = set(re.findall(rf'"((?:{"|".join(KINDS)})-[a-z-]+)"', tests))
    assert len(faults()) > 20
    assert set(faults()) == named

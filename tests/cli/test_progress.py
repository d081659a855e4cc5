"""The bar counts what this run has brought to an end, never what was so before."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime

import pytest

from contracts.clock import VIETNAM
from contracts.codes import PartitionState
from contracts.settings import HERE, POOL
from flows.progress import doing, progress
from warehouse.ledger import Partition

BEGUN = {"cam-lam": 0, "nha-trang": 2}
CASES = """
ledger says                             | ended | working
cam-lam 0 expected, nha-trang 2 loaded  | 0     |
cam-lam 0 expected, nha-trang 2 failed  | 0     |
cam-lam 1 expected, nha-trang 2 loaded  | 0     | cam-lam
cam-lam 1 landed, nha-trang 3 validated | 0     | cam-lam nha-trang
cam-lam 1 loaded, nha-trang 3 expected  | 1     | nha-trang
cam-lam 1 failed, nha-trang 3 loaded    | 2     |
cam-lam 1 loaded, van-ninh 1 loaded     | 1     |
"""


def _partition(said: str) -> Partition:
    source, attempt, state = said.split()
    rest = dict.fromkeys(
        {f.name for f in fields(Partition)} - {"period_id", "source_id", "state", "attempt", "updated_at"}
    )
    moment = datetime(2024, 12, 16, tzinfo=VIETNAM)
    return Partition("2024Q4", source, PartitionState(state), int(attempt), **rest, updated_at=moment)  # type: ignore[arg-type]


@pytest.mark.parametrize("line", CASES.strip().splitlines()[1:])
def test_progress(line: str) -> None:
    said, ended, working = (cell.strip() for cell in line.split("|"))
    known = [_partition(one) for one in said.split(",")]
    assert progress(known, BEGUN) == (int(ended), working.split())


DOING = """
working              | left | partitions | said
                     | 3    | here       | khởi động
                     | 3    | pool       | chờ tiến trình chạy kỳ nhận nguồn
cam-lam nha-trang vn | 3    | pool       | cam-lam nha-trang
                     | 0    | pool       |
"""


@pytest.mark.parametrize("line", DOING.strip().splitlines()[1:])
def test_what_a_run_is_at(line: str) -> None:
    working, left, partitions, said = (cell.strip() for cell in line.split("|"))
    assert partitions in {HERE, POOL}
    assert doing(working.split(), left=int(left), partitions=partitions) == said

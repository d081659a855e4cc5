"""What comes in the way of a source before its own work begins: it is named as missing by the true cause, and nothing
stands as if it had been asked."""

from __future__ import annotations

import errno
from pathlib import Path

import httpx
import pytest

from contracts.codes import PartitionState
from contracts.errors import ConfigError, UsageError, WarehouseError
from flows import carried_out, one_source
from flows.carried_out import carry_out
from flows.job import Action
from flows.place import Place
from flows.plan import plan
from tests.quarter.test_overtaken import Waiting
from tests.quarter.test_planning import OPEN, after_the_quarter, load, place
from warehouse import ledger
from warehouse.ledger import Partition

__all__ = ["after_the_quarter"]

IN_THE_WAY = {
    "its file is just being edited": (
        ConfigError("thiếu dấu ngoặc", file=Path("source.toml"), line=3, advice="sửa tệp này"),
        "ConfigError",
        "đang làm thì source.toml:3: thiếu dấu ngoặc",
        "sửa tệp này, rồi chạy lại: cchc rerun 2024Q4 --source cam-lam",
    ),
    "somebody holds it": (
        UsageError("nguồn đang được xử lý", advice="chờ"),
        "UsageError",
        "đang làm thì nguồn đang được xử lý",
        "chờ, rồi chạy lại: cchc rerun 2024Q4 --source cam-lam",
    ),
    "the warehouse is away": (
        WarehouseError("không kết nối được"),
        "SourceStopped",
        "đang làm thì không kết nối được",
        "kiểm tra kho dữ liệu bằng: cchc doctor, rồi chạy lại: ",
    ),
    "the disk is full": (OSError(errno.ENOSPC, ""), "MachineError", "đang làm thì ổ đĩa đã đầy", "giải phóng ổ đĩa"),
    "a bug": (ValueError("000.00.32.H32-241001-0001"), "bug", "lỗi của phần mềm: ValueError", "gửi tệp nhật ký lỗi"),
}


def asked(at: Place, error: Exception, monkeypatch: pytest.MonkeyPatch, action: Action) -> Partition:
    """What stands of a loaded source after a run in which that came in the way."""

    def find(*_: object, **__: object) -> Place:
        raise error

    engine, job = load(at, "cam-lam", rows=OPEN)
    (step,) = plan(at, only=["cam-lam"], fresh=action is Action.EXTRACT)
    assert step.action is action
    monkeypatch.setattr(one_source, "find_place", find)
    monkeypatch.setattr(carried_out, "process_partition", Waiting(lambda: None))
    carry_out(at, [step], lambda: None)
    return ledger.partition(engine, **job.key)


@pytest.mark.parametrize("action", [Action.KEEP, Action.EXTRACT])
@pytest.mark.parametrize("what", IN_THE_WAY)
def test_a_source_that_could_not_be_asked_is_missing(
    monkeypatch: pytest.MonkeyPatch, what: str, action: Action
) -> None:
    error, kind, cause, advice = IN_THE_WAY[what]
    at = place()
    known = asked(at, error, monkeypatch, action)
    assert (known.state, known.error_kind) == (PartitionState.FAILED, kind)
    assert cause in str(known.error)
    assert str(known.advice).startswith(advice)
    assert "241001" not in f"{known.error}{known.advice}", "a message may hold a dossier"
    logs = [log.read_text() for log in (at.home / "logs").glob("cchc-bugs-*")]
    assert ["ValueError" in log for log in logs] == ([True] if what == "a bug" else [])


def test_what_befell_prefect_alone_changes_no_source(monkeypatch: pytest.MonkeyPatch) -> None:
    known = asked(place(), httpx.ConnectError("gone"), monkeypatch, Action.KEEP)
    assert (known.state, known.attempt) == (PartitionState.LOADED, 1)

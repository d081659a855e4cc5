"""What is asked of Prefect's work pool. A server that does not answer is no error here, nor one that has forgotten a
run or the deployment, removed on its pages or with its database: nothing is known then, and the locks and the ledger of
the warehouse tell what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

import httpx
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.exceptions import ObjectNotFound
from prefect.settings import PREFECT_CLIENT_MAX_RETRIES, temporary_settings
from prefect.states import Cancelled, Crashed, Scheduled

from contracts.errors import UsageError
from contracts.settings import Settings
from flows.server import has_lasting_server

DEPLOYMENT = "partition/partition"
BEGUN = {StateType.PENDING, StateType.RUNNING, StateType.CANCELLING}
_ANSWERS_WITHIN = 5.0
_AT_ONCE = 200
"""The most runs that Prefect tells of in one answer."""
_T = TypeVar("_T")


def check() -> None:
    """Raises UsageError where there is no pool to send anything to."""
    if not has_lasting_server():
        raise UsageError(
            f"CCHC_PARTITIONS=pool nhưng không có máy chủ Prefect nào trả lời ở {Settings().prefect_address}",
            advice="mở nó: systemctl start cchc (hoặc cchc up); máy chủ ở máy khác thì đặt PREFECT_API_URL, ví dụ "
            "http://127.0.0.1:4200/api; hoặc chạy không cần nó, ngay trong lệnh này: CCHC_PARTITIONS=here",
        )
    try:
        _asked(lambda client: client.read_deployment_by_name(DEPLOYMENT))
    except ObjectNotFound:
        raise UsageError(
            f"máy chủ Prefect chưa có việc «{DEPLOYMENT}»",
            advice="trên máy chủ: prefect deploy --all (cchc up tự làm); hoặc chạy ngay trên máy này: "
            "CCHC_PARTITIONS=here",
        ) from None


def send(name: str, parameters: dict[str, Any]) -> UUID | None:
    """A flow run of one source, for whichever worker comes first; None where it is not known that the server took it.
    Sent again in the same words it is the same run."""
    same = " ".join(f"{key}={value}" for key, value in sorted(parameters.items()))
    with suppress(ObjectNotFound):
        run = _asked(lambda client: _made(client, parameters, name=name, idempotency_key=same))
        return run.id if run else None
    return None


def _made(client: SyncPrefectClient, parameters: dict[str, Any], **more: Any) -> FlowRun:
    """By a client of its own: that of the flow under which it is sent waits a minute for an answer."""
    deployed = client.read_deployment_by_name(DEPLOYMENT)
    return client.create_flow_run_from_deployment(deployed.id, parameters=parameters, state=Scheduled(), **more)


def states(runs: Iterable[UUID]) -> dict[UUID, StateType]:
    """What Prefect knows of these runs; nothing where it does not answer."""
    wanted, known = list(runs), {}
    for first in range(0, len(wanted), _AT_ONCE):
        for run in _asked(partial(_runs, wanted[first : first + _AT_ONCE])) or ():
            known[run.id] = run.state.type
    return known


def _runs(wanted: list[UUID], client: Any) -> list[Any]:
    """Of Prefect, which has forgotten those that it leaves out."""
    return list(client.read_flow_runs(flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=wanted))))


def withdraw(run: UUID | None) -> None:
    """Nobody is to begin that run any more. A worker that did so at the same moment finds that it is too late: in
    Prefect, or in the ledger."""
    if run is not None:
        _set(run, Cancelled(message="lượt chạy tự xử lý"))


def bury(run: UUID | None) -> None:
    """Its process is gone, which Prefect does not notice: the run would be shown as going on for ever."""
    if run is not None:
        _set(run, Crashed(message="tiến trình xử lý đã dừng giữa chừng"), force=True)


def _set(run: UUID, state: Any, *, force: bool = False) -> None:
    with suppress(ObjectNotFound):
        _asked(lambda client: client.set_flow_run_state(run, state, force=force))


def _asked(question: Callable[[Any], _T]) -> _T | None:
    with temporary_settings({PREFECT_CLIENT_MAX_RETRIES: 0}):
        try:
            with get_client(sync_client=True, httpx_settings={"timeout": _ANSWERS_WITHIN}) as client:
                return question(client)
        except httpx.HTTPError:
            return None

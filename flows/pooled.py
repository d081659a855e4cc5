"""One source of a period as a flow run of its own, in whichever process of the work pool takes it."""

from __future__ import annotations

from prefect import flow

from contracts.errors import UsageError
from flows.one_source import process_partition
from flows.place import find_place
from warehouse.locks import session_of


@flow(name="partition", flow_run_name="{period} {source}")
def partition(
    province: str,
    period: str,
    as_of: str,
    source: str,
    action: str,
    *,
    tried: int,
    sent_by: str,
    afresh: bool = False,
) -> None:
    """Its outcome stands in the ledger; see one_source.process_partition.

    sent_by: the session that holds the period (warehouse.locks.session_of). Without it nobody waits for this source
    any more: the run was ended, and the next one gives it out anew, perhaps otherwise."""
    place = find_place(period, province=province, as_of=as_of)
    if not sent_by or session_of(place.open_warehouse(), place.period.id) != sent_by:
        raise UsageError(
            f"lượt chạy kỳ {period} đã giao nguồn {source} không còn nữa", advice="không phải làm gì: lượt sau giao lại"
        )
    process_partition(province, period, as_of, source, action, afresh=afresh, tried=tried)

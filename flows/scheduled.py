"""What the schedule runs beside the quarter itself: the preview, the retry, the returns. Which of it is due on a day is
said by flows.timetable; here it is only done, and what came of it is told.

What is told goes into the state of the flow run, and into the log of the worker."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from contracts import clock
from contracts.errors import UsageError
from flows.closed_quarter import closed_quarter
from flows.feedback import folder_for_day, returns_of
from flows.overdue import run_now
from flows.place import LAST_QUARTER, Place, find_place
from flows.prefect_interface import of_error
from flows.quarter import quarter
from flows.timetable import Nothing, Wanted, no_returns_yet, preview_on, retry_on
from warehouse.locks import SCHEDULE_PATIENCE_SECONDS


@flow(name="preview", flow_run_name="xem trước")
def preview(province: str | None = None) -> State[Any]:
    """The running quarter up to yesterday; its reports are drafts that say so."""
    place = find_place(LAST_QUARTER, province=province)
    return _done(preview_on(clock.today(), rule=place.province.file.period_rule), place)


@flow(name="retry", flow_run_name="đọc lại")
def retry(province: str | None = None) -> State[Any]:
    """What the last closed quarter still lacks, until its due day."""
    place = find_place(LAST_QUARTER, province=province)
    closed = closed_quarter(place.open_warehouse(), place.province, clock.today())
    return _done(retry_on(clock.today(), closed), place)


@flow(name="feedback", flow_run_name="phiếu phản hồi")
def feedback(province: str | None = None) -> State[Any]:
    """The returns of the last closed quarter, in a folder of their own. Raises UsageError before that quarter ran: so
    the watchdog tells it until they are made."""
    place = find_place(LAST_QUARTER, province=province)
    closed = closed_quarter(place.open_warehouse(), place.province, clock.today())
    if why := no_returns_yet(closed):
        raise UsageError(_told(why), advice=f"cchc run {place.period.id}")
    folder = folder_for_day(place, clock.today())
    made = returns_of(place, folder, patience=SCHEDULE_PATIENCE_SECONDS)
    return Completed(message=_told(f"{place.period.label}: {len(made)} phiếu phản hồi trong {folder}"))


def _done(due: Wanted | Nothing, place: Place) -> State[Any]:
    if isinstance(due, Nothing):
        return Completed(name="Không có việc", message=_told(due.said))
    if due.period.id in run_now(place.open_warehouse()):
        return Completed(
            name="Không có việc", message=_told(f"{due.period.label}: đang có lượt chạy khác, không chạy chồng lên")
        )
    _told(due.why)
    only = None if due.only is None else list(due.only)
    ran = quarter(due.period.id, place.words["province"], due.as_of.isoformat(), only, return_state=True)
    if ran.is_completed():
        return Completed(message=_told(ran.message or f"{due.period.label}: đã chạy xong"))
    return Failed(message=_told(of_error(ran.message or "")))


def _told(said: str) -> str:
    print(f"{clock.now():%H:%M:%S %d/%m/%Y} {said}", flush=True)
    return said

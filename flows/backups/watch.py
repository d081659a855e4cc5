"""Whether the nightly backup is made: a backup that is missed is missed on the day on which the disk breaks."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from pathlib import Path

from flows.backups.record import Record, last_backup
from flows.overdue import Kind, Overdue, moment

TOO_OLD = timedelta(days=2)
"""Of one that is made each night: one night may fail, and its timer comes later where the machine was off."""
AHEAD = timedelta(hours=1)
"""So much may two clocks differ."""
ANSWERS_WITHIN = 10.0
"""Seconds for the disk of the backups."""


def no_backup(province_id: str, now: datetime) -> list[Overdue]:
    """Where backups were ever made from this machine. Where none was, `cchc doctor` says so: nobody set them up."""
    record = last_backup(province_id)
    return _found(record, now, is_there=_is_there(Path(record.folder))) if record else []


def _is_there(folder: Path) -> bool | None:
    """None where a network disk has died, which never answers: whoever asks has more to look at."""
    answered: list[bool] = []

    def ask() -> None:
        try:
            answered.append(folder.is_dir())
        except OSError:
            answered.append(False)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(ANSWERS_WITHIN)
    return answered[0] if answered else None


def _found(record: Record, now: datetime, *, is_there: bool | None) -> list[Overdue]:
    newest = f"bản sao lưu gần nhất, lúc {moment(record.moment)},"
    if record.moment - now > AHEAD:
        said, command = f"{newest} mang giờ chưa tới: đồng hồ máy đang sai hoặc đã sai khi sao lưu", "cchc doctor"
    elif now - record.moment > TOO_OLD:
        said, command = f"{newest} đã quá {TOO_OLD.days} ngày", "cchc backup"
    elif is_there is None:
        said, command = f"{newest} không xem được: ổ đĩa chứa {record.folder} không trả lời", "cchc doctor"
    elif not is_there:
        said, command = f"{newest} không còn ở {record.folder}", "cchc backup"
    elif record.absent:
        said, command = f"{newest} thiếu {record.absent} tệp mà kho nêu tên", "cchc doctor"
    else:
        return []
    return [Overdue(Kind.NO_BACKUP, "", "", min(record.moment, now), said, command)]

"""The warehouse, opened once for all checks that ask it, as it is: nothing is created, nothing brought up to date."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from contracts.errors import CchcError
from contracts.fitness import Fitness, good, unfit, warning
from contracts.province import Province, read_province
from contracts.settings import Settings

if TYPE_CHECKING:
    from warehouse.examined import Examined, UnfinishedRun

_RESTORE = "giữ nguyên tệp này, khôi phục kho từ bản sao lưu mới nhất"
UNKNOWN = warning("chưa biết, vì không hỏi được kho", "xem mục «Kho số liệu»")


class Warehouse:
    """What it cannot be asked, the check of the warehouse itself tells; others then know nothing of it."""

    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()
        self._opened: list[Examined | CchcError | None] = []

    def examined(self) -> Examined | None:
        """None where there is none yet. Raises CchcError where it does not answer, or the province is misconfigured."""
        with self._one_at_a_time:  # a server that does not answer is waited for once
            if not self._opened:
                self._opened.append(self._examine())
        if isinstance(self._opened[0], CchcError):
            raise self._opened[0]
        return self._opened[0]

    def _examine(self) -> Examined | CchcError | None:
        from warehouse.examined import examine

        try:
            return examine(self._url())
        except CchcError as error:
            return error

    def _url(self) -> str:
        return Settings().database_url(_province().id)

    @property
    def is_silent(self) -> bool:
        """Whether nothing can be known of it, as it does not answer."""
        try:
            self.examined()
        except CchcError:
            return True
        return False

    def current(self) -> Examined | None:
        """None where its tables are not those of this cchc, or it does not answer."""
        found = None if self.is_silent else self.examined()
        return found if found and found.is_current else None

    def newest_moment(self) -> datetime | None:
        from warehouse.examined import newest_moment

        found = self.current()
        return newest_moment(found) if found else None

    def server_ahead(self) -> timedelta | None:
        from warehouse.database import is_postgresql
        from warehouse.examined_postgresql import ahead

        found = None if self.is_silent else self.examined()
        return ahead(found.engine) if found and is_postgresql(found.engine) else None

    def unfinished_runs(self) -> list[UnfinishedRun]:
        from warehouse.examined import unfinished_runs

        found = self.current()
        return unfinished_runs(found) if found else []

    def version(self) -> Fitness:
        from warehouse.examined import of_version

        return of_version(self.examined(), _province().id)

    def soundness(self) -> Fitness:
        """Of a file whether it is whole; of a server whether it can be used."""
        from sqlalchemy import make_url

        from warehouse.examined_postgresql import of_server
        from warehouse.examined_sqlite import of_file

        url = make_url(self._url())
        if url.get_backend_name() == "sqlite":
            file = Path(url.database or "")
            return of_file(file, restore=_RESTORE) if file.exists() else good("chưa có tệp kho")
        found = self.examined()
        return of_server(found.engine) if found else good("chưa có")

    def newest_report(self) -> Fitness:
        from storage import finished
        from warehouse.health import newest_report_file

        if self.is_silent:
            return UNKNOWN
        found = self.current()
        file = newest_report_file(found.engine) if found else None
        if file is not None and not finished.has(file):
            said = f"không còn tệp {file} của báo cáo mới nhất"
            return unfit(said, "gắn lại ổ đĩa, hoặc khôi phục thư mục reports từ bản sao lưu", "cchc status --files")
        return good("còn tệp của báo cáo mới nhất" if file else "chưa có báo cáo nào")


def _province() -> Province:
    return read_province(Settings().province_folder)

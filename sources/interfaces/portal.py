"""Fetching what the national public-service portal publishes under QĐ 766/QĐ-TTg: six questions, one at a time.

Every answer is kept as it came, with its checksum, before anything is made of it. The portal serves the public: a
pause between two questions, and an end at the first «not now» (403, 429).
"""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from contracts import clock
from contracts.errors import SourceDrift, SourceError, SourceUnreachable, UsageError
from contracts.periods import Period
from contracts.published import GROUP_LABELS, Group, PublishedFigure, PublishedSettings, calendar_of
from contracts.rest_spec import RestConnection
from contracts.secrets import Secret
from sources.interfaces.http import Answer, Fault, HttpClient, HttpFault
from sources.interfaces.portal_figures import Unreadable, figures_of, opened, total_pages
from sources.landing.disk import sync

PORTAL = "Cổng Dịch vụ công quốc gia"
SOURCE_ID = "cong-dvcqg"
MANIFEST = "manifest.json"
MOST_PAGES = 50
_PASSING = frozenset({502, 503, 504})  # a 429 is obeyed: no further question


@dataclass(frozen=True)
class Ask:
    """What one group is asked by. by_days: the period by its first and last day."""

    group: Group
    path: str
    page_size: int
    by_days: bool = False


ASKS = (
    Ask(Group.TRANSPARENCY, "transparency", 200),
    Ask(Group.PROGRESS, "dvc-progress-tree", 100),
    Ask(Group.ONLINE, "provide-online-tree", 200),
    Ask(Group.PAYMENT, "formality-online-payment-tree", 100),
    Ask(Group.DIGITISATION, "dossier-digitized", 200),
    Ask(Group.SATISFACTION, "handling-satisfaction", 200, by_days=True),
)


@dataclass(frozen=True)
class Fetched:
    """folder: where the answers lie."""

    fetched_at: datetime
    folder: Path
    figures: tuple[PublishedFigure, ...]


def fetch(settings: PublishedSettings, *, period: Period, root_agency: str, home: Path) -> Fetched:
    """All six groups of a period; the answers lie in home/<period>/<time>/. root_agency: agency code of the province,
    where the portal leaves it out. Raises UsageError, SourceError and its kin; what came until then is kept."""
    calendar_of(period)
    with _alone(home):
        began = clock.now()
        kept = _Kept(_new_folder(home / period.id / f"{began:%Y-%m-%dT%H%M%S}"), settings, period, began)
        with closing(_client(settings)) as client:
            groups = [_group(client, ask, kept, root_agency) for ask in ASKS]
        kept.write_manifest(complete=True)
        return Fetched(began, kept.folder, tuple(figure for figures in groups for figure in figures))


@dataclass
class _Kept:
    """The answers of one fetch, and what is known of each."""

    folder: Path
    settings: PublishedSettings
    period: Period
    began: datetime
    files: list[dict[str, Any]] = field(default_factory=list)

    def keep(self, name: str, answer: Answer, asked: dict[str, Any]) -> None:
        path = self.folder / name
        path.write_bytes(answer.content)
        sync(path)
        sha256 = hashlib.sha256(answer.content).hexdigest()
        self.files.append({"name": name, "url": answer.url, "asked": asked, "status": answer.status, "sha256": sha256})
        self.write_manifest(complete=False)

    def write_manifest(self, *, complete: bool) -> None:
        said = {
            "producer": PORTAL,
            "address": self.settings.address,
            "period": self.period.id,
            "fetched_at": self.began.isoformat(),
            "complete": complete,
            "files": self.files,
        }
        part = self.folder / f"{MANIFEST}.part"
        part.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        sync(part)
        part.replace(self.folder / MANIFEST)
        sync(self.folder)


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """One question at a time, whoever asks. The system frees the lock when its holder dies."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / ".lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError("một lượt khác đang lấy số liệu công bố", advice="chờ lượt đó xong rồi chạy lại") from None
        yield


def _new_folder(folder: Path) -> Path:
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.mkdir()
    except FileExistsError:
        raise UsageError("số liệu công bố vừa được lấy trong cùng giây này", advice="chờ rồi chạy lại") from None
    return folder


def _client(settings: PublishedSettings) -> HttpClient:
    connection = RestConnection(pause_seconds=settings.pause_seconds)
    return HttpClient(settings.address, connection, secret=Secret(), timeout=settings.timeout_seconds, passing=_PASSING)


def _group(client: HttpClient, ask: Ask, kept: _Kept, root_agency: str) -> list[PublishedFigure]:
    try:
        pages = list(_pages(client, ask, kept))
        return figures_of(ask.group, pages, period_id=kept.period.id, root_agency=root_agency)
    except HttpFault as fault:
        raise _told(ask, fault) from None
    except Unreadable as unreadable:
        raise _drifted(ask, unreadable, kept.folder) from None


def _pages(client: HttpClient, ask: Ask, kept: _Kept) -> Iterator[dict[str, Any]]:
    for page in range(1, MOST_PAGES + 1):
        asked = {**_question(ask, kept.settings, kept.period), "currentPage": page, "pageSize": ask.page_size}
        answer = client.ask("POST", f"{kept.settings.address}/{ask.path}", body=asked)
        kept.keep(f"{ask.group}-{page}.json", answer, asked)
        said = opened(answer.content)
        yield said["data"]
        if page >= total_pages(said):
            return
    raise Unreadable(f"có hơn {MOST_PAGES} trang")


def _question(ask: Ask, settings: PublishedSettings, period: Period) -> dict[str, Any]:
    root = {"rootDepartmentId": settings.root_department_id}
    if ask.by_days:
        assert period.index is not None
        return {
            **root,
            "fromDate": period.index.first_day.isoformat(),
            "toDate": period.index.last_day.isoformat(),
        }
    calendar = calendar_of(period)
    asked = {**root, "timeType": calendar.kind, "year": calendar.year}
    return asked | ({calendar.kind: calendar.number} if calendar.number else {})


def _told(ask: Ask, fault: HttpFault) -> SourceError:
    cause = f"{PORTAL}, nhóm «{GROUP_LABELS[ask.group]}»: {fault.cause}"
    if fault.status in {403, 429}:
        advice = (
            "ngừng hỏi Cổng, chờ ít nhất một giờ rồi chạy lại; nếu vẫn vậy, tăng pause_seconds trong published.toml"
        )
        return SourceError(cause, source_id=SOURCE_ID, advice=advice)
    if fault.fault is Fault.WRONG:
        advice = "kiểm tra address và root_department_id trong published.toml; có thể Cổng đã đổi cách trả lời"
        return SourceDrift(cause, source_id=SOURCE_ID, advice=advice)
    advice = "thử lại sau; các bản trả lời đã nhận vẫn được giữ, số liệu đã lưu không đổi"
    return SourceUnreachable(cause, source_id=SOURCE_ID, advice=advice)


def _drifted(ask: Ask, unreadable: Unreadable, folder: Path) -> SourceDrift:
    return SourceDrift(
        f"{PORTAL}, nhóm «{GROUP_LABELS[ask.group]}»: {unreadable}",
        source_id=SOURCE_ID,
        advice=f"Cổng có thể đã đổi cách trả lời: gửi thư mục {folder} cho nhóm phát triển cchc; chưa lưu số nào",
    )

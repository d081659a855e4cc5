"""Telling past the warehouse: what keeps the watchdog from its work keeps letters out of the outbox, too. Needs no more
of the province than notices.toml.

Once a kind of trouble and reader, however often the watchdog tries: an empty file each, in <home>/logs, says who was
told; a full disk takes empty files, one that may only be read takes none. They are gone as soon as the watchdog does
its work again."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from contracts import clock
from contracts.configfile import plain, read_toml
from contracts.errors import CchcError, ConfigError, MachineError, WarehouseError, machine_error
from contracts.notices import NoticeKind, NoticeSettings, Recipient, Webhook, read_readers
from contracts.settings import Settings
from flows.notices import webhook
from flows.notices.letters import FOOT, SUBJECT
from flows.notices.mail import letter, post
from flows.notices.refused import NotSent
from flows.notices.words import TODO, moment, overdue
from flows.overdue import Overdue

_SHOWN = 4


@dataclass(frozen=True)
class _Trouble:
    """kind: of which one letter is sent. said: a clause that may leave the house. command: what shows the rest."""

    kind: str
    said: str
    command: str


_CONFIG = _Trouble("config", "cấu hình của tỉnh có chỗ sai", "cchc watchdog")
_WAREHOUSE = _Trouble("warehouse", "kho số liệu không ghi hoặc đọc được", "cchc doctor")
_MACHINE = _Trouble("machine", "máy chạy báo cáo gặp trục trặc", "cchc doctor")
_BUG = _Trouble("bug", "lỗi của phần mềm cchc", "cchc watchdog")


def tell_unwatched(error: Exception, found: Sequence[Overdue] = ()) -> list[str]:
    """The watchdog could not look, or could not enter what it found. Returns whom it told; whoever could not be reached
    is tried again the next time. Raises nothing: what went wrong is told on the screen anyway."""
    trouble, settings = _trouble(error), Settings()
    try:
        readers = read_readers(settings.province_folder)
    except CchcError:
        return []
    told = []
    for reader in (one for one in readers.everybody if NoticeKind.OVERDUE in one.kinds):
        if _was_told(trouble, reader):
            continue
        with suppress(NotSent, CchcError, OSError):
            _send(readers, reader, trouble, found)
            _note(trouble, reader)
            told.append(reader.to)
    return told


def watched_again() -> None:
    """What kept the watchdog from its work is over."""
    for folder in _folders():
        for file in folder.glob(f"{_prefix()}*"):
            with suppress(OSError):
                file.unlink()


def _trouble(error: Exception) -> _Trouble:
    if isinstance(error, OSError):
        error = machine_error(error) or error
    match error:
        case ConfigError():
            return _CONFIG
        case WarehouseError():
            return _WAREHOUSE
        case MachineError() | CchcError():
            return _MACHINE
        case _:
            return _BUG


def _send(settings: NoticeSettings, reader: Recipient | Webhook, trouble: _Trouble, found: Sequence[Overdue]) -> None:
    """Raises NotSent, CchcError."""
    name, number = _province(settings.folder)
    subject = plain(f"[CCHC {name}] không canh được lịch: {trouble.said}")[:SUBJECT]
    text = "\n".join(_text(name, trouble, found))
    if isinstance(reader, Webhook):
        said = {"id": uuid.uuid4().hex, "kind": NoticeKind.OVERDUE, "province": number, "period": "", "source": ""}
        said |= {"subject": subject, "text": text, "link": "", "command": trouble.command}
        said |= {"at": clock.now().isoformat()}
        webhook.call(reader, json.dumps(said, ensure_ascii=False), folder=settings.folder)
        return
    mail = settings.file.mail
    assert mail is not None
    mark = f"<{uuid.uuid4().hex}@{mail.domain}>"
    made = letter(mail, to=reader.to, mark=mark, subject=subject, text=f"{text}\n\n{FOOT}", at=clock.now())
    with post(settings) as server:
        server.send(made)


def _text(name: str, trouble: _Trouble, found: Sequence[Overdue]) -> Iterator[str]:
    yield f"{plain(name)}: phần canh lịch của cchc không làm việc được, từ {moment(clock.now())}."
    yield f"Vì sao: {trouble.said}."
    if found:
        yield "Những việc nó thấy quá hạn mà không ghi lại được:"
        yield from (f"- {_in_short(one)}" for one in found[:_SHOWN])
        if len(found) > _SHOWN:
            yield f"- và {len(found) - _SHOWN} việc khác"
    yield "Cho đến khi sửa xong, kỳ nào đến giờ mà không chạy sẽ không ai được báo; chỉ có một thư này."
    yield f"{TODO}trên máy chạy cchc, xem chỗ hỏng bằng lệnh sau rồi sửa:"
    yield f"  {trouble.command}"


def _in_short(found: Overdue) -> str:
    of = " ".join(filter(None, (found.period_id, found.source_id)))
    return overdue(found, source=None).subject + (f" ({of})" if of else "")


def _province(folder: Path) -> tuple[str, str]:
    """Name and id, also where the rest of province.toml is wrong."""
    try:
        known = read_toml(folder / "province.toml")
    except CchcError:
        known = {}
    return str(known.get("name") or folder.name), str(known.get("id") or folder.name)


def _folders() -> list[Path]:
    """Where it is noted who was told. Where the disk can only be read any more, the folder in memory that systemd keeps
    from one unit to the next; without systemd that for temporary files, of which each unit has one of its own."""
    home, kept = Settings().home, os.environ.get("RUNTIME_DIRECTORY")
    return [home / "logs", home, Path(kept or tempfile.gettempdir())]


def _prefix() -> str:
    return f"cchc-unwatched-{_digest(str(Settings().home.resolve()))}-"


def _mark(trouble: _Trouble, reader: Recipient | Webhook) -> str:
    return f"{_prefix()}{trouble.kind}-{_digest(f'{reader.way} {reader.to}')}"


def _was_told(trouble: _Trouble, reader: Recipient | Webhook) -> bool:
    """Files that somebody else put there say nothing."""
    for folder in _folders():
        with suppress(OSError):
            if (folder / _mark(trouble, reader)).stat().st_uid == os.geteuid():
                return True
    return False


def _note(trouble: _Trouble, reader: Recipient | Webhook) -> None:
    for folder in _folders():
        with suppress(OSError):
            (folder / _mark(trouble, reader)).touch()
            return


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]

"""A notice that is only a try: does it get through, and what does the other side say?"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass

from contracts import clock
from contracts.errors import CchcError, UsageError
from contracts.notices import NoticeSettings, Recipient, Webhook
from contracts.province import Province
from flows.notices import webhook
from flows.notices.letters import FOOT
from flows.notices.mail import letter, post
from flows.notices.refused import NotSent

TEXT = "Đây là thư thử. Nhận được thư này nghĩa là thông báo của phần mềm báo cáo CCHC đến được đây."


@dataclass(frozen=True)
class Tried:
    """refused: why it did not get through, "" where it did; advice: what to do about it."""

    reader: Recipient | Webhook
    refused: str = ""
    advice: str = ""


def try_out(province: Province, settings: NoticeSettings, reader: Recipient | Webhook) -> Tried:
    """Send it now, past the outbox, and by a connection of its own: what is said is said of this one."""
    try:
        if isinstance(reader, Recipient):
            _write(province, settings, reader)
        else:
            _call(province, settings, reader)
    except NotSent as error:
        return Tried(reader, error.cause, "xem docs/operate/notices.md, mục «When letters do not come»")
    except CchcError as error:
        return Tried(reader, error.cause, error.advice)
    return Tried(reader)


def wanted(settings: NoticeSettings, names: list[str]) -> list[Recipient | Webhook]:
    """Those of that address or name; all where none is given. Raises UsageError."""
    known: dict[str, Recipient | Webhook] = {one.to: one for one in settings.everybody}
    if unknown := [name for name in names if name not in known]:
        listed = ", ".join(known) or "chưa có ai"
        raise UsageError(f"notices.toml không có «{unknown[0]}»", advice=f"những nơi nhận: {listed}")
    return [known[name] for name in names] if names else list(known.values())


def _write(province: Province, settings: NoticeSettings, reader: Recipient) -> None:
    mail = settings.file.mail
    assert mail is not None
    made = letter(
        mail,
        to=reader.to,
        mark=f"<{uuid.uuid4().hex}@{mail.domain}>",
        subject=f"[CCHC {province.name}] Thư thử",
        text=f"{TEXT}\n{FOOT}",
        at=clock.now(),
    )
    with post(settings) as server:
        server.send(made)


def _call(province: Province, settings: NoticeSettings, reader: Webhook) -> None:
    said = dict.fromkeys(("period", "source", "link", "command"), "")
    said |= {"id": uuid.uuid4().hex, "kind": "test", "province": province.id, "text": TEXT}
    said |= {"subject": f"[CCHC {province.name}] Thư thử", "at": clock.now().isoformat()}
    webhook.call(reader, json.dumps(said, ensure_ascii=False), folder=settings.folder)

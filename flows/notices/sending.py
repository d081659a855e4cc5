"""Emptying the outbox, within a bounded time: whatever the other side does, who waits goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial

from sqlalchemy import Engine

from contracts.errors import CchcError, WarehouseError
from contracts.notices import NoticeSettings
from contracts.settings import Settings
from flows import trace
from flows.notices import webhook
from flows.notices.mail import Post, letter, post
from flows.notices.refused import NotSent
from warehouse import notice_messages as outbox
from warehouse.notice_messages import NO_LONGER, Message

WITHIN = 20.0
"""Seconds that a run gives it at its end."""


def send_waiting(engine: Engine, settings: NoticeSettings, *, within: float = WITHIN, at_once: bool = False) -> None:
    """Try what is due; returns after `within` seconds even where a server holds the line. What goes on then ends with
    its own time-outs or with this process, and is tried again later. at_once: also what has yet to wait."""
    over = threading.Event()
    work = threading.Thread(target=_send_all, args=(engine, settings, at_once, over), daemon=True)
    work.start()
    work.join(within)
    over.set()


def _send_all(engine: Engine, settings: NoticeSettings, at_once: bool, over: threading.Event) -> None:
    try:
        outbox.take_up_again(engine, at_once=at_once)
        due = outbox.due(engine, at_once=at_once)
        _send_mails(engine, settings, [m for m in due if m.way == "mail"], over)
        _call_hooks(engine, settings, [m for m in due if m.way == "webhook"], over)
    except WarehouseError:  # the outbox stays as it is
        return
    except Exception as bug:
        trace.write_trace(bug, Settings().home / "logs")


def _send_mails(engine: Engine, settings: NoticeSettings, due: Sequence[Message], over: threading.Event) -> None:
    known = {one.to for one in settings.file.to}
    office = _Office(settings)
    with ExitStack() as stack:
        stack.callback(office.close)
        for message in due:
            if message.recipient not in known or settings.file.mail is None:
                outbox.drop(engine, message, NO_LONGER)
            elif office.is_shut:
                outbox.missed(engine, message, office.is_shut)
            elif not over.is_set():
                office.is_shut = _try(engine, message, partial(office.send, message))


class _Office:
    """One connection while it lasts; where it breaks, a new one. is_shut: why none need be tried now, else ""."""

    def __init__(self, settings: NoticeSettings) -> None:
        self._settings = settings
        self._stack = ExitStack()
        self._post: Post | None = None
        self.is_shut = ""

    def send(self, message: Message) -> None:
        mail = self._settings.file.mail
        assert mail is not None
        made = letter(
            mail,
            to=message.recipient,
            mark=message.mark,
            subject=message.subject,
            text=message.body,
            at=message.made_at,
        )
        try:
            if self._post is None:
                self._post = self._stack.enter_context(post(self._settings))
            self._post.send(made)
        except NotSent:
            self.close()
            raise

    def close(self) -> None:
        self._post = None
        self._stack.close()


def _call_hooks(engine: Engine, settings: NoticeSettings, due: Sequence[Message], over: threading.Event) -> None:
    """A program that does not answer is not called again in this round."""
    known = {one.to: one for one in settings.file.webhook}
    silent: dict[str, str] = {}
    for message in due:
        hook = known.get(message.recipient)
        if hook is None:
            outbox.drop(engine, message, NO_LONGER)
        elif why := silent.get(hook.name):
            outbox.missed(engine, message, why)
        elif not over.is_set():
            call = partial(webhook.call, hook, message.body, folder=settings.folder)
            silent[hook.name] = _try(engine, message, call)


def _try(engine: Engine, message: Message, send: Callable[[], None]) -> str:
    """Why nothing else need be tried where this was to go; "" where that is not known."""
    if not outbox.claim(engine, message):
        return ""
    try:
        send()
    except (NotSent, CchcError) as error:
        outbox.failed(engine, message, error.cause)
        return error.cause if isinstance(error, CchcError) or error.is_down else ""
    outbox.sent(engine, message)
    return ""

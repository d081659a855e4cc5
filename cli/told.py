"""After a run of the operator's own: who was told of it, as others wait for it, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.console import out, plain
from contracts.errors import ConfigError
from contracts.notices import read_notices
from warehouse import notice_messages

if TYPE_CHECKING:
    from flows.place import Place


def say_told(place: Place, *, since: int) -> None:
    """since: number of the last message before the run."""
    try:
        read_notices(place.province)
    except ConfigError as error:
        out.print(f"[bold yellow]CHƯA GỬI THÔNG BÁO:[/] {plain(str(error))}", soft_wrap=True)
        return
    made = notice_messages.after(place.open_warehouse(), since)
    if sent := list(dict.fromkeys(one.recipient for one in made if one.sent_at)):
        out.print(f"Đã gửi thông báo cho: {plain(', '.join(sent))}", soft_wrap=True)
    if waits := list(dict.fromkeys(one.recipient for one in made if one.waits)):
        errors = sorted({one.error for one in made if one.waits and one.error})
        why = f" ({'; '.join(errors)})" if errors else ""
        said = f"Chưa gửi được thông báo cho: {', '.join(waits)}{why}; sẽ tự gửi lại. Xem: cchc notices list"
        out.print(plain(said), soft_wrap=True)

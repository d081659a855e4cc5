"""Whether notices get through: told by `cchc doctor`, `cchc status` and whoever watches, as no letter can tell it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine

from contracts import clock
from contracts.errors import CchcError
from contracts.fitness import Fit, Fitness, good, of_error, unfit, warning
from contracts.notices import FILE, read_notices
from contracts.province import Province
from contracts.secrets import secret
from warehouse import notice_messages

LOOKED_BACK = timedelta(days=30)
_LIST = "cchc notices list"


def health(engine: Engine | None, province: Province) -> Fitness:
    """engine: None where there is no warehouse yet. Asks no mail server."""
    try:
        settings = read_notices(province)
        for name in settings.secrets:
            secret(name)
    except CchcError as error:
        return of_error(error)
    if engine is not None and (told := _stuck(engine)):
        return told
    if not settings.everybody:
        return warning("chưa ai được báo khi có lỗi", f"tạo {FILE} cạnh province.toml (docs/operate/notices.md)")
    return good(
        f"{len(settings.file.to)} địa chỉ thư, {len(settings.file.webhook)} webhook; không thông báo nào bị kẹt"
    )


def remark(engine: Engine, province: Province) -> str:
    """One sentence where something is wrong; "" where nothing is, or nobody is to be told anyway."""
    found = health(engine, province)
    wrong = found if found.state is Fit.ERROR else _stuck(engine)
    return f"thông báo: {wrong.said}. Xem: {_LIST}" if wrong else ""


def _stuck(engine: Engine) -> Fitness | None:
    tried = [one for one in notice_messages.unsent(engine) if one.error]
    given_up = notice_messages.lost_since(engine, clock.now() - LOOKED_BACK)
    if tried:
        said = f"{len(tried)} thông báo chưa gửi được: {tried[0].error}"
        return unfit(said, "sửa chỗ đó, thử bằng cchc notices test, rồi gửi lại", "cchc notices send --all")
    if given_up:
        said = f"{len(given_up)} thông báo đã thôi không gửi: {given_up[-1].error}"
        return warning(said, "xem ai chưa nhận gì, báo cho họ", _LIST)
    return None

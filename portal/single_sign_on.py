"""Coming in by the province's single sign-on: which account somebody is whom the provider has named.

An account is there before, made in cchc, and waits for its first sign-in; none is ever made here, and what the person
may do is said in cchc alone. The first time it is found by its login, from then on by issuer and subject: a login that
the provider gives to somebody else later on opens nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from fastapi import Request
from sqlalchemy import Engine

from contracts import secrets
from contracts.errors import ConfigError, SecretError
from contracts.portal_settings import SingleSignOn, secure
from contracts.province import Province
from contracts.settings import Settings
from portal.begun_sign_ins import BegunSignIns
from portal.oidc_provider import Comer, Provider
from portal.refusals import NotFound, Refusal
from warehouse import identities
from warehouse.accounts import Account
from warehouse.audit import Deed

SIGN_IN = "/dang-nhap"
START, BACK, LEFT = f"{SIGN_IN}/mot-lan", f"{SIGN_IN}/mot-lan/ve", f"{SIGN_IN}/mot-lan/ra"


class NoAccount(Refusal):
    """The provider knows the person; the portal does not."""

    status = 403
    title = "Chưa có tài khoản ở cổng báo cáo"

    def __init__(self, comer: Comer) -> None:
        super().__init__()
        if comer.login:
            self.advice = (
                "Đề nghị người quản trị cổng cấp tài khoản vào bằng đăng nhập một lần, với tên đăng nhập "
                f"«{comer.login}»."
            )
        else:
            self.advice = "Hệ thống đăng nhập dùng chung không cho biết tên đã được xác minh. Báo người quản trị cổng."


class Closed(Refusal):
    status = 403
    title = "Tài khoản này đã đóng"
    advice = "Nếu công việc còn cần đến, đề nghị người quản trị cổng mở lại."


@dataclass(frozen=True)
class Door:
    """The way in of one portal by its province's provider."""

    provider: Provider
    begun: BegunSignIns


def door_of(request: Request) -> Door:
    """Raises NotFound where the province has no single sign-on."""
    found = cast(Door | None, request.app.state.door)
    if found is None:
        raise NotFound
    return found


def open_door(settings: Settings, province: Province) -> Door | None:
    """None where the province has none. Raises ConfigError, SecretError: better when the portal starts than when
    somebody wants to come in. The provider itself is asked only then."""
    said = province.file.portal.oidc
    if said is None:
        return None
    ours = settings.portal_url or ""
    path = province.folder / "province.toml"
    if not secure(ours):
        raise ConfigError(
            "[portal.oidc] cần biết địa chỉ của cổng, dạng https://…",
            file=path,
            advice="đặt biến CCHC_PORTAL_URL bằng địa chỉ cán bộ gõ vào trình duyệt, rồi chạy lại",
        )
    return _door(said, ours.rstrip("/"), _secret(said))


def _secret(said: SingleSignOn) -> str:
    found = secrets.secret(said.secret).text("client_secret")
    if not found:
        raise SecretError(
            f"bí mật «{said.secret}» không có mục client_secret",
            advice=f"ghi client_secret vào {secrets.place_of(said.secret)}",
        )
    return found


def _door(said: SingleSignOn, ours: str, client_secret: str) -> Door:
    provider = Provider(
        said, client_secret=client_secret, redirect_uri=f"{ours}{BACK}", after_logout=f"{ours}{SIGN_IN}"
    )
    return Door(provider, BegunSignIns(client_secret))


def account_of(engine: Engine, comer: Comer, *, address: str) -> Account:
    """The account of whoever has come, bound to the provider's subject from the first time on; it may be closed. Raises
    NoAccount."""
    known = identities.with_identity(engine, comer.issuer, comer.subject)
    if known is not None:
        return known
    found = identities.waiting(engine, comer.issuer, comer.login) if comer.login else None
    if found is None or not (found.disabled or _bound(engine, found, comer, address)):
        raise NoAccount(comer)
    return found


def _bound(engine: Engine, account: Account, comer: Comer, address: str) -> bool:
    about = {"via": "oidc", "subject": comer.subject}
    deed = Deed("account", who=account.login, role=account.role, about=about, address=address)
    return identities.bind(engine, account.id, comer.issuer, comer.subject, deed)

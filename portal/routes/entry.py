"""In and out: sign in with a password, sign out."""

from __future__ import annotations

from typing import Annotated

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from portal.house import house_of
from portal.pages import cookie_rules, page
from portal.people import COOKIE, LASTS, Someone, address_of, anyone
from warehouse import accounts, audit, sessions

router = APIRouter()
_hasher = PasswordHasher()


@router.get("/dang-nhap", dependencies=[Depends(anyone)])
def sign_in_page(request: Request, den: str = "/") -> Response:
    return page(request, "sign_in.html", wanted=den, said="", login="")


@router.post("/dang-nhap", dependencies=[Depends(anyone)])
def sign_in(
    request: Request,
    login: Annotated[str, Form(max_length=200)],
    password: Annotated[str, Form(max_length=1000)],
    den: Annotated[str, Form()] = "/",
) -> Response:
    engine = house_of(request).engine
    account = accounts.with_login(engine, login.strip())
    if account is None or account.disabled or not _is_right(account.password, password):
        audit.enter(engine, audit.Deed("login", who=login.strip()[:200], result="sai", address=address_of(request)))
        return page(request, "sign_in.html", status=401, wanted=den, said="Tên hoặc mật khẩu không đúng.", login=login)
    secret = sessions.begin(engine, account.id, via="password", lasts=LASTS)
    audit.enter(engine, audit.Deed("login", who=account.login, role=account.role, address=address_of(request)))
    answer = RedirectResponse(den if den.startswith("/") and not den.startswith("//") else "/", status_code=303)
    answer.set_cookie(COOKIE, secret, **cookie_rules(request))
    return answer


def _is_right(hashed: str | None, password: str) -> bool:
    try:
        return hashed is not None and _hasher.verify(hashed, password)
    except VerificationError:
        return False


@router.post("/dang-xuat")
def sign_out(request: Request, person: Someone) -> Response:
    engine = house_of(request).engine
    sessions.end(engine, person.secret)
    audit.enter(engine, person.deed("logout"))
    answer = RedirectResponse("/dang-nhap", status_code=303)
    answer.delete_cookie(COOKIE)
    return answer

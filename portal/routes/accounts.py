"""Accounts, for whoever administers them. Nothing here is kept by a browser: a first password is read once."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from contracts import clock
from contracts.errors import UsageError
from contracts.logins import checked_login, checked_name
from contracts.roles import Right, Role
from portal import passwords
from portal.account_list import Asked, listed, units_of
from portal.enrolment import unit_code_for
from portal.house import House, house_of
from portal.pages import page
from portal.people import Person, needs
from portal.refusals import NotFound, Refusal
from warehouse import account_changes, accounts, identities
from warehouse.accounts import Account, State

router = APIRouter(prefix="/tai-khoan")
Admin = Annotated[Person, Depends(needs(Right.MANAGE_ACCOUNTS))]
_IDS = range(1, 2**31)


class OwnAccount(Refusal):
    """An administrator who would shut himself out, or give himself what others should give."""

    status = 403
    title = "Không tự đóng, đổi vai trò hay cấp lại mật khẩu của chính mình"
    advice = "Nhờ một người quản trị khác. Đổi mật khẩu của mình ở trang «Tài khoản của tôi»."


@router.get("")
def list_accounts(
    request: Request,
    person: Admin,
    *,
    tim: str = "",
    vai_tro: Annotated[str, Query(alias="vai-tro")] = "",
    don_vi: Annotated[str, Query(alias="don-vi")] = "",
    tinh_trang: Annotated[str, Query(alias="tinh-trang")] = "",
) -> Response:
    house, asked = house_of(request), Asked(tim, vai_tro, don_vi, tinh_trang)
    everybody = accounts.everybody(house.engine)
    return page(
        request,
        "accounts.html",
        found=listed(house, everybody, asked, clock.now()),
        total=len(everybody),
        units=units_of(house, everybody),
        asked=asked,
        states=list(State),
    )


@router.get("/moi")
def new_account(request: Request, person: Admin) -> Response:
    return _form(request)


@router.post("/moi")
def add_account(
    request: Request,
    person: Admin,
    *,
    login: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    role: Annotated[str, Form()] = "",
    unit: Annotated[str, Form()] = "",
    mot_lan: Annotated[str, Form(alias="mot-lan")] = "",
) -> Response:
    house = house_of(request)
    issuer = house.policy.oidc.issuer if mot_lan and house.policy.oidc else None
    first = passwords.first_password()
    try:
        wanted = _role(role)
        made = account_changes.enrol(
            house.engine,
            login=checked_login(login),
            name=checked_name(name),
            role=wanted,
            unit_code=unit_code_for(house, wanted, unit),
            password=None if issuer else passwords.hashed(first),
            by=person.deed("account"),
        )
    except UsageError as error:
        return _form(request, said=error, login=login, name=name, role=role, unit=unit, mot_lan=mot_lan)
    if issuer:
        by = replace(person.deed("account"), about={"did": "đăng nhập một lần", "login": made.login})
        identities.expect(house.engine, made.id, issuer, by)
        return RedirectResponse(f"/tai-khoan/{made.id}", status_code=303)
    return _told_once(request, made, first, title="Đã thêm tài khoản")


@router.get("/{number:int}")
def one_account(request: Request, person: Admin, number: int) -> Response:
    account = _account(house_of(request), number)
    return _page(request, "account.html", account, is_own=account.id == person.account.id)


@router.get("/{number:int}/vai-tro")
def role_page(request: Request, person: Admin, number: int) -> Response:
    return _role_page(request, _another(request, person, number))


@router.post("/{number:int}/vai-tro")
def give_role(
    request: Request,
    person: Admin,
    number: int,
    role: Annotated[str, Form()] = "",
    unit: Annotated[str, Form()] = "",
) -> Response:
    house, account = house_of(request), _another(request, person, number)
    try:
        wanted = _role(role)
        unit_code = unit_code_for(house, wanted, unit)
    except UsageError as error:
        return _role_page(request, account, said=error, role=role, unit=unit)
    account_changes.give_role(house.engine, account, wanted, unit_code, by=person.deed("account"))
    return _back(account)


@router.get("/{number:int}/cap-lai")
def reset_page(request: Request, person: Admin, number: int) -> Response:
    return _page(request, "account_reset.html", _another(request, person, number))


@router.post("/{number:int}/cap-lai")
def reset_password(request: Request, person: Admin, number: int) -> Response:
    house, account = house_of(request), _another(request, person, number)
    first = passwords.first_password()
    account_changes.reset_password(house.engine, account, passwords.hashed(first), by=person.deed("account"))
    return _told_once(request, account, first, title="Đã cấp mật khẩu mới")


@router.get("/{number:int}/dong")
def close_page(request: Request, person: Admin, number: int) -> Response:
    return _page(request, "account_close.html", _another(request, person, number))


@router.post("/{number:int}/dong")
def close(request: Request, person: Admin, number: int) -> Response:
    account = _another(request, person, number)
    account_changes.close(house_of(request).engine, account, by=person.deed("account"))
    return _back(account)


@router.post("/{number:int}/mo")
def reopen(request: Request, person: Admin, number: int) -> Response:
    account = _another(request, person, number)
    account_changes.reopen(house_of(request).engine, account, by=person.deed("account"))
    return _back(account)


def _another(request: Request, person: Person, number: int) -> Account:
    """That account, if it is not the person's own. Raises NotFound, OwnAccount."""
    account = _account(house_of(request), number)
    if account.id == person.account.id:
        raise OwnAccount
    return account


def _account(house: House, number: int) -> Account:
    account = accounts.with_id(house.engine, number) if number in _IDS else None
    if account is None:
        raise NotFound
    return account


def _role(typed: str) -> Role:
    if typed not in set(Role):
        raise UsageError("chưa chọn vai trò", advice="chọn một trong các vai trò dưới đây")
    return Role(typed)


def _form(
    request: Request,
    *,
    said: UsageError | None = None,
    login: str = "",
    name: str = "",
    role: str = "",
    unit: str = "",
    mot_lan: str = "",
) -> Response:
    house = house_of(request)
    typed = {"login": login[:200], "name": name[:200], "role": role, "unit": unit, "mot_lan": mot_lan}
    return page(
        request,
        "account_new.html",
        status=422 if said else 200,
        said=said,
        typed=typed,
        units=house.province.units,
        policy=house.policy,
    )


def _role_page(
    request: Request, account: Account, *, said: UsageError | None = None, role: str = "", unit: str = ""
) -> Response:
    typed = {"role": role or account.role, "unit": unit if said else account.unit_code}
    return _page(request, "account_role.html", account, said=said, typed=typed, status=422 if said else 200)


def _page(request: Request, name: str, account: Account, *, status: int = 200, **given: object) -> Response:
    house = house_of(request)
    units = house.province.units
    unit = units.by_agency(account.unit_code) if units.has_agency(account.unit_code) else None
    state = account.state(clock.now())
    return page(request, name, status=status, account=account, unit=unit, state=state, units=units, **given)


def _told_once(request: Request, account: Account, first: str, *, title: str) -> Response:
    """The first password, in this answer and nowhere else."""
    return _page(request, "first_password.html", account, first=first, heading=title)


def _back(account: Account) -> Response:
    return RedirectResponse(f"/tai-khoan/{account.id}", status_code=303)

"""cchc user: accounts of the portal, from the machine: the first administrator, and whoever is locked out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from cli.console import out, plain, table
from cli.machine_user import machine_user
from cli.words import App
from contracts import clock
from contracts.clock import VIETNAM
from contracts.errors import UsageError
from contracts.roles import ROLE_LABELS, Role

if TYPE_CHECKING:
    from portal.house import House
    from warehouse.accounts import Account
    from warehouse.audit import Deed

app = App(help="Tài khoản của cổng báo cáo: thêm, cấp lại mật khẩu, đóng, mở, đổi vai trò.")
_ROLES = "; ".join(f"{role} = {label}" for role, label in ROLE_LABELS.items())
LoginArgument = Annotated[str, typer.Argument(metavar="TÊN", help="Tên đăng nhập, ví dụ tran.thi.lan.")]
RoleOption = Annotated[Role, typer.Option("--role", metavar="VAI_TRÒ", help=f"{_ROLES}.")]
UnitOption = Annotated[
    str, typer.Option("--unit", metavar="MÃ", help="Đơn vị của người xem: mã định danh hoặc mã báo cáo.")
]


@app.command("add")
def add(
    login: LoginArgument,
    *,
    name: Annotated[str, typer.Option("--name", metavar="HỌ_TÊN", help="Họ tên người dùng.")],
    role: RoleOption,
    unit: UnitOption = "",
    single_sign_on: Annotated[
        bool, typer.Option("--sso", help="Vào bằng đăng nhập một lần của tỉnh, không có mật khẩu riêng.")
    ] = False,
) -> None:
    """Thêm tài khoản; in mật khẩu đầu tiên một lần duy nhất, người dùng phải đổi khi vào lần đầu."""
    from contracts.logins import checked_login, checked_name
    from portal.enrolment import unit_code_for
    from warehouse import account_changes

    login, name, house = checked_login(login), checked_name(name), _house()
    issuer = _issuer(house) if single_sign_on else None
    unit_code = unit_code_for(house, role, unit)
    first, stored = (None, None) if issuer else _first_password()
    made = account_changes.enrol(
        house.engine, login=login, name=name, role=role, unit_code=unit_code, password=stored, by=_by("add")
    )
    out.print(f"[bold green]ĐÃ THÊM[/] {_called(made)}", soft_wrap=True)
    if issuer:
        _expect(house, made, issuer)
    else:
        _say_password(first)


@app.command("list")
def list_accounts(as_json: Annotated[bool, typer.Option("--json", help="In JSON cho máy đọc.")] = False) -> None:
    """Các tài khoản: vai trò, đơn vị, tình trạng, lần vào gần nhất."""
    from warehouse import accounts

    found = accounts.everybody(_house().engine)
    if as_json:
        typer.echo(json.dumps([_row(account) for account in found], ensure_ascii=False, indent=1))
        return
    if not found:
        out.print("Chưa có tài khoản nào. Thêm người quản trị đầu tiên: cchc user add TÊN --name HỌ_TÊN --role admin")
        return
    made = table("Tên đăng nhập", "Họ tên", "Vai trò", "Đơn vị", "Tình trạng", "Vào gần nhất")
    for account in found:
        when = f"{account.visited_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}" if account.visited_at else "–"
        cells = (account.login, account.name, ROLE_LABELS[account.role], account.unit_code)
        made.add_row(*map(plain, cells), account.state(clock.now()).label, when)
    out.print(made)


def _row(account: Account) -> dict[str, str | None]:
    return {
        "login": account.login,
        "name": account.name,
        "role": account.role,
        "unit": account.unit_code,
        "state": account.state(clock.now()),
        "visited_at": account.visited_at.isoformat() if account.visited_at else None,
    }


@app.command("reset")
def reset(login: LoginArgument) -> None:
    """Cấp mật khẩu đầu tiên mới (quên mật khẩu, đang bị khóa); các phiên của người đó kết thúc."""
    from warehouse import account_changes

    house = _house()
    account = _account(house, login)
    first, stored = _first_password()
    account_changes.reset_password(house.engine, account, stored, by=_by("reset"))
    out.print(f"[bold green]ĐÃ CẤP LẠI[/] mật khẩu của {_called(account)}", soft_wrap=True)
    if account.disabled:
        out.print(f"[yellow]Lưu ý:[/] tài khoản này đang đóng; mở lại: cchc user open {account.login}", soft_wrap=True)
    _say_password(first)


@app.command("close")
def close(login: LoginArgument) -> None:
    """Đóng tài khoản của người đã nghỉ, chuyển việc; nhật ký và việc đã làm vẫn còn."""
    from warehouse import account_changes

    house = _house()
    account = _account(house, login)
    account_changes.close(house.engine, account, by=_by("close"))
    out.print(f"[bold yellow]ĐÃ ĐÓNG[/] {_called(account)}; các phiên đang mở đã kết thúc.", soft_wrap=True)


@app.command("open")
def reopen(login: LoginArgument) -> None:
    """Mở lại tài khoản đã đóng, hoặc đang bị khóa vì nhập sai mật khẩu."""
    from warehouse import account_changes

    house = _house()
    account = _account(house, login)
    account_changes.reopen(house.engine, account, by=_by("open"))
    out.print(f"[bold green]ĐÃ MỞ[/] {_called(account)}; mật khẩu giữ nguyên.", soft_wrap=True)


@app.command("role")
def give_role(login: LoginArgument, *, role: RoleOption, unit: UnitOption = "") -> None:
    """Đổi vai trò, đơn vị; các phiên của người đó kết thúc."""
    from portal.enrolment import unit_code_for
    from warehouse import account_changes

    house = _house()
    account = _account(house, login)
    unit_code = unit_code_for(house, role, unit)
    account_changes.give_role(house.engine, account, role, unit_code, by=_by("role"))
    out.print(f"[bold green]ĐÃ ĐỔI[/] {_called(_account(house, login))}", soft_wrap=True)


def _house() -> House:
    from contracts.settings import Settings
    from portal.house import House

    return House.of(Settings())


def _account(house: House, login: str) -> Account:
    from warehouse import accounts

    found = accounts.with_login(house.engine, login.strip())
    if found is None:
        raise UsageError(f"không có tài khoản «{login.strip()}»", advice="xem: cchc user list")
    return found


def _by(command: str) -> Deed:
    from warehouse.audit import Deed

    return Deed("account", who=machine_user(), about={"command": f"cchc user {command}"})


def _issuer(house: House) -> str:
    oidc = house.policy.oidc
    if oidc is None:
        raise UsageError(
            f"tỉnh {house.province.name} chưa có đăng nhập một lần", advice="khai [portal.oidc] trong province.toml"
        )
    return oidc.issuer


def _expect(house: House, account: Account, issuer: str) -> None:
    from warehouse import identities

    identities.expect(house.engine, account.id, issuer, _by("add --sso"))
    out.print("  Người này vào bằng đăng nhập một lần của tỉnh; không có mật khẩu ở cổng này.")


def _first_password() -> tuple[str, str]:
    """The word, and its hash."""
    from portal import passwords

    first = passwords.first_password()
    return first, passwords.hashed(first)


def _called(account: Account) -> str:
    of_unit = f", đơn vị {account.unit_code}" if account.unit_code else ""
    return plain(f"{account.login} – {account.name} ({ROLE_LABELS[account.role]}{of_unit})")


def _say_password(first: str | None) -> None:
    out.print(f"  Mật khẩu đầu tiên: [bold]{first}[/]\n  Chỉ hiện lần này; báo riêng cho người dùng, phải đổi khi vào.")

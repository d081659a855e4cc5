"""cchc sources new: a first draft of a system's folder, made by looking at the system."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast, get_args

import typer
from pydantic import ValidationError

from contracts import clock
from contracts.configfile import read_toml
from contracts.errors import ConfigError, UsageError
from contracts.hosts import Host
from contracts.periods import Period, current_quarter, parse_period
from contracts.province import Province, read_province
from contracts.settings import Settings
from contracts.source_config import SourceConfig
from contracts.source_folder import holds_secret
from contracts.table_spec import Connection, Kind, connection_model

if TYPE_CHECKING:  # what looks at a system takes a second to import: not before the words are known to be right
    from sources.exploring.drafting import Draft

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LOOKING_SECONDS = 30.0


def new(
    source_id: Annotated[str, typer.Argument(metavar="NGUỒN", help="Mã của nguồn, chữ thường và gạch ngang: cam-lam.")],
    *,
    address: Annotated[str, typer.Option(metavar="ĐỊA_CHỈ", help="Nơi hệ thống nằm, không kèm tài khoản, mật khẩu.")],
    kind: Annotated[
        str, typer.Option(metavar="LOẠI", help=f"Một trong: {', '.join(get_args(Kind))}; bỏ được khi có --vendor.")
    ] = "",
    secret: Annotated[str, typer.Option(metavar="TÊN", help="Tên của bí mật giữ tài khoản, mật khẩu.")] = "",
    name: Annotated[str, typer.Option(metavar="TÊN", help="Tên gọi của hệ thống, in trong báo cáo.")] = "",
    vendor: Annotated[str, typer.Option(metavar="HÃNG", help="Thư mục trong vendors/ đã mô tả loại này.")] = "",
    table: Annotated[str, typer.Option(metavar="BẢNG", help="Bảng, trang tính hoặc đường dẫn giữ hồ sơ.")] = "",
    connection: Annotated[
        list[str] | None,
        typer.Option(metavar="MỤC=GIÁ_TRỊ", help="Mục của [connection], ví dụ tls=verify (lặp lại được)."),
    ] = None,
    period: Annotated[str, typer.Option(metavar="KỲ", help="Kỳ thay cho «{period}» của địa chỉ.")] = "",
) -> None:
    """Xem một hệ thống rồi viết bản nháp cấu hình; không xem giá trị của cột dữ liệu cá nhân."""
    province = read_province(Settings().province_folder)
    folder = province.folder / "sources" / source_id
    _check(province, source_id, folder, address=address, vendor=vendor)
    chosen = _kind(province, kind, vendor)
    settings = _connection(chosen, connection or [])
    rule = province.file.period_rule
    when = parse_period(period, rule=rule) if period else current_quarter(clock.today(), rule=rule)

    import flows  # noqa: F401  a secret may be kept in one of Prefect's blocks
    from cli.new_source_words import answered_for_already, say_draft
    from sources.exploring.drafting import Draft, write_folder
    from sources.exploring.looking import look

    given = settings.model_dump(exclude_unset=True)
    draft = Draft(source_id, name or source_id, chosen, address, secret, vendor, given)
    reached = _provisional(draft, province, folder, settings, when)
    with _told_of_options(folder):
        looked = look(draft, province, reached, on=when.cut_off, table=table)
    shared = answered_for_already(province, looked, when)
    write_folder(folder, looked.texts)
    say_draft(province, folder, looked, when, shared=shared)


def _check(province: Province, source_id: str, folder: Path, *, address: str, vendor: str) -> None:
    if not _ID.fullmatch(source_id):
        raise UsageError(
            f"mã nguồn «{source_id}» chỉ được có chữ thường không dấu, số và gạch ngang", advice="ví dụ: cam-lam"
        )
    if any(folder.glob("*.toml")) or any(folder.glob("*.csv")):  # the key of a server may lie there before
        raise UsageError(
            f"nguồn «{folder.name}» đã có: {folder}", advice="chọn mã khác, hoặc sửa các tệp trong thư mục đó"
        )
    if holds_secret(address):
        raise UsageError(
            "địa chỉ không được chứa tài khoản, mật khẩu hay mã truy cập",
            advice="lưu chúng thành bí mật (docs/add-a-source.md, bước 3), rồi chạy lại với --secret TÊN",
        )
    if vendor and not (province.folder / "vendors" / vendor).is_dir():
        known = ", ".join(sorted(p.name for p in (province.folder / "vendors").glob("*/")))
        raise UsageError(f"tỉnh chưa có hãng «{vendor}»", advice=f"các hãng: {known}; hãng mới thì bỏ --vendor")


@contextmanager
def _told_of_options(folder: Path) -> Iterator[None]:
    """What would be a mistake in source.toml is one of the options: the file is not there yet."""
    try:
        yield
    except ConfigError as error:
        if error.file.parent != folder:
            raise
        cause = error.cause.removeprefix(f"{error.file}: ")
        raise UsageError(cause, advice="sửa --address, --secret hoặc --connection rồi chạy lại") from None


def _kind(province: Province, kind: str, vendor: str) -> Kind:
    inherited = read_toml(province.folder / "vendors" / vendor / "vendor.toml").get("kind", "") if vendor else ""
    chosen = kind or inherited
    if chosen not in get_args(Kind):
        cause = f"không có loại hệ thống «{chosen}»" if chosen else "thiếu tùy chọn --kind"
        raise UsageError(cause, advice=f"các loại: {', '.join(get_args(Kind))}")
    return cast(Kind, chosen)


def _connection(kind: Kind, given: list[str]) -> Connection:
    """What [connection] will say."""
    model = connection_model(kind)
    known = f"các mục: {', '.join(model.model_fields)}"
    pairs = dict(text.partition("=")[::2] for text in given)
    try:
        return model.model_validate(pairs)
    except ValidationError as error:
        key = error.errors()[0]["loc"][0]
        raise UsageError(f"--connection {key}: không có mục này, hoặc giá trị không hợp lệ", advice=known) from None


def _provisional(draft: Draft, province: Province, folder: Path, settings: Connection, period: Period) -> SourceConfig:
    """The system as far as it can be reached: nothing of its tables is known."""
    systems = Settings().systems_folder / province.id
    address = draft.address.replace("{systems}", str(systems)).replace("{period}", period.id)
    hosts = {name.lower(): rules for name, rules in province.file.hosts.items()}
    found = SourceConfig(
        id=draft.id,
        name=draft.name,
        kind=cast(Kind, draft.kind),
        address=address,
        units=(),
        contact="đơn vị quản lý hệ thống",
        timeout_seconds=_LOOKING_SECONDS,
        folder=folder,
        tables={},
        status_map={},
        channel_map={},
        unit_map={},
        secret=draft.secret,
        connection=settings,
    )
    return replace(found, host_rules=hosts.get(found.host, Host()))

"""cchc doctor: is this machine fit to make a report? Each line is one check, and what to do where it fails."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator

import typer

from cli import console
from cli.console import out
from contracts import clock
from contracts.errors import CchcError, Exit, UsageError
from contracts.province import read_province
from contracts.settings import Settings

NEEDED_GB = 2
VIETNAMESE = "".join(chr(c) for c in range(0x1EA0, 0x1EFA)) + "ĂăÂâĐđÊêÔôƠơƯư–…≤"


def doctor() -> None:
    """Kiểm tra máy này: phiên bản, thư viện, phông chữ, cơ sở dữ liệu, đĩa, đồng hồ, cấu hình."""
    made = console.table("Mục", "Kết quả", "Chi tiết")
    failed = False
    for name, check in _checks():
        try:
            made.add_row(name, "[green]tốt", console.plain(check()))
        except CchcError as error:
            failed = True
            made.add_row(name, "[bold red]LỖI", console.plain(str(error)))
    out.print(made)
    raise typer.Exit(int(Exit.USAGE if failed else Exit.DONE))


def _checks() -> Iterator[tuple[str, Callable[[], str]]]:
    yield "Python", _python
    yield "Thư viện in PDF", _print_library
    yield "Phông chữ", _fonts
    yield "Thư mục dữ liệu", _home
    yield "Đĩa trống", _disk
    yield "Đồng hồ", _clock
    yield "Cấu hình tỉnh", _province
    yield "Kho số liệu", _warehouse
    yield "Không gửi dữ liệu ra ngoài", _quiet


def _python() -> str:
    if sys.version_info[:2] != (3, 11):
        raise UsageError(f"đang chạy Python {platform.python_version()}", advice="dùng Python 3.11")
    return platform.python_version()


def _print_library() -> str:
    try:
        import weasyprint
    except OSError as error:
        raise UsageError(
            "thiếu thư viện Pango hoặc HarfBuzz", advice="cài các gói trong setup/packages-run.txt"
        ) from error
    return f"WeasyPrint {weasyprint.__version__}"


def _fonts() -> str:
    from reporting.fonts import missing_glyphs

    missing = missing_glyphs(VIETNAMESE)
    if missing:
        raise UsageError(f"phông chữ thiếu: {missing}", advice="lấy lại thư mục report_templates/fonts từ bản cài đặt")
    return "Liberation Serif, đủ chữ tiếng Việt"


def _home() -> str:
    home = Settings().home
    try:
        home.mkdir(parents=True, exist_ok=True)
        probe = home / ".doctor"
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        raise UsageError(f"không ghi được vào {home}", advice="đặt CCHC_HOME vào thư mục ghi được") from error
    return str(home.resolve())


def _disk() -> str:
    home = Settings().home
    free = shutil.disk_usage(home if home.exists() else ".").free / 1e9
    if free < NEEDED_GB:
        raise UsageError(f"chỉ còn {free:.1f} GB".replace(".", ","), advice=f"cần ít nhất {NEEDED_GB} GB")
    return f"{free:.0f} GB"


def _clock() -> str:
    now = clock.now()
    if now.year < 2024:
        raise UsageError(f"đồng hồ máy chỉ {now:%d/%m/%Y}", advice="chỉnh lại ngày giờ của máy")
    fixed = " (cố định bằng CCHC_NOW)" if os.environ.get("CCHC_NOW") else ""
    return f"{now:%H:%M %d/%m/%Y} giờ Việt Nam{fixed}"


def _province() -> str:
    province = read_province(Settings().province_folder)
    return f"{province.name}: {len(province.source_ids())} nguồn, {len(province.units.units)} đơn vị"


def _warehouse() -> str:
    from warehouse.database import open_warehouse

    settings = Settings()
    engine = open_warehouse(settings.database_url(read_province(settings.province_folder).id))
    return engine.url.render_as_string(hide_password=True)


def _quiet() -> str:
    import flows  # noqa: F401  its import switches telemetry off

    off = os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false" and os.environ["DO_NOT_TRACK"] == "1"
    if not off:
        raise UsageError("thống kê sử dụng của Prefect đang bật", advice="đặt DO_NOT_TRACK=1")
    return "thống kê sử dụng của Prefect và Great Expectations đã tắt"

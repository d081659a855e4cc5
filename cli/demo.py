"""cchc demo: simulated district systems that stand in for the real ones."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

import demo as systems
from cli.console import err, figure, out
from cli.words import App
from contracts.errors import UsageError
from contracts.province import read_province
from contracts.settings import REPOSITORY, Settings

app = App(help="Hệ thống một cửa mô phỏng để chạy thử.")
SourceId = Annotated[str, typer.Argument(metavar="NGUỒN", help="Ví dụ: cam-lam.")]


@app.command()
def build(
    province: Annotated[str | None, typer.Argument(metavar="TỈNH", help="khanh-hoa hoặc phu-tho.")] = None,
    at: Annotated[str | None, typer.Option(metavar="NGÀY", help="Các hệ thống đã chạy đến hết ngày này.")] = None,
    seed: Annotated[int, typer.Option(metavar="SỐ", help="Hạt giống ngẫu nhiên.")] = systems.SEED,
) -> None:
    """Dựng các hệ thống mô phỏng, luôn giống nhau với cùng một hạt giống."""
    name = _province_id(province)
    with err.status(f"Dựng hệ thống mô phỏng của {name}") as shown:

        def progress(part: str) -> None:
            shown.update(f"Dựng hệ thống mô phỏng của {name}: {part}")

        built = systems.build(name, systems=Settings().systems_folder, at=_day(at), seed=seed, progress=progress)
    out.print(
        f"Đã dựng {len(built.sources)} hệ thống mô phỏng tại {built.folder}: {figure(built.dossiers)} hồ sơ, "
        f"đến hết ngày {built.at:%d/%m/%Y}",
        soft_wrap=True,
    )


@app.command("break")
def break_(source: SourceId) -> None:
    """Làm một hệ thống mô phỏng ngừng hoạt động."""
    systems.break_source(_province_id(None), _known(source), systems=Settings().systems_folder)
    out.print(f"Hệ thống {source} đã ngừng. Khôi phục: cchc demo mend {source}")


@app.command()
def mend(source: SourceId) -> None:
    """Cho hệ thống mô phỏng hoạt động trở lại."""
    systems.mend_source(_province_id(None), _known(source), systems=Settings().systems_folder)
    out.print(f"Hệ thống {source} đã hoạt động trở lại.")


def _province_id(name: str | None) -> str:
    """The given demonstration province, or the one that the command is about."""
    if name is None:
        return read_province(Settings().province_folder).id
    if not (REPOSITORY / "provinces" / name).is_dir():
        raise UsageError(f"không có tỉnh mô phỏng «{name}»", advice="dùng khanh-hoa hoặc phu-tho")
    return name


def _known(source: str) -> str:
    ids = read_province(Settings().province_folder).source_ids()
    if source not in ids:
        raise UsageError(f"không có nguồn «{source}»", advice=f"các nguồn: {', '.join(ids)}")
    return source


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageError(f"«{text}» không phải là ngày", advice="viết năm-tháng-ngày, ví dụ 2025-01-20") from None

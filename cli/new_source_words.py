"""What `cchc sources new` says at its end: what it found, what it could not know, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cli.console import out, plain
from contracts.errors import ConfigError
from contracts.periods import Period
from contracts.province import Province
from contracts.settings import Settings
from sources.exploring.drafting import advice_on, proposed_units
from sources.exploring.looking import Looked
from sources.exploring.proposal import Proposal


def say_draft(province: Province, folder: Path, looked: Looked, period: Period, *, shared: list[str]) -> None:
    """shared: what `answered_for_already` gave before the folder was there."""
    out.print(f"[bold green]Đã viết bản nháp:[/] {plain(str(folder))}", soft_wrap=True)
    for line in (*_found(looked.proposal), *_left(looked), *shared):
        out.print(f"  {plain(line)}", soft_wrap=True)
    command = "cchc" if str(Settings().province) == "provinces/khanh-hoa" else f"cchc --province {Settings().province}"
    out.print("Các bước tiếp theo (docs/add-a-source.md, từ bước 5):")
    for step in (
        "1. sửa các tệp trên, từng chỗ có ghi chú; chưa xong thì cchc run báo lỗi cấu hình và không chạy",
        f"2. {command} sources check {folder.name}",
        f"3. {command} rerun {period.id} --source {folder.name}, rồi so với số của chính đơn vị",
    ):
        out.print(f"  {plain(step)}", soft_wrap=True)


def answered_for_already(province: Province, looked: Looked, period: Period) -> list[str]:
    """Which of the proposed units another source answers for now."""
    try:
        known = province.sources(period=period, systems=Settings().systems_folder)
    except ConfigError:  # another unfinished folder: the check tells
        return []
    said = []
    for code in proposed_units(looked.agencies, province.units):
        name = province.units.by_agency(code).name
        owners = [source.id for source in known if code in source.units]
        said += [f"đơn vị {code} ({name}) đang thuộc nguồn {owner}: xem bước 8" for owner in owners]
    return said


def _found(proposal: Proposal | None) -> Iterator[str]:
    if proposal is None:
        return
    for table, called in ((proposal.dossiers, "hồ sơ"), (proposal.pauses, "các lần tạm dừng")):
        if table is None:
            yield "không thấy bảng các lần tạm dừng"
            continue
        known = sum(bool(c.source_column) for c in table.columns)
        yield f"bảng {called}: «{table.found.name}», {len(table.found.columns)} cột, nhận ra {known}"
        if table.found.note:
            yield f"  CHÚ Ý: {table.found.note}"
        if table.personal:
            yield f"  không đọc (dữ liệu cá nhân): {', '.join(table.personal)}"
    for found, matched in proposal.others:
        like = ", ".join(m.column for m in matched)
        yield f"bảng «{found.name}» cũng có cột giống {like}. {advice_on(found)}"


def _left(looked: Looked) -> Iterator[str]:
    """What could not be known, file by file."""
    yield "source.toml: ghi contact; kiểm tra units, address"
    if looked.proposal is not None:
        yield from _left_of_table(looked.proposal)
    if looked.agencies is None:
        yield "unit_map.csv: chưa đọc được mã đơn vị (không thấy cột, hoặc quá nhiều mã); ghi từng mã một dòng"
    elif strange := [c for c in looked.texts["unit_map.csv"].splitlines()[1:] if c.endswith("agencies.csv")]:
        yield f"unit_map.csv: {len(strange)} mã đơn vị riêng của hệ thống, chưa biết là đơn vị nào"


def _left_of_table(proposal: Proposal) -> Iterator[str]:
    for table in (proposal.dossiers, proposal.pauses):
        if table is not None and table.missing:
            lacking = ", ".join(table.missing)
            yield f"column_map.csv: bảng {table.name} chưa tìm thấy, hoặc chưa có quyền đọc, cột {lacking}"
    for name, file, target in (("status", "status_map.csv", "group"), ("channel", "channel_map.csv", "channel")):
        codes = proposal.codes[name]
        if codes is None:
            yield f"{file}: chưa đọc được mã (không thấy cột, hoặc quá nhiều giá trị); ghi từng mã một dòng"
        else:
            yield f"{file}: {len(codes)} mã; kiểm tra {target} đã điền, điền {target} còn trống"

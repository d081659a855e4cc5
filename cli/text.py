"""cchc text: what the drafting office writes of a report: a file out, its parts in, who wrote what."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import console
from cli.console import figure, out
from cli.words import App
from contracts.errors import Exit, UsageError

if TYPE_CHECKING:
    from contracts.report_parts import WrittenPart
    from flows.texts import Desk, Looked, Outcome, PartOutcome
    from reporting.written.markdown import Fault
    from warehouse.texts import ReportText

app = App(help="Phần chữ của báo cáo do cơ quan soạn thảo viết: lập tệp mẫu, nạp nội dung, xem ai viết gì.")
PeriodArgument = Annotated[str, typer.Argument(metavar="KỲ", help="Ví dụ: 2024Q4.")]
UnitOption = Annotated[
    str | None, typer.Option("--unit", metavar="MÃ", help="Báo cáo của đơn vị này (mặc định: của tỉnh).")
]
JsonOption = Annotated[bool, typer.Option("--json", help="In JSON cho máy đọc.")]
_NOT_WRITTEN = "chưa có nội dung"


@app.command("template")
def template(
    period: PeriodArgument,
    out_file: Annotated[Path, typer.Option("--out", metavar="TỆP", help="Tệp mẫu sẽ lập, ví dụ noi-dung.md.")],
    unit: UnitOption = None,
) -> None:
    """Lập tệp mẫu để viết: mỗi phần một mục, có gợi ý và nội dung đã nạp."""
    from flows.texts import write_template

    desk = _desk(period, unit)
    path = write_template(desk, out_file)
    out.print(f"[bold green]XONG[/] {console.plain(str(path))}: {console.plain(_whose(desk))}", soft_wrap=True)
    out.print(
        f"Mở bằng Notepad, viết dưới từng dòng “# …”, lưu lại, rồi nạp: cchc text add {desk.place.period.id}"
        f' {console.plain(str(path))}{desk.option} --by "Họ tên, chức vụ"',
        soft_wrap=True,
    )


def _desk(period: str, unit: str | None) -> Desk:
    from flows.place import find_place
    from flows.texts import Desk

    return Desk(find_place(period), unit)


def _whose(desk: Desk) -> str:
    return f"{desk.name}, {desk.place.period.label}"


@app.command("add")
def add(
    period: PeriodArgument,
    file: Annotated[Path, typer.Argument(metavar="TỆP", help="Tệp mẫu đã viết.")],
    *,
    unit: UnitOption = None,
    by: Annotated[str, typer.Option("--by", metavar="NGƯỜI", help="Họ tên, chức vụ người viết.")],
) -> None:
    """Nạp nội dung đã viết: phần nào mới, đã sửa, rút lại; tệp có lỗi bị trả lại cả tệp, kèm số dòng."""
    from flows.place import find_place
    from flows.texts import ENTERED, Fate, add_texts

    outcome = add_texts(find_place(period), file, unit_code=unit, by_whom=by)
    if outcome.faults:
        _say_refusal(file, outcome)
        raise typer.Exit(int(Exit.STOPPED_BY_CHECK))
    out.print(f"[bold]{console.plain(_whose(outcome.desk))}[/]", soft_wrap=True)
    for one in outcome.parts:
        _say_fate(one)
    entered = sum(one.fate in ENTERED for one in outcome.parts)
    refused = sum(one.fate is Fate.REFUSED for one in outcome.parts)
    unchanged = len(outcome.parts) - entered - refused
    out.print(f"\nNhận {figure(entered)} phần, không đổi {figure(unchanged)} phần, trả lại {figure(refused)} phần")
    for looked in outcome.looked:
        _say_looked(looked)
    _say_next(outcome.desk, entered=entered, refused=refused)


def _say_refusal(file: Path, outcome: Outcome) -> None:
    out.print(f"[bold red]TRẢ LẠI[/] {console.plain(file.name)}: không lưu gì từ tệp này", soft_wrap=True)
    for fault in outcome.faults:
        _say_fault("[red]Lỗi[/]", fault)
    out.print(f"Sửa {figure(len(outcome.faults))} chỗ trên rồi nạp lại")


def _say_fault(kind: str, fault: Fault) -> None:
    out.print(f"  {kind} dòng {fault.line}: {console.plain(f'{fault.wrong} → {fault.advice}')}", soft_wrap=True)


def _say_fate(one: PartOutcome) -> None:
    from flows.texts import Fate

    title, before = console.plain(one.part.title), one.before
    stood = f"lần {before.version} của {before.by_whom}, {_moment(before)}" if before else ""
    match one.fate:
        case Fate.NEW | Fate.CHANGED | Fate.TAKEN_BACK:
            assert one.entered is not None
            word = "RÚT LẠI" if one.fate is Fate.TAKEN_BACK else "NHẬN"
            said = f"[bold green]{word}[/] {title}: {one.fate.value}, lần {one.entered.version}"
            out.print(said + (f" (thay {console.plain(stood)})" if before else ""), soft_wrap=True)
        case Fate.KEPT:
            said = f"{title}: giữ {console.plain(stood)}; tệp này lập trước đó và không sửa phần này"
            out.print(f"[bold]GIỮ NGUYÊN[/] {said}", soft_wrap=True)
        case Fate.REFUSED:
            said = f"{title}: đã có {console.plain(stood)}, sau khi lập tệp này"
            out.print(f"[bold red]TRẢ LẠI[/] {said}; không ghi đè", soft_wrap=True)
        case _:
            return


def _say_looked(looked: Looked) -> None:
    """Computed figures as they stand now, then what nobody computed."""
    number = console.plain(looked.part.number)
    if looked.quoted:
        said = "; ".join(f"{name} = {value}" for name, value in looked.quoted)
        out.print(f"Phần {number}, số phần mềm điền: {console.plain(said)}", soft_wrap=True)
    if looked.typed:
        said = ", ".join(f"dòng {one.line}: «{one.text}»" for one in looked.typed)
        out.print(
            f"Phần {number}, con số gõ tay, phần mềm không kiểm ({figure(len(looked.typed))}): {console.plain(said)}",
            soft_wrap=True,
        )
    for fault in looked.remarks:
        _say_fault("[yellow]Lưu ý[/]", fault)


def _say_next(desk: Desk, *, entered: int, refused: int) -> None:
    period = desk.place.period.id
    if entered:
        out.print(f"\nIn bản mới: cchc report {period}{desk.option}", soft_wrap=True)
    if refused:
        form = f"cchc text template {period}{desk.option} --out TỆP.md"
        out.print(
            f"Phần bị trả lại: lập tệp mẫu mới ({form}), thống nhất với người đã sửa, viết vào đó rồi nạp lại",
            soft_wrap=True,
        )
        raise typer.Exit(int(Exit.STOPPED_BY_CHECK))


def _moment(one: ReportText) -> str:
    """08:00 16/12/2024, in Vietnam."""
    from reporting.formats import stamp_text

    return stamp_text(one.at)


@app.command("show")
def show(period: PeriodArgument, unit: UnitOption = None, as_json: JsonOption = False) -> None:
    """Nội dung đang có của từng phần: ai viết, lúc nào, số nào phần mềm điền, số nào gõ tay."""
    desk = _desk(period, unit)
    stands = {part: one for part, one in desk.newest().items() if one.text}
    if as_json:
        typer.echo(json.dumps([_plain(one) for one in stands.values()], ensure_ascii=False, indent=1))
        return
    out.print(f"[bold]{console.plain(_whose(desk))}[/]", soft_wrap=True)
    for part in desk.outline:
        _say_part(desk, part, stands.get(part.id))
    out.print(f"\nĐã viết {figure(len(stands))}/{figure(len(desk.outline))} phần")


def _say_part(desk: Desk, part: WrittenPart, one: ReportText | None) -> None:
    title = f"\n[bold]{console.plain(part.title)}[/]"
    if one is None:
        out.print(f"{title}: {_NOT_WRITTEN}", soft_wrap=True)
        return
    out.print(f"{title} – lần {one.version}, {console.plain(one.by_whom)}, {_moment(one)}", soft_wrap=True)
    out.print(console.plain(one.text), soft_wrap=True)
    _say_looked(desk.look(part, one.text))


def _plain(one: ReportText) -> dict[str, Any]:
    return vars(one) | {"at": one.at.isoformat()}


@app.command("history")
def history(
    period: PeriodArgument,
    unit: UnitOption = None,
    part: Annotated[
        str | None, typer.Option("--part", metavar="PHẦN", help="Chỉ phần này, kèm nội dung từng lần: I, II.3 …")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Mọi lần nạp: phần nào, ai, lúc nào; không lần nào bị xóa."""
    desk = _desk(period, unit)
    wanted = _wanted(desk, part)
    rows = [one for one in desk.history() if part is None or one.part == wanted]
    if as_json:
        typer.echo(json.dumps([_plain(one) for one in rows], ensure_ascii=False, indent=1))
        return
    if not rows:
        out.print(f"{console.plain(_whose(desk))}: {_NOT_WRITTEN}", soft_wrap=True)
        return
    titles = {one.id: one.title for one in desk.outline}
    made = console.table("Phần", "Lần", "Chữ", "Người nạp", "Lúc", right=("Lần", "Chữ"), title=_whose(desk))
    for one in rows:
        size = figure(len(one.text)) if one.text else "rút lại"
        cells = (titles.get(one.part, one.part), str(one.version), size, one.by_whom, _moment(one))
        made.add_row(*map(console.plain, cells))
    out.print(made)
    if part is not None:
        for one in rows:
            out.print(f"\n[bold]Lần {one.version}[/]\n{console.plain(one.text or 'rút lại')}", soft_wrap=True)


def _wanted(desk: Desk, part: str | None) -> str | None:
    """The part's id, by which or by whose number it was asked for."""
    if part is None:
        return None
    found = next(
        (one.id for one in desk.outline if part.rstrip(".").casefold() in (one.id, one.number.casefold())), None
    )
    if found is None:
        known = ", ".join(one.number for one in desk.outline)
        raise UsageError(f"báo cáo không có phần «{part}»", advice=f"các phần: {known}")
    return found

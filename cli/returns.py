"""cchc returns: forms out to the units, and what they report beyond their dossiers in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import console
from cli.console import figure, out
from cli.words import App
from contracts.answers import Answer, Received
from contracts.clock import VIETNAM
from contracts.errors import Exit, UsageError

if TYPE_CHECKING:
    from contracts.return_form import Form
    from flows.place import Place
    from flows.returns import Outcome

app = App(help="Phiếu báo cáo các chỉ tiêu không có trong hồ sơ: lập phiếu mẫu, nhận phiếu, xem ai đã gửi và gửi gì.")
PeriodArgument = Annotated[str, typer.Argument(metavar="KỲ", help="Ví dụ: 2024Q4.")]
JsonOption = Annotated[bool, typer.Option("--json", help="In JSON cho máy đọc.")]
UnitOption = Annotated[str | None, typer.Option("--unit", metavar="MÃ", help="Chỉ đơn vị này (mã định danh hoặc GSO).")]
_NOT_RECEIVED = "chưa nhận"


@app.command("template")
def template(
    period: PeriodArgument,
    unit: Annotated[
        list[str] | None,
        typer.Option("--unit", metavar="MÃ", help="Chỉ đơn vị này (lặp lại được); mặc định: mọi đơn vị."),
    ] = None,
    out_folder: Annotated[
        Path | None,
        typer.Option("--out", metavar="THƯ_MỤC", help="Nơi đặt phiếu (mặc định: <CCHC_HOME>/…/return-forms)."),
    ] = None,
) -> None:
    """Lập phiếu mẫu Excel cho từng đơn vị có trong kỳ."""
    from flows.place import find_place
    from flows.returns import write_forms

    place = find_place(period)
    folder = out_folder or place.home / "return-forms"
    made = list(write_forms(place, folder, codes=unit or ()))
    if not made:
        raise UsageError(
            f"kỳ {period} không hỏi đơn vị nào", advice="xem contracts/data/returns.toml, returns.toml của tỉnh"
        )
    out.print(
        f"[bold green]XONG[/] {figure(len(made))} phiếu trong {console.plain(str(made[0].parent))}", soft_wrap=True
    )


@app.command("add")
def add(
    files: Annotated[list[Path], typer.Argument(metavar="TỆP", help="Phiếu .xlsx đã điền, hoặc thư mục có các phiếu.")],
    period: Annotated[str | None, typer.Option("--period", metavar="KỲ", help="Chỉ nhận phiếu của kỳ này.")] = None,
) -> None:
    """Nhận phiếu đã điền: kiểm tra từng ô; phiếu có lỗi bị trả lại cả phiếu, phiếu khác vẫn được nhận."""
    from flows.returns import add_returns

    outcomes = add_returns(files, period=period)
    for outcome in outcomes:
        _say_outcome(outcome)
    refused = sum(o.refused for o in outcomes)
    out.print(f"\nNhận {figure(len(outcomes) - refused)} phiếu, trả lại {figure(refused)} phiếu")
    if refused:
        raise typer.Exit(int(Exit.STOPPED_BY_CHECK))


def _say_outcome(outcome: Outcome) -> None:
    whose = f" – {outcome.form.unit.name}, {outcome.form.period.label}" if outcome.form else ""
    name = console.plain(f"{outcome.file.name}{whose}")
    if outcome.received is None:
        out.print(f"[bold red]TRẢ LẠI[/] {name}: không lưu gì từ phiếu này", soft_wrap=True)
    elif outcome.is_new:
        content = outcome.received.content
        counts = f"{content.filled} chỉ tiêu có trả lời, {content.missing} chưa có"
        changed = f"; thay phiếu trước, khác {len(outcome.changed)} chỉ tiêu" if outcome.received.number > 1 else ""
        out.print(f"[bold green]NHẬN[/] {name}: lần {outcome.received.number}, {counts}{changed}", soft_wrap=True)
    else:
        out.print(f"[bold]ĐÃ CÓ[/] {name}: đúng tệp đã nhận lần {outcome.received.number}", soft_wrap=True)
    for remark in outcome.remarks:
        kind = "[red]Lỗi[/]" if remark.is_error else "[yellow]Lưu ý[/]"
        place = f"{remark.place}: " if remark.place else ""
        out.print(f"  {kind} {console.plain(f'{place}{remark.wrong} → {remark.advice}')}", soft_wrap=True)


@app.command("list")
def list_units(period: PeriodArgument, as_json: JsonOption = False) -> None:
    """Đơn vị nào đã gửi, gửi lúc nào, điền được bao nhiêu."""
    place, asked = _asked(period)
    from warehouse import returned

    known = returned.newest(place.open_warehouse(), place.period.id)
    rows = [_state(form, known.get(form.unit.agency_code)) for form in asked]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    right = ("Lần", "Có trả lời", "Chưa có")
    made = console.table("Mã", "Đơn vị", "Tình trạng", *right, right=right, title=f"Kỳ {period}")
    for row in rows:
        when = f"nhận {_moment(row['received_at'])}" if row["received_at"] else f"[bold red]{_NOT_RECEIVED}"
        counts = [figure(row[name]) for name in ("number", "filled", "missing")]
        made.add_row(row["unit"], console.plain(row["name"]), when, *counts)
    out.print(made)
    received = sum(row["received_at"] is not None for row in rows)
    out.print(f"Đã nhận {figure(received)}/{figure(len(rows))} phiếu")


def _moment(written: str) -> str:
    """16/12/2024 08:00, in Vietnam."""
    return f"{datetime.fromisoformat(written).astimezone(VIETNAM):%d/%m/%Y %H:%M}"


def _asked(period: str) -> tuple[Place, list[Form]]:
    from flows.place import find_place
    from reporting.returns.gather import forms

    place = find_place(period)
    return place, list(forms(place.province, place.period))


def _state(form: Form, received: Received | None) -> dict[str, Any]:
    known = {"unit": form.unit.agency_code, "name": form.unit.name, "level": form.unit.level.value}
    if received is None:
        return known | dict.fromkeys(("number", "received_at", "filled", "sha256")) | {"missing": len(form.lines)}
    content = received.content
    return known | {
        "number": received.number,
        "received_at": received.received_at.isoformat(),
        "filled": content.filled,
        "sha256": received.sha256,
        "missing": content.missing,
    }


@app.command("show")
def show(
    period: PeriodArgument,
    unit: Annotated[str, typer.Option("--unit", metavar="MÃ", help="Mã đơn vị.")],
    as_json: JsonOption = False,
) -> None:
    """Một phiếu đã nhận: từng chỉ tiêu, tài liệu kiểm chứng, ai lập, ai duyệt."""
    place, asked = _asked(period)
    form = _of_unit(asked, unit, period)
    from warehouse import returned

    received = returned.newest(place.open_warehouse(), place.period.id).get(form.unit.agency_code)
    if received is None:
        raise UsageError(f"chưa nhận phiếu kỳ {period} của {form.unit.name}", advice="cchc returns add TỆP")
    if as_json:
        document = _head(received) | {"answers": [_plain(a) for a in received.content.answers]}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
        return
    _show(form, received)


def _of_unit(asked: Iterable[Form], code: str, period: str) -> Form:
    found = next((f for f in asked if code in (f.unit.agency_code, f.unit.unit_code)), None)
    if found is None:
        raise UsageError(f"không có đơn vị mã «{code}» trong kỳ {period}", advice=f"cchc returns list {period}")
    return found


def _head(received: Received) -> dict[str, Any]:
    content = received.content
    return {
        "unit": content.agency_code,
        "period": content.period_id,
        "number": received.number,
        "received_at": received.received_at.isoformat(),
        "file_name": received.file_name,
        "sha256": received.sha256,
        "prepared_by": content.prepared_by,
        "prepared_on": content.prepared_on.isoformat(),
        "approved_by": content.approved_by,
        "document": content.document,
    }


def _plain(answer: Answer) -> dict[str, Any]:
    return {
        "indicator": answer.indicator,
        "state": answer.state.value,
        "numerator": answer.numerator,
        "denominator": answer.denominator,
        "amount": None if answer.amount is None else str(answer.amount),
        "text": answer.text,
        "evidence": answer.evidence,
        "note": answer.note,
        "cell": answer.cell,
    }


def _show(form: Form, received: Received) -> None:
    from reporting.returns.texts import given_text

    content = received.content
    labels = {line.id: line for line in form.lines}
    out.print(f"[bold]{console.plain(form.unit.name)}[/] – {form.period.label}, lần {received.number}", soft_wrap=True)
    approved = content.approved_by or "chưa ghi"
    said = f"Lập: {content.prepared_by}, ngày {content.prepared_on:%d/%m/%Y}; duyệt: {approved}"
    out.print(console.plain(f"{said}; văn bản: {content.document or 'không ghi'}"), soft_wrap=True)
    out.print(console.plain(f"Tệp {received.file_name}, SHA-256 {received.sha256}"), soft_wrap=True)
    made = console.table("Chỉ tiêu", "Đơn vị tính", "Số liệu", "Tài liệu kiểm chứng", "Ghi chú", right=("Số liệu",))
    for answer in content.answers:
        line = labels.get(answer.indicator)
        label, measure = (line.label, line.unit) if line else (answer.indicator, "")
        made.add_row(*map(console.plain, (label, measure, given_text(answer), answer.evidence, answer.note)))
    out.print(made)


@app.command("changes")
def changes(period: PeriodArgument, unit: UnitOption = None, as_json: JsonOption = False) -> None:
    """Chỉ tiêu nào đã đổi giữa các lần gửi: cũ, mới, ai, lúc nào."""
    place, asked = _asked(period)
    from warehouse import returned

    code = _of_unit(asked, unit, period).unit.agency_code if unit else None
    rows = list(_changes(returned.history(place.open_warehouse(), place.period.id, code)))
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    if not rows:
        out.print(f"Kỳ {period}: không có chỉ tiêu nào thay đổi giữa các lần gửi")
        return
    labels = {line.id: line.label for form in asked for line in form.lines}
    made = console.table("Đơn vị", "Chỉ tiêu", "Cũ", "Mới", "Lần", "Người lập", "Nhận lúc", right=("Cũ", "Mới", "Lần"))
    for row in rows:
        label = labels.get(row["indicator"], row["indicator"])
        when = _moment(row["received_at"])
        cells = (row["unit"], label, row["old"], row["new"], str(row["number"]), row["prepared_by"], when)
        made.add_row(*map(console.plain, cells))
    out.print(made)


def _changes(history: Sequence[Received]) -> Iterable[dict[str, Any]]:
    """Each return beside the one before of the same unit."""
    from reporting.returns.texts import change_texts
    from transforms.returned import changes as changes_of

    for before, after in pairwise(history):
        if before.content.agency_code != after.content.agency_code:
            continue
        for change in changes_of(before.content, after.content):
            old, new = change_texts(change)
            yield {
                "unit": after.content.agency_code,
                "indicator": change.indicator,
                "old": old,
                "new": new,
                "number": after.number,
                "prepared_by": after.content.prepared_by,
                "received_at": after.received_at.isoformat(),
            }

"""cchc status: each source's state, each report's version, at a glance or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import console
from cli.console import figure, out, plain
from cli.files import documents, short_line, whole_lines
from contracts.codes import STATE_LABELS, PartitionState
from contracts.errors import UsageError
from contracts.source_config import SourceConfig

if TYPE_CHECKING:
    from rich.table import Table

    from flows.place import Place
    from flows.restated import Standing
    from warehouse.ledger import Partition
    from warehouse.printed import VersionKey
    from warehouse.register import ReportVersion
    from warehouse.report_files import ReportFile
    from warehouse.signed_copies import SignedCopy

    Days = Sequence[date]
    Files = Mapping[VersionKey, tuple[ReportFile, ...]]
    Signed = Mapping[VersionKey, SignedCopy]
    Remarks = Mapping[str, Sequence[str]]
    Sources = Sequence[tuple[SourceConfig, Partition | None]]
    Reports = Sequence[tuple[ReportVersion, Standing]]


def status(
    period: Annotated[str | None, typer.Argument(metavar="KỲ", help="Kỳ báo cáo; bỏ trống: kỳ mới nhất.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON cho máy đọc.")] = False,
    as_files: Annotated[
        bool, typer.Option("--files", help="Chỉ in mã SHA-256 đầy đủ của từng tệp, như lệnh sha256sum.")
    ] = False,
) -> None:
    """Trạng thái từng nguồn và phiên bản từng báo cáo."""
    from cli.watchdog import document_of, sentence
    from contracts import clock
    from flows.overdue import overdue
    from flows.place import find_place, latest_period, stored_days
    from flows.remarks import remarks
    from flows.restated import standings
    from warehouse import ledger, register, report_files, signed_copies
    from warehouse.locks import going_on

    name = period or latest_period()
    if name is None:
        raise UsageError("chưa có kỳ nào được chạy", advice="cchc run 2024Q4")
    place = find_place(name)
    engine = place.open_warehouse()
    known = {p.source_id: p for p in ledger.partitions(engine, place.period.id)}
    sources = [(s, known.get(s.id)) for s in place.sources()]
    newest = {v.key: v for v in register.versions(engine, place.period.id)}
    stands = standings(engine, place.period.id, newest.values())
    reports = [(v, stands[v.key]) for v in newest.values()]
    signed = {one.version_key: one for one in signed_copies.copies(engine, place.period.id)}
    files = {v.version_key: report_files.files_of(engine, v.version_key) for v in newest.values()}
    if as_files:
        _show_files(reports, files, signed)
        return
    days, runs_now = stored_days(place), going_on(engine, place.period.id) is not None
    told = remarks(engine, place.period.id)
    late = overdue(engine, place.province, clock.now())
    if as_json:
        document = _document(place, days, sources, reports, told, signed=signed, files=files)
        document["running"] = runs_now
        document["at_sources"] = _at_sources(place)
        document["overdue"] = [document_of(one) for one in late]
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        _show(place, days, sources, reports, told, signed=signed, files=files, runs_now=runs_now)
        for one in late:
            out.print(f"[bold red]CẦN XỬ LÝ:[/] {plain(sentence(one))} → {plain(one.command)}", soft_wrap=True)


def _at_sources(place: Place) -> list[dict[str, Any]]:
    from warehouse.locks import at_sources

    found = at_sources(place.open_warehouse(), place.period.id)
    return [
        {"source": source_id, "pid": one.pid, "host": one.host, "since": one.since.isoformat()}
        for source_id, one in found.items()
    ]


def _show_files(reports: Reports, files: Files, signed: Signed) -> None:
    for v, _ in reports:
        for line in whole_lines(v.path, v.sha256, files[v.version_key]):
            typer.echo(line)
        if copy := signed.get(v.version_key):
            typer.echo(f"{copy.sha256}  {copy.path}")


def _document(
    place: Place, days: Days, sources: Sources, reports: Reports, told: Remarks, *, signed: Signed, files: Files
) -> dict[str, Any]:
    """as_of: null while its sources are of several days."""
    span = place.period.forms.until(days[-1])
    return {
        "province": place.province.id,
        "period": place.period.id,
        "from": span.first_day.isoformat(),
        "to": span.last_day.isoformat(),
        "as_of": days[-1].isoformat() if len(days) == 1 else None,
        "sources": [_source(source, p) | {"remarks": told.get(source.id, [])} for source, p in sources],
        "reports": [
            {
                "scope": v.scope,
                "unit_code": v.unit_code,
                "version": v.version,
                "status": _status(v, standing),
                "stage": standing.stage.value,
                "path": str(v.path),
                "sha256": v.sha256,
                "pages": v.pages,
                "published_version": standing.published.version if standing.published else None,
                "restated": standing.restated,
                "code": v.input_digest,
                "files": documents(files[v.version_key]),
                "signed": signed[v.version_key].path if v.version_key in signed else None,
            }
            for v, standing in reports
        ],
    }


def _source(source: SourceConfig, p: Partition | None) -> dict[str, Any]:
    if p is None:
        return {
            "id": source.id,
            "name": source.name,
            "state": PartitionState.EXPECTED.value,
            "attempt": 0,
        } | dict.fromkeys(("as_of", "rows", "accepted", "quarantined", "error"))
    return {
        "id": source.id,
        "name": source.name,
        "state": p.state.value,
        "attempt": p.attempt,
        "as_of": p.as_of.isoformat() if p.as_of else None,
        "rows": p.rows,
        "accepted": p.accepted,
        "quarantined": p.quarantined,
        "error": p.error,
    }


def _show(
    place: Place,
    days: Days,
    sources: Sources,
    reports: Reports,
    told: Remarks,
    *,
    signed: Signed,
    files: Files,
    runs_now: bool,
) -> None:
    _say_head(place, days, runs_now=runs_now)
    out.print(_table(sources, with_days=len(days) > 1))
    console.say_remarks({source.id: told.get(source.id, []) for source, _ in sources})
    for source, p in sources:
        if p is not None and p.error:
            console.say_missing(source.id, p.error, p.advice, contact=source.contact)
    _say_notices(place)
    for v, standing in reports:
        state = _state_words(v, standing) + (", đã ký" if v.version_key in signed else "")
        out.print(f"  {v.path}  (bản {v.version}, {v.pages} trang, {state})", soft_wrap=True)
        out.print(f"    {short_line(v.sha256, files[v.version_key])}", soft_wrap=True)
        for warning in _warnings(place, v, standing):
            out.print(f"    [bold yellow]LƯU Ý:[/] {plain(warning)}", soft_wrap=True)


def _say_head(place: Place, days: Days, *, runs_now: bool) -> None:
    from warehouse.locks import at_sources

    as_of, several = days[-1], f"{len(days)} ngày chốt" if len(days) > 1 else ""
    span = place.period.forms.until(as_of)
    out.print(
        f"[bold]{place.province.name} · {place.period.label}[/] "
        f"({span.first_day:%d/%m/%Y} – {span.last_day:%d/%m/%Y}, {several or f'chốt {as_of:%d/%m/%Y}'})"
    )
    if runs_now:
        waiting = "chờ lượt đó xong rồi xem lại" + (f"; lúc này số liệu các nguồn có {several}" if several else "")
        out.print(f"[bold yellow]ĐANG CHẠY{_since(place)}:[/] {waiting}", soft_wrap=True)
        for source_id, one in at_sources(place.open_warehouse(), place.period.id).items():
            out.print(f"  nguồn {source_id} do {plain(str(one))}", soft_wrap=True)
    elif several:
        out.print(
            f"[bold red]BỊ NGẮT GIỮA CHỪNG:[/] số liệu của các nguồn có {several}; chạy tiếp: cchc run"
            f" {place.period.id}",
            soft_wrap=True,
        )
    if as_of < place.period.cut_off:
        out.print(
            f"[bold yellow]XEM TRƯỚC:[/] kỳ chưa kết thúc, số liệu mới đến hết ngày {as_of:%d/%m/%Y};"
            f" ngày chốt kỳ là {place.period.cut_off:%d/%m/%Y}",
            soft_wrap=True,
        )


def _since(place: Place) -> str:
    """From when on; "" of work that is no run of a period, which prints reports or returns."""
    from flows.overdue import moment
    from warehouse import runs

    last = next(reversed(runs.runs(place.open_warehouse(), place.period.id)), None)
    return f", từ {moment(last.began_at)}" if last is not None and last.ended_at is None else ""


def _table(sources: Sources, *, with_days: bool) -> Table:
    """with_days: up to which day each source was counted."""
    figures = ("Lần", "Hồ sơ", "Hợp lệ", "Bị loại")
    last = ("Đến ngày", "Đọc lúc") if with_days else ("Đọc lúc",)
    made = console.table("Nguồn", "Trạng thái", *figures, *last, right=figures)
    for source, p in sources:
        if p is None:
            made.add_row(source.id, STATE_LABELS[PartitionState.EXPECTED], *[""] * (len(figures) + len(last)))
            continue
        style = "[bold red]" if p.state in {PartitionState.FAILED, PartitionState.NOT_RECEIVED} else ""
        is_over = bool(style) and p.quarantined is None  # the last good reading's, and its figures do not stand
        rows, read_at = (None, None) if is_over else (p.rows, p.extracted_at)
        counts = map(figure, (p.attempt, rows, p.accepted, p.quarantined))
        when = f"{read_at:%d/%m/%Y %H:%M}" if read_at else ""
        until = f"{p.as_of:%d/%m/%Y}" if p.as_of and p.state is PartitionState.LOADED else ""
        made.add_row(source.id, f"{style}{STATE_LABELS[p.state]}", *counts, *((until,) if with_days else ()), when)
    return made


def _say_notices(place: Place) -> None:
    from flows.notices.health import remark

    if said := remark(place.open_warehouse(), place.province):
        out.print(f"[bold yellow]LƯU Ý[/] {plain(said)}", soft_wrap=True)


def _status(newest: ReportVersion, standing: Standing) -> str:
    """Of the newest version: published, or what it was entered as."""
    is_published = standing.published is not None and standing.published.version == newest.version
    return "published" if is_published else newest.status


def _state_words(newest: ReportVersion, standing: Standing) -> str:
    from warehouse.stages import STAGE_LABELS, Stage

    one, stage = standing.published, standing.stage
    said = f"{STAGE_LABELS[stage]}, chưa công bố" if stage in {Stage.CHECKED, Stage.APPROVED} else "chưa công bố"
    if one is None:
        return said
    if one.version == newest.version:
        return f"đã công bố ngày {one.at:%d/%m/%Y}"
    return f"{said}; bản {one.version} đã công bố ngày {one.at:%d/%m/%Y}"


def _warnings(place: Place, newest: ReportVersion, standing: Standing) -> Iterator[str]:
    """Published figures that moved, and a published file that is no longer what was published."""
    one = standing.published
    if one is None:
        return
    wanted = f" --unit {newest.unit_code}" if newest.scope == "unit" else ""
    if standing.restated:
        yield (
            f"bản {newest.version} thay đổi {figure(standing.restated)} số liệu đã công bố ở bản {one.version};"
            f" xem: cchc restated {place.period.id}{wanted}"
        )
    elif standing.restated is None:
        yield f"không so được bản {newest.version} với bản {one.version} đã công bố: in bằng bản cchc cũ"
    if not standing.file_is_whole:
        yield f"tệp của bản {one.version} đã công bố không còn hoặc đã bị sửa: khôi phục từ bản sao lưu"

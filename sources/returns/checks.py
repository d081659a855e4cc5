"""What must hold between the figures of a return."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from contracts.answers import Answer, percentage
from contracts.return_form import Column, Form, cell_name
from contracts.returned import Asked, Kind, State
from sources.returns.remarks import Remark

_SHOWN = 6


def check_figures(form: Form, answers: Iterable[Answer]) -> Iterator[Remark]:
    """Numerators within denominators, parts within their whole, and figures without evidence."""
    known = {answer.indicator: answer for answer in answers}
    places = {line.id: (sheet, row) for sheet, rows in form.sheets.items() for row, line in rows}
    for line in form.lines:
        if (answer := known.get(line.id)) is None:
            continue
        place = _place(*places[line.id], line)
        if wrong := _share(line, answer) or _part(line, answer, known, form):
            yield Remark(place, f"{line.label}: {wrong}", "kiểm tra lại các số rồi sửa")
    yield from _bare(known)


def _place(sheet: str, row: int, line: Asked) -> str:
    return f"{sheet}!{cell_name(row, Column.NUMERATOR if line.kind is Kind.SHARE else Column.VALUE)}"


def _share(line: Asked, answer: Answer) -> str:
    if line.kind is not Kind.SHARE or answer.numerator is None or answer.denominator is None:
        return ""
    above = answer.numerator > answer.denominator
    return f"tử số {answer.numerator} lớn hơn mẫu số {answer.denominator}" if above else ""


def _part(line: Asked, answer: Answer, known: Mapping[str, Answer], form: Form) -> str:
    """A part of another line cannot be more than that line."""
    whole = known.get(line.part_of)
    if whole is None:
        return ""
    name = next(other.label for other in form.lines if other.id == line.part_of)
    if answer.state is whole.state is State.APPROXIMATE:
        mine, theirs = percentage(answer.text), percentage(whole.text)
        above = mine is not None and theirs is not None and mine > theirs
        return f"{answer.text} lớn hơn {whole.text} của «{name}»" if above else ""
    if answer.numerator is None or whole.numerator is None:
        return ""
    if answer.denominator != whole.denominator:
        return f"mẫu số {answer.denominator} khác mẫu số {whole.denominator} của «{name}»"
    above = answer.numerator > whole.numerator
    return f"số {answer.numerator} lớn hơn số {whole.numerator} của «{name}»" if above else ""


def _bare(known: Mapping[str, Answer]) -> Iterator[Remark]:
    """Lines left blank, and figures that nothing proves: both are stored, and told of."""
    if blank := [a.cell for a in known.values() if a.state is State.UNANSWERED]:
        said = f"{len(blank)} chỉ tiêu bỏ trống, được tính là thiếu: {_listed(blank)}"
        yield Remark("", said, "điền số, hoặc chọn «Chưa có số liệu», «Không thuộc phạm vi»", is_error=False)
    if bare := [a.cell for a in known.values() if a.state is State.GIVEN and not a.evidence]:
        said = f"{len(bare)} chỉ tiêu có số liệu chưa ghi tài liệu kiểm chứng: {_listed(bare)}"
        yield Remark("", said, "bổ sung ở cột Tài liệu kiểm chứng khi gửi lại", is_error=False)


def _listed(cells: Sequence[str]) -> str:
    more = f" và {len(cells) - _SHOWN} ô khác" if len(cells) > _SHOWN else ""
    return "; ".join(cells[:_SHOWN]) + more

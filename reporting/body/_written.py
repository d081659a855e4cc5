"""What the drafting office wrote of a part, or that it has not."""

from __future__ import annotations

from reporting.body._draft import Draft
from reporting.fonts import printable
from reporting.inputs import WrittenText
from reporting.page import Block, Missing, Note, Written
from reporting.written import markdown

NOTHING = "Chưa có nội dung: cơ quan soạn thảo bổ sung."


def written(draft: Draft, part: str, *, needed: bool = True) -> tuple[Block, ...]:
    """The office's words of that part (contracts.report_parts). needed: whether their absence is told; it is not where
    computed text stands beside it."""
    found = draft.texts.get(part)
    if found is None or not found.text:
        return (Missing(NOTHING),) if needed else ()
    return (_block(draft, found),)


def _block(draft: Draft, found: WrittenText) -> Written | Missing:
    """A text is looked at when it is added. One that no longer can be printed – a letter that new fonts lack – stops no
    report, and is not passed over."""
    reading = markdown.read(found.text)
    if reading.faults:
        fault = reading.faults[0]
        why = f"dòng {fault.line}: {fault.wrong}"
        said = f"Nội dung đã viết (lần {found.version}) không in được, {why}; cơ quan soạn thảo sửa lại."
        return Missing(printable(said, longest=300))
    return Written(markdown.markup(reading.pieces, draft.quoted.text), _notes(draft) if reading.places else ())


def _notes(draft: Draft) -> tuple[Note, ...]:
    """Figures in these words lack what those of the tables lack."""
    marks = draft.scope.marks(draft.scope.codes)
    if not marks:
        return ()
    return (
        Note("", f"Số liệu phần mềm điền ở trên chưa đầy đủ: xem mục “Mức độ đầy đủ” ở trang 1, ghi chú ({marks})."),
    )

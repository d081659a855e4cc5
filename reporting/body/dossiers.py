"""Area 2, administrative procedures: received and resolved, the named ratios, the 766 item, on time by unit."""

from __future__ import annotations

from collections.abc import Iterator

from contracts.codes import Series
from contracts.regulations import first_citation
from reporting import index766, narrative, ratios
from reporting.annexes import over_time
from reporting.body._draft import Draft
from reporting.body._returned import returned
from reporting.charts import on_time
from reporting.charts.channels import channels_of
from reporting.charts.trend import trend_of
from reporting.page import Block, Heading, Paragraph
from transforms.over_time import within

AREA = 2
_NAMED = "Mỗi tỷ lệ “đúng hạn” dưới đây có tên, cách tính, tử số và mẫu số riêng; chỉ so sánh các tỷ lệ cùng tên."


def blocks(draft: Draft) -> tuple[Block, ...]:
    letters = iter("abcdđeghik")
    found: list[Block] = []
    for title, content in _sections(draft):
        found += [Heading("4", f"{next(letters)}) {title}"), *content]
    return tuple(found)


def _sections(draft: Draft) -> Iterator[tuple[str, list[Block]]]:
    yield "Tình hình tiếp nhận, giải quyết hồ sơ", list(_results(draft))
    if filed := list(_channels(draft)):
        yield "Hình thức tiếp nhận hồ sơ", filed
    yield "Các tỷ lệ và thay đổi so với kỳ trước", list(_ratios(draft))
    if trend := list(_trend(draft)):
        yield "Tỷ lệ A qua các kỳ", trend
    if draft.progress is not None:
        yield "Tiến độ giải quyết theo chỉ số 766 (ước tính)", list(_index(draft))
    yield f"Tỷ lệ giải quyết đúng hạn theo {_subject(draft)}", list(_on_time(draft))
    if found := returned(draft, AREA):
        yield "Công khai, rà soát thủ tục hành chính; tiếp nhận phản ánh, kiến nghị", list(found)


def _results(draft: Draft) -> Iterator[Block]:
    yield from map(Paragraph, narrative.results_paragraphs(draft.origin, draft.who))
    table = narrative.level_table(draft.origin, caption="Kết quả theo cấp giải quyết")
    if table is not None:
        yield draft.numbers.table(table)


def _ratios(draft: Draft) -> Iterator[Block]:
    yield Paragraph(" ".join((_NAMED, *over_time.not_compared(draft.input, draft.origin))))
    yield draft.numbers.table(ratios.ratio_table(draft.origin, caption="Các tỷ lệ, kèm tử số và mẫu số"))
    found = draft.comparison
    if found is not None:
        yield draft.numbers.table(
            ratios.comparison_table(draft.origin, found, caption=f"So sánh với {within(found.label)}")
        )


def _channels(draft: Draft) -> Iterator[Block]:
    found = channels_of(draft.input, draft.origin)
    if found is not None:
        yield draft.numbers.chart(found.chart(caption="Hồ sơ tiếp nhận trong kỳ theo hình thức nộp"))
        yield draft.numbers.table(found.table(caption="Số hồ sơ tiếp nhận trong kỳ theo hình thức nộp"))


def _trend(draft: Draft) -> Iterator[Block]:
    found = trend_of(draft.input, draft.origin)
    if found is not None:
        yield draft.numbers.chart(found.chart(caption="Tỷ lệ A (trước hạn và đúng hạn) qua các kỳ"))
        yield draft.numbers.table(found.table(caption="Tỷ lệ A qua các kỳ, kèm tử số và mẫu số"))


def _index(draft: Draft) -> Iterator[Block]:
    assert draft.progress is not None
    regulation = first_citation("index", on=draft.input.spans[Series.INDEX].last_day)
    yield Paragraph(index766.sentence(draft.progress, regulation, draft.scope.marks(draft.scope.codes)))


def _subject(draft: Draft) -> str:
    return "đơn vị" if draft.by_unit else "lĩnh vực"


def _on_time(draft: Draft) -> Iterator[Block]:
    subject = _subject(draft)
    lines = _unit_lines(draft) if draft.by_unit else on_time.field_lines(draft.origin)
    caption = f"Tỷ lệ A (trước hạn và đúng hạn) theo {subject}"
    drawn = on_time.on_time_chart(draft.input, draft.origin, lines, caption=caption, of_what=subject)
    if drawn is None:
        yield Paragraph(_why_no_chart(draft))
    else:
        yield draft.numbers.chart(drawn)


def _unit_lines(draft: Draft) -> list[on_time.Line]:
    lines = [line for _, group in draft.forms.groups() for line in group]
    return [(name, draft.scope.marks(codes), draft.scope.tally(codes)) for name, codes in lines]


def _why_no_chart(draft: Draft) -> str:
    if draft.scope.tally(draft.scope.codes) is None:
        return "Chưa có số liệu để tính tỷ lệ."
    return "Không có hồ sơ đã giải quyết trong kỳ để tính tỷ lệ."

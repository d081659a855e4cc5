"""Charts as they are set: vectors in the report's own type, an alternative text each, told apart in black and white."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from markupsafe import escape
from PIL import Image

from reporting import page, render
from reporting.charts._scale import widest
from reporting.context import build_context
from reporting.page import AnyChart, ReportContext
from tests.reporting import charted
from tests.reporting.blocks import blocks_of
from tests.reporting.pdf import collisions, sheets

LONGEST = "Ban Quản lý Dự án Đầu tư xây dựng các công trình giao thông và nông nghiệp, phát triển nông thôn"
HOSTILE = "<b>Đơn vị</b>\"'><svg onload=x> & {{ report }} " + "M" * 100
_BARE = "@page { size: 480pt 300pt; margin: 0 } html { background: white }"


def set_charts(*charts: AnyChart, style: str = "") -> bytes:
    source = (
        '{% import "charts.html" as charts %}<!doctype html><html lang="vi"><head><title>x</title>'
        '<link rel="stylesheet" href="print.css"><style>{{ style }}</style></head>'
        "<body>{% for one in given %}{{ charts.chart(one) }}{% endfor %}</body></html>"
    )
    html = render.environment().from_string(source).render(given=charts, style=style)
    return render.typeset(html, render.plain_pdf)[1]


@pytest.fixture(scope="module")
def context() -> ReportContext:
    return build_context(charted.whole(), unit=None)


def charts_of(context: ReportContext) -> list[AnyChart]:
    found = [b for b in blocks_of(context) if isinstance(b, AnyChart)]
    return [*found, *(chart for annex in context.further for chart in annex.charts)]


@pytest.fixture(scope="module")
def printed(context: ReportContext, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("charts") / "charts.pdf"
    path.write_bytes(set_charts(*charts_of(context)))
    return path


def test_all_five_are_in_the_report_and_numbered_in_order(context: ReportContext) -> None:
    found = charts_of(context)
    assert [chart.block for chart in found] == ["channels", "trend", "bars", "places", "places"]
    assert [chart.caption.split(".")[0] for chart in found] == [f"Biểu đồ {n}" for n in range(1, 6)]


def test_a_drawing_is_followed_by_the_table_that_it_names(context: ReportContext) -> None:
    blocks = blocks_of(context)
    for place, block in enumerate(blocks):
        if isinstance(block, page.TrendChart | page.ChannelsChart):
            assert "bảng ngay dưới" in block.source
            assert isinstance(blocks[place + 1], page.Table)


def test_type_is_the_report_s_own_and_can_be_read(printed: Path, context: ReportContext) -> None:
    done = subprocess.run(["pdffonts", str(printed)], capture_output=True, text=True, check=True)
    styles = {line.split()[0].partition("+")[2] for line in done.stdout.splitlines()[2:]}
    assert styles <= {"Report-Serif", "Report-Serif-Bold", "Report-Serif-Italic", "Report-Serif-Bold-Italic"}
    text = " ".join(sheet.text for sheet in sheets(printed))
    for chart in charts_of(context):
        if isinstance(chart, page.TrendChart):
            for words in (*(p.value for p in chart.points), *(t.label for t in chart.ticks), "(i)"):
                assert words in text
        if isinstance(chart, page.ChannelsChart):
            for segment in (s for stack in chart.stacks for s in stack.segments):
                assert segment.label in text


def test_nothing_is_drawn_as_a_picture(printed: Path) -> None:
    done = subprocess.run(["pdfimages", "-list", str(printed)], capture_output=True, text=True, check=True)
    assert len(done.stdout.splitlines()) == 2


def test_no_word_stands_on_another(printed: Path) -> None:
    for sheet in sheets(printed):
        assert collisions(sheet) == []
        assert max(word.right for word in sheet.words) <= sheet.width - 15


def test_the_same_bytes_again(printed: Path, context: ReportContext) -> None:
    assert set_charts(*charts_of(context)) == printed.read_bytes()


# Alternative text


def figures(element: pypdf.generic.DictionaryObject) -> Iterator[pypdf.generic.DictionaryObject]:
    if element.get("/S") == "/Figure":
        yield element
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        found = kid.get_object()
        if isinstance(found, pypdf.generic.DictionaryObject):
            yield from figures(found)


def test_each_drawing_has_its_alternative_text_and_the_others_say_it_above(tmp_path: Path) -> None:
    given = charted.whole()
    context = build_context(given, unit=given.province.units.find("575", on=given.as_of))
    render.render_pdf(context, tmp_path / "x.pdf")
    reader = pypdf.PdfReader(tmp_path / "x.pdf")
    drawn = [c for c in charts_of(context) if isinstance(c, page.TrendChart | page.ChannelsChart)]
    root = reader.trailer["/Root"]["/StructTreeRoot"]  # type: ignore[index]
    assert [one["/Alt"] for one in figures(root)] == [chart.alt for chart in drawn]
    assert len(drawn) == 2
    html = render.to_html(context)
    for chart in charts_of(context):
        before = "<title>" if chart in drawn else '<p class="chart-words">'
        assert f"{before}{escape(chart.alt)}<" in html


# Black and white


def black_share(content: bytes, folder: Path, box: tuple[int, int, int, int] | None = None) -> float:
    """Of the box (points), or the page, after every pixel is made black or white."""
    (folder / "x.pdf").write_bytes(content)
    command = ["pdftoppm", "-r", "144", "-gray", "-singlefile", "-f", "1", str(folder / "x.pdf"), str(folder / "x")]
    subprocess.run(command, check=True)
    with Image.open(folder / "x.pgm") as picture:
        part = picture.crop(tuple(2 * n for n in box)) if box else picture  # type: ignore[arg-type]
        counted = part.point(lambda value: 255 if value > 127 else 0).histogram()
    return counted[0] / sum(counted)


def test_channels_are_told_apart_in_black_and_white(tmp_path: Path) -> None:
    fills: tuple[page.Fill, ...] = ("dark", "hatched", "plain")
    segments = tuple(page.Segment(str(100 * n), "100", fill, "", "0", "0", "0") for n, fill in enumerate(fills))
    stack = page.Stack("40", "50", "", segments)
    chart = page.ChannelsChart("", "x", "460", "100", "80", (), (), (stack,), (), "")
    content = set_charts(chart, style=_BARE + "p { display: none } .chart { margin: 0 }")
    dark, hatched, plain = (black_share(content, tmp_path, (100 * n + 5, 42, 100 * n + 95, 54)) for n in range(3))
    assert dark > 0.98
    assert 0.15 < hatched < 0.6
    assert plain < 0.02


def test_bars_below_the_target_are_told_apart_in_black_and_white(tmp_path: Path) -> None:
    def ink(fill: str) -> float:
        bar = page.Bar("", "", "100", fill, "", "", "")  # type: ignore[arg-type]
        chart = page.Chart("", "", "", "", "", "", "", (bar,), "30", (), "")
        return black_share(set_charts(chart, style=_BARE), tmp_path)

    whole, below, partial, none = (ink(fill) for fill in ("whole", "below", "partial", "none"))
    assert whole > 1.5 * below
    assert below > 2 * partial > 2 * none


# Longest and hostile texts


def test_longest_and_hostile_names_and_nine_digits_stay_within_their_columns(tmp_path: Path) -> None:
    nine = "999.999.999/999.999.999"
    bars = tuple(page.Bar(name, "a", "95", "below", "95,00%", nine, "−99,99") for name in (LONGEST, HOSTILE, "Sở Y tế"))
    chart = page.Chart(
        "Biểu đồ 1",
        "",
        "50",
        "Chung: 1%",
        "Đơn vị",
        "95",
        "Mục tiêu: 95%",
        bars,
        widest(bar.basis for bar in bars),
        (),
        "",
    )
    rows = tuple(
        page.PlaceRow("unit", name, "2021, 2022", "0", "100", "0", "100", "10.000/10.000", "1/10.000", "tăng 9999 bậc")
        for name in (LONGEST, HOSTILE)
    )
    places = page.PlacesChart("Biểu đồ 2", "", "Đơn vị, chỉ số", rows, widest(["10.000/10.000"]), (), "")
    path = tmp_path / "x.pdf"
    path.write_bytes(set_charts(chart, places))
    (sheet,) = sheets(path)
    assert collisions(sheet) == []
    assert max(word.right for word in sheet.words) <= 194.2
    assert min(word.left for word in sheet.words) >= 29.9
    text = sheet.text.replace(" ", "")
    assert text.count(nine) == 3
    assert "<b>Đơnvị</b>\"'><svgonload=x>&{{report}}" in text


def test_a_long_chart_goes_on_under_its_head_and_begins_where_there_is_room(tmp_path: Path) -> None:
    bars = tuple(page.Bar(f"Xã {n}", "", "50", "whole", "50,00%", "1/2", "") for n in range(30))
    chart = page.Chart("Biểu đồ 1", "", "", "", "Đơn vị", "", "", bars, widest(bar.basis for bar in bars), (), "")
    path = tmp_path / "x.pdf"
    path.write_bytes(set_charts(chart, style="body { padding-top: 150mm }"))
    first, second = sheets(path)
    assert "Xã 0" in first.text
    for sheet in (first, second):
        assert "100%" in sheet.text
        assert "Hồ sơ" in sheet.text
    assert len([w for w in second.words if w.text == "Xã"]) >= 4

"""The PDF itself: the decree's measures, the same bytes again, nothing fetched, nothing clipped."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pandas as pd
import pypdf
import pytest

from contracts.columns import FORM_COLUMNS, MEASURES
from reporting import render
from reporting.context import build_context
from reporting.inputs import ReportInput
from reporting.render import RenderError, input_digest, render_pdf, to_html
from tests.reporting import sample
from tests.reporting.pdf import Sheet, Word, collisions, sheets
from tests.reporting.printed import ALL, Made, inputs

A4 = (210.0, 297.0)

pages = cache(sheets)
"""Each report is read once."""


# What stands on the page


def test_page_1_answers_at_a_glance(made: Made) -> None:
    context, path = made("gap")
    first = sheets(path)[0].text
    for text in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "quý IV năm 2024 của tỉnh Khánh Hòa",
        "từ ngày 15/09/2024 đến ngày 14/12/2024",
        "Trích xuất từ lúc",
        "8/10 nguồn",
        "huyện Cam Lâm",
        "Văn phòng HĐND và UBND huyện Cam Lâm",
        context.key_figures[0].value,
        context.key_figures[2].value,
        "So với quý III năm 2024",
        "Số liệu minh họa",
    ):
        assert text in first


def test_every_figure_in_the_forms_is_one_of_the_facts(made: Made) -> None:
    """Sums of the facts, made here in another way."""
    given, _ = inputs("province")
    known = all_sums(given)
    for sheet in pages(made("province")[1]):
        printed = set(re.findall(r"(?<![\d/:(.,])\d[\d.]*(?![\d/:),])", table_text(sheet)))
        assert {n for n in printed if int(n.replace(".", "")) not in known} == set()


def table_text(sheet: Sheet) -> str:
    """The words in the grid of a form: right of the names, below the heads."""
    if not sheet.is_wide:
        return ""
    heads = [w.bottom for w in sheet.words if w.text == "(13)"]
    notes = [w.top for w in sheet.words if w.text in {"Kỳ", "Trong"} and w.left < 35 and w.top > heads[0]]
    end = min(notes, default=sheet.height)
    return " ".join(w.text for w in sheet.words if w.left > 93 and heads[0] < w.top < end)


def all_sums(given: ReportInput) -> set[int]:
    forms = given.facts[given.facts["series"] == "forms"]
    own = forms.groupby("agency_code")[list(MEASURES)].sum()
    groups = [forms.groupby("field")[list(MEASURES)].sum(), own]
    tree = given.province.units
    for unit in tree:
        below = {u.agency_code for u in tree.subtree(unit.agency_code)}
        groups.append(own[own.index.isin(below)].sum().to_frame().T)
    for level in ("department", "district", "commune"):
        codes = {a.agency_code for u in tree if u.level.value == level for a in tree.subtree(u.agency_code)}
        groups.append(own[own.index.isin(codes)].sum().to_frame().T)
    every = pd.concat(groups)
    return {int(n) for measures in FORM_COLUMNS.values() for n in every[list(measures)].sum(axis=1)}


def test_heads_and_column_numbers_repeat_on_every_page_of_a_form(made: Made) -> None:
    wide = [sheet for sheet in pages(made("two-level")[1]) if sheet.is_wide]
    assert len(wide) > 6
    for sheet in wide:
        assert "Số hồ sơ nhận giải quyết" in sheet.text
        assert "(13)" in sheet.text


def test_a_row_stands_on_one_page_with_its_number(made: Made) -> None:
    """148 communes of Phú Thọ: each number of the first column once, in order, through all pages."""
    numbers = [
        int(w.text)
        for sheet in pages(made("two-level")[1])
        if sheet.is_wide and "Xã" in sheet.text
        for w in sheet.words
        if w.text.isdigit() and w.left < 40 and w.top > 20
    ]
    assert numbers[-148:] == list(range(1, 149))


def test_the_total_is_not_alone_on_a_page(made: Made) -> None:
    for name in ("province", "two-level", "district"):
        for sheet in pages(made(name)[1]):
            if sheet.is_wide and "Tổng cộng" in sheet.text:
                (total,) = [w for w in sheet.words if w.text == "cộng"]
                heads = min(w.top for w in sheet.words if w.text == "(13)")
                assert any(heads + 3 < w.top < total.top - 2 for w in sheet.words if w.left > 93)


# NĐ 30/2020/NĐ-CP, in millimetres


@pytest.mark.parametrize("name", ALL)
def test_margins_and_paper(made: Made, name: str) -> None:
    """Top and bottom 20–25, left 30–35, right 15–20; page numbers alone stand in the margins."""
    for number, sheet in enumerate(pages(made(name)[1]), start=1):
        size = (sheet.height, sheet.width) if sheet.is_wide else (sheet.width, sheet.height)
        assert size == pytest.approx(A4, abs=0.1)
        body = [w for w in sheet.words if w.top > 19.5 and w.bottom < sheet.height - 15.5]
        assert min(w.left for w in body) >= 29.9
        assert max(w.right for w in body) <= sheet.width - 15
        assert max(w.bottom for w in body) <= sheet.height - 19, number
        above = [w.text for w in sheet.words if w.top <= 19.5]
        assert above == [] or above[0].isdigit()
        below = [w.text for w in sheet.words if w not in body and w.top > 19.5]
        assert below == [] or (below[:2], below[5]) == (["Phụ", "lục"], str(number))


def test_head_of_the_document(made: Made) -> None:
    sheet = pages(made("province")[1])[0]
    nation, issuer = word(sheet, "CỘNG"), word(sheet, "KHÁNH")
    assert nation.left > 95
    assert issuer.right < 90
    assert nation.top == pytest.approx(word(sheet, "ỦY").top, abs=0.5)
    assert word(sheet, "Số:").bottom == pytest.approx(word(sheet, "tháng").bottom, abs=0.6)
    title = word(sheet, "BÁO")
    assert (title.left + word(sheet, "CÁO").right) / 2 == pytest.approx((30 + 194) / 2, abs=0.5)


def test_the_signature_has_its_room_on_one_page_with_the_recipients(made: Made) -> None:
    for name in ("province", "district", "two-level"):
        (sheet,) = [s for s in pages(made(name)[1]) if "Nơi nhận:" in s.text]
        signer = word(sheet, "TỊCH")
        assert signer.left > 110
        below = [w for w in sheet.words if w.top > signer.bottom and w.left > 110]
        assert not below
        assert sheet.height - 20 - signer.bottom >= 40
        assert "./." in sheet.text


def word(sheet: Sheet, text: str) -> Word:
    return next(w for w in sheet.words if w.text == text)


@pytest.mark.parametrize("name", ALL)
def test_nothing_is_printed_over_anything(made: Made, name: str) -> None:
    for number, sheet in enumerate(pages(made(name)[1]), start=1):
        assert collisions(sheet) == [], f"page {number}"


@pytest.mark.parametrize("name", ["province", "gap"])
def test_only_the_bundled_fonts_are_embedded(made: Made, name: str) -> None:
    done = subprocess.run(["pdffonts", str(made(name)[1])], capture_output=True, text=True, check=True)
    rows = [line.split() for line in done.stdout.splitlines()[2:]]
    styles = {row[0].partition("+")[2] for row in rows}
    assert styles == {"Report-Serif", "Report-Serif-Bold", "Report-Serif-Italic", "Report-Serif-Bold-Italic"}
    assert all(row[-5] == "yes" for row in rows), done.stdout  # embedded


# Text of others


def test_text_of_a_source_does_no_harm(made: Made) -> None:
    text = "".join(sheet.text for sheet in pages(made("gap")[1])).replace(" ", "")
    assert "<script>alert(1)</script><b>Hộtịch</b>" in text
    assert "file:///etc/passwd" in text
    assert "root:" not in text
    assert "Xâydựng□" in text
    assert "□:kýtựcủahệthốngnguồnkhôngindược".replace("d", "đ") in text
    assert not set("\u202e\u202c\u200f\x07😀🏗中文") & set(text)
    assert "{{report.title}}{%raw%}" in text
    assert "M" * 100 in text
    assert "M" * 200 not in text
    assert "Hộchứngthực" in text  # composed


def test_a_letter_that_cannot_be_printed_in_a_setting_is_named(tmp_path: Path) -> None:
    given = sample.report_input()
    settings = given.province.file.report.model_copy(update={"signer_title": "CHỦ TỊCH 😀"})
    file = given.province.file.model_copy(update={"report": settings})
    context = build_context(sample.replace(given, province=sample.replace(given.province, file=file)), unit=None)
    with pytest.raises(RenderError, match="«😀» trong «CHỦ TỊCH 😀»"):
        render_pdf(context, tmp_path / "x.pdf")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "reference",
    [
        '<img src="file:///etc/passwd">',
        '<img src="http://127.0.0.1:9/x.png">',
        '<img src="../pyproject.toml">',
        '<img src="data:image/png;base64,AAAA">',
        '<link rel="stylesheet" href="fonts/../../README.md">',
        '<p style="background: url(https://ngoai.vn/a.png)">x</p>',
    ],
)
def test_nothing_but_our_own_files_is_fetched(reference: str) -> None:
    """Even if a template let a reference through."""
    with pytest.raises(RenderError):
        render.typeset(f"<html><body>{reference}</body></html>", render.plain_pdf)


def test_a_warning_of_the_typesetter_fails() -> None:
    with pytest.raises(RenderError, match="không dàn trang được"):
        render.typeset("<style>p { colour: red }</style><p>x</p>", render.plain_pdf)


# The same again


def test_same_bytes_in_any_process(tmp_path: Path) -> None:
    """The report, its archival copy with what is attached, and its workbook."""
    script = (
        "import sys; from pathlib import Path; from tests.reporting import sample\n"
        "from reporting.attached import data_of; from reporting.context import build_context\n"
        "from reporting.render import Sheet, input_digest, print_report; from reporting.scope import scope_of\n"
        "given = sample.report_input(); unit = given.province.units.find('570', on=given.as_of)\n"
        "context, data = build_context(given, unit=unit), data_of(given, scope_of(given, unit))\n"
        "printed = print_report(Sheet(context, Path(sys.argv[1]), data))\n"
        "print(printed.sha256, *(one.sha256 for one in printed.companions), input_digest(context, data))\n"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path / f"{seed}.pdf")],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed, zone in (("1", "UTC"), ("2", "Asia/Ho_Chi_Minh"))
    ]
    (said,) = {process.communicate()[0] for process in running}
    assert len(set(said.split())) == 4
    assert said.split()[0] == hashlib.sha256((tmp_path / "1.pdf").read_bytes()).hexdigest()


def test_the_only_time_inside_is_that_of_the_newest_extraction(made: Made) -> None:
    metadata = pypdf.PdfReader(made("province")[1]).metadata
    assert metadata is not None
    assert metadata.title == "BÁO CÁO Kết quả công tác cải cách hành chính quý IV năm 2024 của tỉnh Khánh Hòa"
    assert (metadata["/CreationDate"], metadata["/ModDate"]) == ("D:20241215013600Z", "D:20241215013600Z")


def test_one_figure_more_is_another_digest() -> None:
    given = sample.report_input()
    facts = given.facts.copy()
    first = facts.index[facts["series"] == "forms"][0]
    facts.loc[first, ["received_online", "early"]] += 1
    changed = sample.replace(given, facts=facts)
    assert input_digest(build_context(given, unit=None)) != input_digest(build_context(changed, unit=None))


def test_a_failed_rendering_leaves_the_file_that_was_there(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "report.pdf"
    out.write_bytes(b"before")
    context, _ = made("nothing")
    monkeypatch.setattr(Path, "replace", _no_room)
    with pytest.raises(OSError, match="no room"):
        render_pdf(context, out)
    assert [p.name for p in tmp_path.iterdir()] == ["report.pdf"]
    assert out.read_bytes() == b"before"


def _no_room(*_: object) -> None:
    raise OSError("no room")


def test_templates_stand_in_the_order_of_their_numbers() -> None:
    given, _ = inputs("province")
    html = to_html(build_context(given, unit=None))
    marks = [
        'class="document"',
        "II. KẾT QUẢ",
        'class="bars"',
        'class="signing"',
        "Phụ lục I<",
        "Phụ lục II<",
        "Phụ lục V<",
    ]
    places = [html.index(mark) for mark in marks]
    assert places == sorted(places)

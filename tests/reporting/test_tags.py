"""PDF/UA-1, as far as a machine can hold it against a file: what is tagged, how, and what is heard in which order."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pypdf
import pytest
import weasyprint

from reporting import tagging
from reporting.fonts import TEMPLATES
from tests.reporting import sample
from tests.reporting.heard import Element, Heard, grid_of
from tests.reporting.printed import Made

Make = Callable[[str], Heard]
ABOVE = ("Số hồ sơ nhận giải quyết", "Trong kỳ", "Trực tuyến", "(4)")


@pytest.fixture(scope="module")
def heard(made: Made) -> Make:
    @cache
    def hear(name: str) -> Heard:
        return Heard(made(name)[1])

    return hear


@pytest.mark.parametrize("name", ["gap", "commune", "nothing"])
def test_nothing_of_what_a_machine_can_check_is_wrong(heard: Make, name: str) -> None:
    assert heard(name).faults() == []


def test_the_typesetters_own_tags_are_not_enough(tmp_path: Path) -> None:
    """What is mended is still to be mended, and the check would see it: no scope, page numbers in no element."""
    page = (
        f'<html lang="vi"><title>Thử</title><link rel="stylesheet" href="{TEMPLATES.as_uri()}/print.css"><h1>Một</h1>'
    )
    table = "<table><thead><tr><th>A<th>B<tbody><tr><td>1<td>2</table>"
    path = tmp_path / "own.pdf"
    weasyprint.HTML(string=f"{page}{table}<h3 style='break-before: page'>Hai</h3>").write_pdf(
        path, pdf_variant="pdf/ua-1"
    )
    assert {"head without scope: A", "page 1: marks and structure differ", "from H1 to H3"} <= set(Heard(path).faults())


def test_the_file_says_that_it_is_for_everybody(heard: Make) -> None:
    reader = heard("gap").reader
    told = reader.trailer["/Root"]["/Metadata"].get_data().decode()
    assert 'pdfuaid:part="1"' in told
    assert reader.metadata is not None
    assert f">{reader.metadata.title}<" in told
    assert reader.metadata.title.startswith("BÁO CÁO Kết quả công tác cải cách hành chính quý IV năm 2024")
    titles = [str(item["/Title"]) for item in reader.outline if not isinstance(item, list)]
    assert titles[0].startswith("I. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH")
    assert titles[-1].startswith("Phụ lục ")


def test_what_runs_over_pages_is_heard_once(heard: Make) -> None:
    """A form of many pages is one table with one head, a sentence that goes on is one paragraph, and page numbers are
    not heard."""
    one = heard("gap")
    by_subunit = [t for t in one.document.every("Table") if one.text(t).startswith("TT Cơ quan, đơn vị")][-1]
    assert len({page for e in by_subunit.every() for page, _ in e.pieces}) > 3
    assert one.text(by_subunit).count("Số hồ sơ nhận giải quyết") == 1
    assert len(list(by_subunit.every("THead"))) == 1
    numbers = {str(n) for n in range(2, len(one.pages) + 1)}
    assert not any(one.text(e) in numbers for e in one.document.every("P"))


def test_what_a_page_breaks_is_whole(tmp_path: Path) -> None:
    """A paragraph, a list and its item, a table in a section."""
    style = (
        "@page { size: 80mm 60mm; margin: 10mm; @top-center { content: counter(page) } } p { orphans: 1; widows: 1 }"
    )
    rows = "".join(f"<tr><td role=rowheader>Dòng {n}<td>{n}" for n in range(12))
    table = f"<table><thead><tr><th>Tên<th>Số<tbody>{rows}</table>"
    listed = "".join(f"<li>Mục {n} {'dài ' * 20}</li>" for n in range(4))
    body = f"<h1>Một</h1><p>{'từ ' * 200}hết.</p><ol>{listed}</ol><section><h2>Hai</h2>{table}<p>Cuối.</p></section>"
    page = weasyprint.HTML(string=f'<html lang="vi"><title>Thử</title><style>{style}</style>{body}')
    path = tmp_path / "broken.pdf"
    page.write_pdf(
        path,
        pdf_tags=True,
        pdf_version="1.7",
        finisher=lambda document, pdf: tagging.write(pdf, tagging.take(document, pdf)),
    )
    one = Heard(path)
    assert len(one.pages) > 4
    assert one.faults() == []
    assert [e.tag for e in one.document.kids] == ["H1", "P", "L", "Sect"]
    (table_read,) = one.document.every("Table")
    assert one.text(table_read) == "Tên Số " + " ".join(f"Dòng {n} {n}" for n in range(12))
    assert len(list(one.document.every("LI"))) == 4


def test_every_cell_of_form_II06_knows_its_heads(heard: Make) -> None:
    one = heard("commune")
    table = next(t for t in one.document.every("Table") if one.text(t).startswith("TT Lĩnh vực"))
    names = {e.said["/ID"]: one.text(e) for e in table.every("TH") if "/ID" in e.said}
    rows = list(table.every("TR"))
    field = one.text(rows[4].kids[1])
    assert field in sample.FIELDS
    heads = [names[name] for name in rows[4].kids[3].table("/Headers")]
    assert sorted(heads) == sorted([field, *ABOVE])
    last = [names[name] for name in rows[-1].kids[-1].table("/Headers")]
    assert sorted(last) == sorted(["Tổng cộng", "Số hồ sơ đang giải quyết", "Quá hạn", "(13)"])


def test_a_table_is_heard_by_its_rows_and_columns(heard: Make) -> None:
    one = heard("gap")
    tables = list(one.document.every("Table"))
    assert len(tables) > 8
    for table in tables:
        grid = grid_of(table)
        body = [e for group in table.kids if group.tag == "TBody" for e in group.kids]
        assert body
        for row in body:
            heads = [cell for cell in row.kids if cell.tag == "TH"]
            assert heads or is_group(row, grid), one.text(row)
            assert all(cell.table("/Scope") == "/Row" for cell in heads)


def is_group(row: Element, grid: dict[tuple[int, int], Element]) -> bool:
    """One cell over all columns."""
    return len(row.kids) == 1 and int(row.kids[0].table("/ColSpan") or 1) == 1 + max(column for _, column in grid)


def test_what_is_heard_is_vietnamese_in_the_order_of_the_document(heard: Make) -> None:
    whole = heard("gap").whole
    marks = [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "BÁO CÁO Kết quả công tác cải cách hành chính quý IV năm 2024 của tỉnh Khánh Hòa",
        "Mức độ đầy đủ Đã nhận số liệu của 8/10 nguồn",
        "I. CÔNG TÁC CHỈ ĐẠO",
        "II. KẾT QUẢ",
        "V. ",
        "Trên đây là báo cáo kết quả công tác cải cách hành chính",
        "Nơi nhận:",
        "Phụ lục I KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH THEO LĨNH VỰC",
        "Cách tính áp dụng 1. ",
        "Mã kiểm chứng của báo cáo:",
    ]
    places = [whole.index(mark) for mark in marks]
    assert places == sorted(places)
    assert "....." not in whole


def test_other_programs_read_the_same(heard: Make, tmp_path: Path) -> None:
    """poppler, which copies text by where it stands."""
    one = heard("gap")
    with (tmp_path / "copy.pdf").open("wb") as copy:
        pypdf.PdfWriter(clone_from=one.reader).write(copy)
    done = subprocess.run(["pdftotext", str(tmp_path / "copy.pdf"), "-"], capture_output=True, text=True, check=True)
    read = " ".join(done.stdout.split())
    for sentence in ("Đã nhận số liệu của 8/10 nguồn", "Kết quả công tác cải cách hành chính quý IV năm 2024"):
        assert sentence in read
        assert sentence in one.whole

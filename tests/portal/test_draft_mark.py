"""The copy with a mark: on every page, the same pages underneath, never taken for the document."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdf
import pytest

from flows.verify import NotAsPrinted, verify_file
from reporting import draft_mark
from reporting.draft_mark import Mark
from reporting.fonts import missing_glyphs
from reporting.signature_fields import LEADER
from reporting.signed.verdict import Refused
from tests.portal.conftest import OWN_CODE
from tests.quarter.command import REPOSITORY, Office
from tests.signed import office
from tests.signed.conftest import desk, made, printed  # noqa: F401
from tests.signed.desk import Desk

WITH_LANDSCAPE = f"bao-cao-cchc-2024Q4-khanh-hoa-{OWN_CODE}-v1.pdf"


@pytest.fixture(scope="module")
def original(khanh_hoa: Office) -> bytes:
    return (khanh_hoa.home / "khanh-hoa" / "reports" / "2024Q4" / WITH_LANDSCAPE).read_bytes()


def marked(content: bytes, mark: Mark) -> bytes:
    return draft_mark.marked(content, mark, sha256=hashlib.sha256(content).hexdigest())


@pytest.mark.parametrize("mark", [draft_mark.draft(4), draft_mark.withdrawn(4)], ids=lambda mark: mark.word)
def test_every_page_says_what_it_is(original: bytes, mark: Mark) -> None:
    before, after = (pypdf.PdfReader(io.BytesIO(one)) for one in (original, marked(original, mark)))
    assert len(after.pages) == len(before.pages)
    sizes = {page.mediabox.width > page.mediabox.height for page in before.pages}
    assert sizes == {False, True}  # portrait and landscape
    for old, new in zip(before.pages, after.pages, strict=True):
        said = " ".join(new.extract_text().split())
        assert mark.word in said
        assert mark.foot in said
        assert mark.word not in old.extract_text()
        assert old.mediabox == new.mediabox
    assert missing_glyphs(mark.word + mark.foot) == ""


def test_text_and_tags_are_as_they_were(original: bytes) -> None:
    mark = draft_mark.draft(1)
    with pikepdf.open(io.BytesIO(original)) as old, pikepdf.open(io.BytesIO(marked(original, mark))) as new:
        assert list(tags(old)) == list(tags(new))
        assert new.Root.MarkInfo.Marked
        for was, now in zip(old.pages, new.pages, strict=True):
            drawn = now.Contents
            whole = (
                drawn.read_bytes() if isinstance(drawn, pikepdf.Stream) else b"\n".join(c.read_bytes() for c in drawn)
            )
            assert was.Contents.read_bytes() in whole
            assert whole.count(b"/Watermark") == 1
            assert re.search(rb"/Artifact <<[^>]*>> BDC", whole)


def tags(pdf: pikepdf.Pdf) -> Iterator[tuple[int, str]]:
    """Depth and kind of every tag, in reading order."""

    def walk(node: Any, depth: int) -> Iterator[tuple[int, str]]:
        if isinstance(node, pikepdf.Array):
            for one in node:
                yield from walk(one, depth)
        elif isinstance(node, pikepdf.Dictionary):
            yield depth, str(node.get("/S", node.get("/Type", "")))
            if "/K" in node:
                yield from walk(node["/K"], depth + 1)
        else:
            yield depth, str(node)

    yield from walk(pdf.Root.StructTreeRoot, 0)


def test_the_letters_are_in_the_file(original: bytes) -> None:
    with pikepdf.open(io.BytesIO(marked(original, draft_mark.draft(1)))) as pdf:
        for page in pdf.pages:
            for name in ("/CchcWord", "/CchcFoot"):
                font = page.resources["/Font"][name]
                assert "/FontFile2" in font.DescendantFonts[0].FontDescriptor
                assert "/ToUnicode" in font


def test_no_field_of_a_copy_can_be_filled_in(original: bytes) -> None:
    with pikepdf.open(io.BytesIO(marked(original, draft_mark.draft(1)))) as pdf:
        fields = list(pdf.Root.AcroForm.Fields)
        assert len(fields) == 6
        assert all(int(field["/Ff"]) & 1 for field in fields)


def test_same_file_and_mark_same_bytes_in_any_process(original: bytes, tmp_path: Any) -> None:
    mark = draft_mark.draft(2)
    here = hashlib.sha256(marked(original, mark)).hexdigest()
    (tmp_path / "printed.pdf").write_bytes(original)
    program = (
        "import hashlib, sys; from pathlib import Path; from reporting import draft_mark as d;"
        "c = Path(sys.argv[1]).read_bytes(); s = hashlib.sha256(c).hexdigest();"
        "print(hashlib.sha256(d.marked(c, d.draft(2), sha256=s)).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "America/Lima", "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "printed.pdf")],
        env=environment, cwd=REPOSITORY, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == here
    assert hashlib.sha256(marked(original, draft_mark.draft(3))).hexdigest() != here


def test_a_printed_file_is_no_copy(original: bytes) -> None:
    assert draft_mark.copy_of(original) is None
    assert draft_mark.copy_of(marked(original, draft_mark.draft(1))) == hashlib.sha256(original).hexdigest()


def test_verify_says_that_it_is_a_copy_and_of_what(settings: Any, original: bytes, tmp_path: Any) -> None:
    file = tmp_path / "DU-THAO.pdf"
    file.write_bytes(marked(original, draft_mark.draft(1)))
    with pytest.raises(NotAsPrinted) as refused:
        verify_file(file)
    assert "bản sao có dấu «DỰ THẢO»" in refused.value.cause
    assert "báo cáo Quý IV năm 2024 của huyện Cam Lâm, bản 1" in refused.value.cause


@pytest.mark.xdist_group("signed")  # with the others that need that report printed
def test_a_signed_copy_is_refused_as_what_it_is(desk: Desk, printed: bytes) -> None:  # noqa: F811
    copy = marked(printed, draft_mark.draft(1))
    for content in (copy, office.sign(copy, office.leader(), LEADER)):
        with pytest.raises(Refused) as refused:
            desk.add(content)
        assert refused.value.kind == "marked"
        assert "bản sao có dấu «DỰ THẢO» hoặc «ĐÃ THU HỒI» của bản 1" in refused.value.cause

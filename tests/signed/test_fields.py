"""The places that wait for a hand: where the decree has them, tagged, and not to be seen on paper."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path
from typing import Any

import pypdf
import pytest

from reporting import outputs
from reporting.render import typeset
from reporting.signature_fields import (
    DAY,
    LEADER,
    MONTH,
    NUMBER,
    ORGANISATION,
    TEXTS,
    YEAR,
    SignaturePlaceError,
)
from tests.reporting.pdf import sheets
from tests.signed import office

pytestmark = pytest.mark.xdist_group("signed")
MM = 72 / 25.4
BLANKS = (
    "<p>Số:<span class=blank-number></span>, <i class=blank-day></i> <i class=blank-day></i> <i class=blank-year></i>"
)
SPACE = '<div class=signature-space style="height: 42mm"></div>'


@pytest.fixture(scope="module")
def fields(printed: bytes) -> dict[str, Any]:
    """Name → the field, and `page`: on which it stands, from 0."""
    reader = pypdf.PdfReader(io.BytesIO(printed))
    pages = {page.indirect_reference: number for number, page in enumerate(reader.pages)}
    found = (one.get_object() for one in reader.trailer["/Root"]["/AcroForm"]["/Fields"])  # type: ignore[index]
    return {str(one["/T"]): {**one, "page": pages[one.raw_get("/P")]} for one in found}


def rect(field: Any) -> list[float]:
    """Millimetres from the lower left corner."""
    return [float(number) / MM for number in field["/Rect"]]


def test_the_seal_covers_the_left_third_of_the_leaders_signature(fields: dict[str, Any]) -> None:
    """NĐ 30/2020/NĐ-CP, Phụ lục I."""
    leader, seal = rect(fields[LEADER]), rect(fields[ORGANISATION])
    covered = (seal[2] - leader[0]) / (leader[2] - leader[0])
    assert covered == pytest.approx(1 / 3, abs=0.01)
    assert seal[0] < leader[0]
    assert seal[2] - seal[0] == pytest.approx(seal[3] - seal[1], abs=0.01)
    assert (seal[1] + seal[3]) / 2 == pytest.approx((leader[1] + leader[3]) / 2, abs=0.1)
    assert fields[LEADER]["page"] == fields[ORGANISATION]["page"]


def test_the_leader_signs_right_below_the_title(fields: dict[str, Any], printed: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(printed)
    sheet = sheets(path)[fields[LEADER]["page"]]
    title = next(word for word in sheet.words if word.text == "TỊCH")
    left, _, right, top = rect(fields[LEADER])
    below = sheet.height - top - title.bottom
    assert 0 <= below < 4
    assert abs((left + right) / 2 - (title.left + title.right) / 2) < 12


def test_number_and_date_stand_over_their_blanks(fields: dict[str, Any], printed: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(office.fill(printed, {NUMBER: "123", DAY: "18", MONTH: "12", YEAR: "2024"}))
    text = " ".join(sheets(path)[0].text.split())
    assert "Số: 123 /BC-UBND" in text
    assert "ngày 18 tháng 12 năm 2024" in text
    assert [fields[name]["page"] for name in TEXTS] == [0] * 4


def test_empty_fields_do_not_show_on_paper(printed: bytes, fields: dict[str, Any], tmp_path: Path) -> None:
    bare = pypdf.PdfWriter(clone_from=io.BytesIO(printed))
    del bare.root_object["/AcroForm"]
    for page in bare.pages:
        page.pop("/Annots", None)
    bare.write(tmp_path / "bare.pdf")
    (tmp_path / "whole.pdf").write_bytes(printed)
    for number in {0, fields[LEADER]["page"]}:
        assert _picture(tmp_path / "bare.pdf", number) == _picture(tmp_path / "whole.pdf", number)


def _picture(path: Path, page: int) -> bytes:
    span = ["-f", str(page + 1), "-l", str(page + 1)]
    return subprocess.run(["pdftoppm", "-r", "50", *span, str(path)], capture_output=True, check=True).stdout


def test_every_field_says_in_vietnamese_what_it_is_for(fields: dict[str, Any]) -> None:
    assert set(fields) == {LEADER, ORGANISATION, *TEXTS}
    for name, field in fields.items():
        assert field["/TU"]
        assert field["/FT"] == ("/Tx" if name in TEXTS else "/Sig")
        assert "/V" not in field
        assert field["/AP"]["/N"].get_data() == b""
    appearances = {field["/AP"].raw_get("/N").idnum for field in fields.values()}
    assert len(appearances) == len(fields), "filling one field in draws in no other"


def test_what_a_program_is_told_of_the_form(printed: bytes) -> None:
    """There are signature fields, and the file is to be added to, not to be set anew."""
    form: Any = pypdf.PdfReader(io.BytesIO(printed)).trailer["/Root"]["/AcroForm"]  # type: ignore[index]
    assert form["/SigFlags"] == 3
    assert "/NeedAppearances" not in form
    for font in form["/DR"]["/Font"].values():
        assert "/FontFile2" in font["/FontDescriptor"]


def test_the_tags_name_the_fields_in_their_reading_order(printed: bytes) -> None:
    """PDF/UA-1, 7.18: a widget is in a Form element, which is found from it."""
    root: Any = pypdf.PdfReader(io.BytesIO(printed)).trailer["/Root"]  # type: ignore[index]
    numbers = root["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    parents = dict(zip(numbers[::2], numbers[1::2], strict=True))
    for one in root["/AcroForm"]["/Fields"]:
        element = parents[one.get_object()["/StructParent"]].get_object()
        assert element["/S"] == "/Form"
        assert element["/K"]["/Type"] == "/OBJR"
        assert element["/K"].raw_get("/Obj") == one
        assert element.indirect_reference in element["/P"]["/K"]
    assert len(set(parents)) == len(numbers) / 2


@pytest.mark.parametrize("html", [BLANKS, SPACE, BLANKS + SPACE + SPACE, BLANKS + BLANKS + SPACE])
def test_a_page_without_its_places_or_with_two_is_not_printed(html: str) -> None:
    with pytest.raises(SignaturePlaceError):
        typeset(f"<html lang=vi><body>{html}", outputs.write)

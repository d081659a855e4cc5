"""The file out and back: what was not touched comes back as it was, and whatever a machine did to it is undone."""

from __future__ import annotations

import unicodedata

import pytest

from contracts.errors import UsageError
from contracts.periods import parse_period
from contracts.report_parts import PART_IDS, parts_on
from reporting.written.decoding import decoded
from reporting.written.form import FormHead, FormPart, form_text, read_form

HEAD = FormHead("khanh-hoa", "2024Q4", "Huyện Cam Lâm", "570")
OUTLINE = parts_on(parse_period("2024Q4").cut_off)
DIRECTION = "Ban hành **12** văn bản:\n\n- một;\n- hai {cột 3}."
KNOWN = [FormPart("direction", 2, DIRECTION, about="Nạp lần 2: A"), FormPart("area-3", 1, "Sắp xếp bộ máy")]
FIGURES = [("{cột 3}", "2.365", "Nhận giải quyết")]


def form() -> str:
    return form_text(HEAD, OUTLINE, KNOWN, FIGURES)


def test_every_part_has_its_place_with_the_area_s_name_of_the_day() -> None:
    heads = [line for line in form().splitlines() if line.startswith("# ")]
    assert len(heads) == len(PART_IDS)
    assert heads[:2] == [
        "# I. Công tác chỉ đạo, điều hành [direction, lần 2]",
        "# II.1. Cải cách thể chế [area-1, lần 0]",
    ]
    assert "# II.4. Cải cách chế độ công vụ [area-4, lần 0]" in heads


def test_what_was_not_touched_comes_back_as_it_was() -> None:
    sent = read_form(form())
    assert (sent.head, sent.faults) == (HEAD, ())
    assert [part.id for part in sent.parts] == list(PART_IDS)
    assert {part.id: (part.version, part.text) for part in sent.parts if part.text} == {
        "direction": (2, DIRECTION),
        "area-3": (1, "Sắp xếp bộ máy"),
    }


def test_a_part_knows_its_line() -> None:
    lines = form().split("\n")
    for part in read_form(form()).parts:
        if part.text:
            assert lines[part.line - 1] == part.text.split("\n")[0]


SAVED = {
    "as it is": lambda text: text.encode(),
    "Notepad, UTF-8 with a mark": lambda text: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(),
    "Notepad, Unicode": lambda text: text.replace("\n", "\r\n").encode("utf-16"),
    "big-endian": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "an old Macintosh": lambda text: text.replace("\n", "\r").encode(),
    "letters in two pieces": lambda text: unicodedata.normalize("NFD", text).encode(),
    "marks that nobody sees": lambda text: text.replace("văn bản", "v\u200băn\u00ad b\u202eản").encode(),
}


@pytest.mark.parametrize("how", SAVED)
def test_however_a_machine_saved_it_the_same_is_read(how: str) -> None:
    assert read_form(decoded(SAVED[how](form()))) == read_form(form())


# what came                       | why it is refused
FOREIGN = {
    "tệp Word": b"PK\x03\x04rest",
    "tệp Word đời cũ": b"\xd0\xcf\x11\xe0rest",
    "tệp RTF": b"{\\rtf1 rest",
    "tệp PDF": b"%PDF-1.7 rest",
    "UTF-16 không có dấu đầu tệp": "# I.".encode("utf-16-le"),
    "dòng 2: chữ không phải Unicode": b"# I.\nC\xabng t\xb8c",
    "tệp lớn quá mức": b"a" * 1_000_001,
}


@pytest.mark.parametrize("why", FOREIGN)
def test_what_is_no_text_is_refused_with_what_to_do(why: str) -> None:
    with pytest.raises(UsageError, match=why) as refused:
        decoded(FOREIGN[why])
    assert refused.value.advice


# changed from                          | to                                     | line's fault
SPOILED = """
# II.1. Cải cách thể chế [area-1, lần 0] | # Cải cách thể chế                     | không phải dòng đầu của một phần
[area-1, lần 0]                         | [area-2, lần 0]                        | phần «area-2» có hai lần
[area-1, lần 0]                         | [area-9, lần 0]                        | không phải dòng đầu của một phần
Sắp xếp bộ máy                          | Sắp <!-- xếp bộ máy                    | dấu <!-- lẻ
Sắp xếp bộ máy                          | Sắp --> xếp                            | dấu --> lẻ
# I. Công tác                           | Lời đầu⏎# I. Công tác                  | có chữ ở trước phần đầu tiên
"""


@pytest.mark.parametrize("line", SPOILED.strip("\n").splitlines())
def test_a_file_that_was_spoiled_is_refused_with_its_line(line: str) -> None:
    was, now, why = (part.strip().replace("⏎", "\n") for part in line.split("|"))
    assert was in form()
    sent = read_form(form().replace(was, now, 1))
    assert any(why in fault.wrong and fault.line > 1 and fault.advice for fault in sent.faults), sent.faults


@pytest.mark.parametrize("name", ["Tỉnh: ", "Kỳ: ", "Báo cáo của: "])
def test_a_file_without_its_head_is_nobody_s(name: str) -> None:
    assert read_form(form().replace(name, "")).head is None


def test_a_file_of_something_else_has_no_part() -> None:
    (fault,) = read_form("").faults
    assert "không có phần nào" in fault.wrong


def test_hints_and_remarks_are_not_read() -> None:
    (part,) = (p for p in read_form(form().replace("Sắp xếp", "Sắp <!-- hỏi lại -->xếp")).parts if p.id == "area-3")
    assert part.text == "Sắp xếp bộ máy"

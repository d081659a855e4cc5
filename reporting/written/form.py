"""The file in which an office writes: one Markdown file a report, with a head for each part. Made, and read back.

A part begins with a line «# I. … [direction, lần 2]», which names the part and the version that the file was made from.
What stands in <!-- … --> is for the reader and is not read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from contracts.report_parts import PART_IDS, WrittenPart
from reporting.written.markdown import Fault

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_PART = re.compile(r"#\s+.*\[\s*(?P<part>[\w-]+)\s*,\s*lần\s+(?P<version>\d+)\s*\]\s*")
_HEAD = re.compile(r"^(?P<name>Tỉnh|Kỳ|Báo cáo của):\s*(?P<value>.*?)\s*$", re.MULTILINE)
_CODE = re.compile(r".*\(mã (?P<code>[^()]+)\)")
_NEW_FORM = "lập tệp mẫu mới (cchc text template), chép nội dung sang rồi nạp lại"
_HOW = """Cách viết:
- Viết dưới dòng bắt đầu bằng "# " của từng phần. Không sửa, không xóa các dòng đó.
- Mỗi đoạn cách nhau một dòng trống. Gạch đầu dòng: "- ", thụt vào hai dấu cách là cấp con.
- Chữ đậm: **chữ đậm**. Chữ nghiêng: *chữ nghiêng*. Không dùng bảng, ảnh.
- Phần chưa có gì để viết thì để trống. Xóa hết chữ của một phần đã nạp là rút lại phần đó.
- Phần không sửa thì để nguyên; ai viết phần nào nạp phần đó, không ghi đè lên phần của người khác.
- Khung hướng dẫn này và các dòng gợi ý không in ra báo cáo.

Số liệu do phần mềm tính: viết tên trong ngoặc nhọn, phần mềm tự điền khi in và tự đổi khi số liệu đổi. Thêm «, tử số»,
«, mẫu số» hoặc «, đầy đủ» sau tên một tỷ lệ: {tỷ lệ A, tử số}. Các tên dùng được, giá trị lúc lập tệp này:
"""


@dataclass(frozen=True)
class FormHead:
    """Whose text it is. report: the name of its unit; code: how the register calls the unit."""

    province: str
    period: str
    report: str
    code: str


@dataclass(frozen=True)
class FormPart:
    """A part as the file has it. version: the one that stood when the file was made, 0 before the first. line: the
    first of the text. about: who wrote what stands, for the reader."""

    id: str
    version: int
    text: str
    line: int = 0
    about: str = ""


@dataclass(frozen=True)
class SentForm:
    """What a file says. faults: why it cannot be read."""

    head: FormHead | None
    parts: tuple[FormPart, ...]
    faults: tuple[Fault, ...]


def form_text(
    head: FormHead, outline: Iterable[WrittenPart], known: Iterable[FormPart], figures: Iterable[tuple[str, str, str]]
) -> str:
    """known: what stands of the parts. figures: name in braces, value, what it is."""
    stands = {part.id: part for part in known}
    parts = (_part_text(one, stands.get(one.id, FormPart(one.id, 0, ""))) for one in outline)
    return f"{_head_text(head, figures)}\n{''.join(parts)}"


def _head_text(head: FormHead, figures: Iterable[tuple[str, str, str]]) -> str:
    listed = "".join(f"  {name} = {value}   {label}\n" for name, value, label in figures)
    return (
        f"<!--\nNỘI DUNG BÁO CÁO DO CƠ QUAN SOẠN THẢO VIẾT\nTỉnh: {head.province}\nKỳ: {head.period}\n"
        f"Báo cáo của: {head.report} (mã {head.code})\n\n{_HOW}{listed}-->\n"
    )


def _part_text(one: WrittenPart, stands: FormPart) -> str:
    about = f"\n<!-- {stands.about} -->" if stands.about else ""
    hint = f"<!-- Gợi ý: {one.hint}. -->"
    written = f"{stands.text}\n" if stands.text else ""
    return f"\n# {one.title} [{one.id}, lần {stands.version}]\n{hint}{about}\n\n{written}"


def read_form(text: str) -> SentForm:
    """text: decoded (reporting.written.decoding)."""
    head = _head(text)
    faults = list(_unclosed(text))
    parts: list[FormPart] = []
    for line, title, body, first in _sections(_without_comments(text)):
        found = _PART.fullmatch(title)
        if not title and body.strip():
            faults.append(
                Fault(first, "có chữ ở trước phần đầu tiên", "chuyển chữ này xuống dưới dòng “# …” của một phần")
            )
        elif title and (found is None or found["part"] not in PART_IDS):
            faults.append(Fault(line, f"«{title[:60]}» không phải dòng đầu của một phần trong tệp mẫu", _TITLE_ADVICE))
        elif found:
            parts.append(FormPart(found["part"], int(found["version"]), body.rstrip(), first))
            if sum(part.id == found["part"] for part in parts) > 1:
                faults.append(Fault(line, f"phần «{found['part']}» có hai lần trong tệp", "gộp lại thành một"))
    if not parts and not faults:
        faults.append(Fault(1, "tệp không có phần nào của báo cáo", _NEW_FORM))
    return SentForm(head, tuple(parts), tuple(faults))


_TITLE_ADVICE = "để nguyên các dòng “# …” của tệp mẫu; tiêu đề nhỏ trong phần viết bằng chữ đậm: **…**"


def _head(text: str) -> FormHead | None:
    """None where the head was lost, or is of another kind of file."""
    first = _COMMENT.search(text)
    said = {found["name"]: found["value"] for found in _HEAD.finditer(first.group())} if first else {}
    code = _CODE.fullmatch(said.get("Báo cáo của", ""))
    if code is None or "Tỉnh" not in said or "Kỳ" not in said:
        return None
    return FormHead(said["Tỉnh"], said["Kỳ"], said["Báo cáo của"].rpartition(" (mã ")[0], code["code"])


def _unclosed(text: str) -> Iterator[Fault]:
    """One that is opened and not closed ends at the close of the next one, and all between is lost: also a part."""
    rest = _without_comments(text)
    places = [found.start() for found in _COMMENT.finditer(text) if "<!--" in found.group()[4:]]
    lines = [(text[:place].count("\n") + 1, "<!--") for place in places]
    lines += [(rest[: rest.index(mark)].count("\n") + 1, mark) for mark in ("<!--", "-->") if mark in rest]
    for line, mark in lines:
        yield Fault(
            line, f"dấu {mark} lẻ: không rõ chữ quanh đó là hướng dẫn hay nội dung", "bỏ hoặc khôi phục dấu này"
        )


def _without_comments(text: str) -> str:
    """Every line keeps its number."""
    return _COMMENT.sub(lambda comment: "\n" * comment.group().count("\n"), text)


def _sections(text: str) -> Iterator[tuple[int, str, str, int]]:
    """Line and text of each head, the body below it without empty lines before it, and the body's first line."""
    line, title, body = 1, "", list[str]()
    for number, one in enumerate((*text.split("\n"), "# "), start=1):
        if not one.startswith("# ") and one != "#":
            body.append(one)
            continue
        skipped = next((n for n, said in enumerate(body) if said.strip()), 0)
        yield line, title.strip(), "\n".join(body[skipped:]), line + (1 if title else 0) + skipped
        line, title, body = number, one, []

"""What may be written, what it becomes, and that nothing else can come out, whatever goes in."""

from __future__ import annotations

import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.fonts import missing_glyphs
from reporting.written.markdown import MOST_LETTERS, TAGS, composed, lines, markup, read
from tests.tried import tried

# written, with ⏎ for a line's end                        | printed
WRITTEN = """
Một đoạn.⏎⏎Đoạn hai.                                       | <p>Một đoạn.</p><p>Đoạn hai.</p>
Một câu⏎viết tiếp dòng sau.                                | <p>Một câu viết tiếp dòng sau.</p>
Gồm:⏎a) việc một;⏎đ) việc hai.                             | <p>Gồm:</p><p>a) việc một;</p><p>đ) việc hai.</p>
Gồm:⏎– việc một;⏎– việc hai.                               | <p>Gồm:</p><p>– việc một;</p><p>– việc hai.</p>
Có **chữ đậm** và *chữ nghiêng*.                           | <p>Có <strong>chữ đậm</strong> và <em>chữ nghiêng</em>.</p>
- một⏎- hai                                                | <ul><li>một</li><li>hai</li></ul>
- một⏎  + con⏎- hai                                        | <ul><li>một<ul><li>con</li></ul></li><li>hai</li></ul>
•\tmột⏎●  hai⏎\uf0b7\tba                                     | <ul><li>một</li><li>hai</li><li>ba</li></ul>
-\tmột⏎+\thai⏎-\tba                                       | <ul><li>một<ul><li>hai</li></ul></li><li>ba</li></ul>
- một⏎⏎Đoạn.⏎⏎+ hai                                       | <ul><li>một</li></ul><p>Đoạn.</p><ul><li>hai</li></ul>
- một⏎⏎- hai                                               | <ul><li><p>một</p></li><li><p>hai</p></li></ul>
1. một⏎2. hai                                              | <ol><li>một</li><li>hai</li></ol>
1. một⏎3. ba                                               | <p>1. một</p><p>3. ba</p>
2024. Là một năm                                           | <p>2024. Là một năm</p>
1) một⏎2) hai                                              | <p>1) một</p><p>2) hai</p>
5. năm⏎⏎Đoạn xen.⏎⏎6. sáu                                  | <p>5. năm</p><p>Đoạn xen.</p><p>6. sáu</p>
7.                                                         | <p>7.</p>
## Kết quả khác⏎Nội dung.                                  | <p><strong>Kết quả khác</strong></p><p>Nội dung.</p>
      Đoạn thụt đầu dòng.                                  | <p>Đoạn thụt đầu dòng.</p>
Tăng < 5, giảm > 3 & bằng "A"                              | <p>Tăng &lt; 5, giảm &gt; 3 &amp; bằng "A"</p>
Tên_tệp_dài và 5*3*2                                       | <p>Tên_tệp_dài và 5<em>3</em>2</p>
Xem [cổng](https://a.vn/b?c=1&d=2)                         | <p>Xem cổng (https://a.vn/b?c=1&amp;d=2)</p>
Xem <https://a.vn> và <mailto:a@b.vn>                      | <p>Xem https://a.vn và mailto:a@b.vn</p>
[a]: http://mất.vn                                         | <p>[a]: http://mất.vn</p>
&copy; &#273;                                              | <p>© đ</p>
Đạt {tỷ lệ A, tử số}, **{cột 10}** bộ                      | <p>Đạt ‹tỷ lệ A, tử số›, <strong>‹cột 10›</strong> bộ</p>
Mã {ONLINE_RECEIVED} và *{PAID_ONLINE}*                    | <p>Mã ‹ONLINE_RECEIVED› và <em>‹PAID_ONLINE›</em></p>
"""


def rows(table: str) -> list[tuple[str, str]]:
    pairs = (line.rsplit(" | ", 1) for line in table.strip("\n").splitlines())
    return [(left.rstrip().replace("⏎", "\n"), right.strip()) for left, right in pairs]


def printed(text: str) -> str:
    return markup(read(text).pieces, lambda name: f"‹{name}›")


@pytest.mark.parametrize(("text", "html"), rows(WRITTEN))
def test_what_is_written_is_what_is_printed(text: str, html: str) -> None:
    reading = read(text)
    assert reading.faults == ()
    assert printed(text) == html


# written                                                  | line and reason
REFUSED = """
Một.⏎⏎<script>alert(1)</script>                            | 3 thẻ HTML «<script>»
Một <b>đậm</b>                                             | 1 thẻ HTML «<b>»
Một &lt;img src=x&gt;                                      | 1 thẻ HTML «<img src=x>»
Một⏎[bấm](javascript:alert(1))                             | 2 liên kết «javascript:alert(1)»
[bấm](JaVaScRiPt:alert(1))                                 | 1 liên kết «JaVaScRiPt
[bấm](file:///etc/passwd)                                  | 1 liên kết «file:///etc/passwd»
[bấm](data:text/html;base64,PHN2Zz4=)                      | 1 liên kết «data:text/html
<file:///etc/passwd>                                       | 1 liên kết «file:
[bấm](//a.vn)                                              | 1 liên kết «//a.vn»
Một⏎![ảnh](file:///etc/passwd)                             | 2 ảnh không dùng được
![ảnh](https://a.vn/a.png "tên")                           | 1 ảnh không dùng được
Một⏎⏎> trích                                               | 3 dấu trích dẫn (>)
Một⏎⏎---⏎⏎Hai                                              | 3 đường kẻ ngang
```⏎mã⏎```                                                 | 1 khối mã
| a | b |⏎|---|---|⏎| 1 | 2 |                              | 1 bảng không dùng được
Một⏎Hai 😀                                                 | 2 ký tự «😀» (U+1F600)
Hai &#x1F600;                                              | 1 ký tự «😀» (U+1F600)
Một ký tự hỏng �                                           | 1 ký tự «�» (U+FFFD)
**đậm không đóng                                           | 1 dấu ** lẻ
Đạt {tỷ lệ A                                               | 1 dấu ngoặc nhọn
Đạt {tỷ {lệ} A}                                            | 1 dấu ngoặc nhọn
Đạt {tỷ **lệ** A}                                          | 1 dấu ngoặc nhọn
- a⏎  - b⏎    - c⏎      - d                                | 4 danh sách lồng quá 3 cấp
"""


@pytest.mark.parametrize(("text", "why"), rows(REFUSED))
def test_what_is_not_for_a_report_is_refused_with_its_line(text: str, why: str) -> None:
    line, reason = why.split(" ", 1)
    first = read(text).faults[0]
    assert (str(first.line), reason in first.wrong) == (line, True), first
    assert first.advice


HOSTILE = {
    "ten thousand quotes": ">" * 10_000,
    "ten thousand quotes with spaces": "> " * 10_000,
    "lists in lists": "\n".join("  " * n + "- a" for n in range(130)),
    "numbers in numbers": "1. " * 6_000,
    "open brackets": "[" * 10_000,
    "open images": "![" * 9_000,
    "open addresses": "[a](" * 5_000,
    "emphasis without end": "*a " * 6_000,
    "emphasis in emphasis": "*a _b " * 1_500 + "_ c*" * 1_500,
    "stars": "**" * 4_000 + "a" + "**" * 4_000,
    "stars and lines": "*_" * 4_000 + "a" + "_*" * 4_000,
    "braces": "{" * 9_999 + "}" * 9_999,
    "tags": "<a href=x onclick=y><svg/onload=z>" * 500,
    "comments": "<!--" * 5_000,
    "entities": "&lt;b&gt;&#60;i&#62;&amp;lt;" * 700,
    "a table": "|" * 5_000 + "\n" + "|-" * 5_000,
    "backslashes": "\\" * 9_999 + "<b>",
    "ticks": "`" * 5_000 + " " + "`" * 4_999,
    "quotes of attributes": "\" onload='x' \" " * 900,
    "items": "- a\n" * 4_900,
    "nothing but breaks": "a\\\n" * 6_000,
    "one long word": "ắ" * 19_999,
    "too long": "a" * (MOST_LETTERS + 1),
    "marks of direction": "a\u202eb\u200fc\u2066d\ufeff\u00ad" * 900,
    "controls": "a\x00b\x07c\x1b[31m\u2028d\u2029",
}


class Seen(HTMLParser):
    """Tags and attributes of what came out, and its words."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: list[object] = []
        self.words = ""
        self.others: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def harmless(text: str) -> None:
    """Even where it is refused nothing else comes out; where it is not, every letter can be printed."""
    reading = read(text)
    seen = Seen(markup(reading.pieces, lambda name: f"<b {name}>"))
    assert seen.tags <= set(TAGS)
    assert (seen.attributes, seen.others) == ([], [])
    if not reading.faults:
        assert missing_glyphs(seen.words) == ""
        assert composed(seen.words) == seen.words


@pytest.mark.parametrize("name", HOSTILE)
def test_no_other_tag_and_no_attribute_can_come_out(name: str) -> None:
    begun = time.process_time()
    harmless(HOSTILE[name])
    assert time.process_time() - begun < 10


WORDS = "a é ế < > * ** _ ` | { } {cột 3} \\ \" ' ![ ]( ](javascript:x) &lt; &#60; <b> <!-- --> http://a.vn"
PIECES = st.sampled_from([*WORDS.split(" "), " ", "- ", "1. ", "2) ", "> ", "# ", "\n", "\n\n", "---\n", "```\n"])


@settings(max_examples=tried(300), deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_whatever_is_put_together(text: str) -> None:
    harmless(text)


def test_emphasis_that_is_too_deep_is_refused() -> None:
    (fault,) = read("*a **b *c **d** c* b** a*").faults
    assert "lồng nhau" in fault.wrong


def test_lines_are_those_of_the_file() -> None:
    reading = read("một {cột 3}\nhai **3** lần\n\n- ba\n- bốn\n", first_line=10)
    assert [(n, text.strip()) for n, text in lines(reading.pieces)] == [
        (10, "một {cột 3}"),
        (11, "hai 3 lần"),
        (13, "ba"),
        (14, "bốn"),
    ]


def test_letters_in_two_pieces_are_joined_and_unseen_marks_go() -> None:
    assert composed("tỷ\u200b lệ\u00ad\ufeff \u202eA") == "tỷ lệ A"

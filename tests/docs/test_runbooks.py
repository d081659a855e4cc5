"""What the documents tell people to type is a command that there is, what they quote is what the system says, and
where they point there is something."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer import main as typer_main
from typer._click import Command, Context  # Typer keeps its Click to itself
from typer._click.exceptions import UsageError
from typer.core import TyperGroup

from cli.main import app
from contracts.settings import REPOSITORY
from tests.docs.pages import (
    DOCS,
    anchors,
    capitals,
    codes,
    commands,
    is_said,
    is_vietnamese,
    links,
    mentions,
    pages,
    printed,
)

RUNBOOKS = (
    "calendar",
    "failed-extract",
    "late-district",
    "lost-machine",
    "notices",
    "schedule",
    "upgrade",
    "vendor-upgrade",
    "wrong-figure",
)
QUOTING = (*RUNBOOKS, "backup", "retention")
"""Pages whose every Vietnamese word set as code is the system's."""
UNBROKEN = ("backup", "lost-machine", "upgrade")
"""Pages on which no line that the terminal shows goes on in the next one, nor is of a table."""
ROOT = typer_main.get_command(app)


def resolved(line: str) -> str:
    """What is wrong with a command; "" where it is one. Nothing is run, and no value is looked at."""
    bare = re.sub(r"\s+(?:#|>|<|\||&&|;|→).*$", "", line)
    words = shlex.split(re.sub(r"[\[\]]|\\?\|\S+", "", bare))[1:]
    command: Command = ROOT
    context = Context(command, info_name="cchc")
    try:
        while isinstance(command, TyperGroup):
            _, words, _ = command.make_parser(context).parse_args(words)  # options of the group itself
            if not words or words[0] == "…":
                return ""
            found = command.get_command(context, words[0])
            if found is None:
                return f"there is no «{words[0]}»"
            command, context, words = found, Context(found, info_name=words[0], parent=context), words[1:]
        _, left, _ = command.make_parser(context).parse_args(words)
    except UsageError as error:
        return error.format_message()
    return f"left over: {left}" if set(left) - {"…"} else ""


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.stem)
def test_every_command_is_one(page: Path) -> None:
    wrong = [f"{quote} ({why})" for quote in commands(page) if (why := resolved(quote.text))]
    assert wrong == []


def test_a_command_that_there_is_not_is_seen() -> None:
    assert resolved("cchc rerun 2024Q4 --failed") == ""
    assert "no «rerunn»" in resolved("cchc rerunn 2024Q4")
    assert resolved("cchc rerun 2024Q4 --fialed")
    assert "left over" in resolved("cchc rerun 2024Q4 cam-lam")


@pytest.mark.parametrize("name", QUOTING)
def test_every_message_is_the_systems_own(name: str) -> None:
    """In a runbook, Vietnamese words set as code are what the terminal says; so are capitals at a line's beginning."""
    page = DOCS / "operate" / f"{name}.md"
    quoted = [*(quote for quote in codes(page) if is_vietnamese(quote.text)), *capitals(page)]
    assert len(quoted) > 4, "nothing was found to look at"
    assert [str(quote) for quote in quoted if not quote.text.startswith("cchc ") and not is_said(quote.text)] == []


@pytest.mark.parametrize("name", UNBROKEN)
def test_every_line_of_the_terminal_is_the_systems_own(name: str) -> None:
    lines = [quote for quote in printed(DOCS / "operate" / f"{name}.md") if is_vietnamese(quote.text)]
    assert lines, "nothing was found to look at"
    assert [str(quote) for quote in lines if not is_said(quote.text)] == []


def test_a_message_that_nothing_says_is_seen() -> None:
    assert is_said("không còn cột")
    assert is_said("không có nguồn nào lỗi; không cần chạy lại")
    assert not is_said("không còn cột nào ở đây cả")


def test_a_message_in_pieces_is_said_only_whole() -> None:
    """Where one text is filled into another."""
    assert is_said("THIẾU: … không còn khi sao lưu")
    assert not is_said("THIẾU: … không thấy khi sao lưu")
    assert not is_said("THIẾU: … không còn lúc sao lưu")
    assert is_said("bỏ qua số 2: đã có tệp khác mang số đó mà sổ báo cáo không ghi, giữ nguyên tệp đó")
    assert not is_said("bỏ qua số 2: đã có tệp khác mang số đó mà sổ đăng ký không ghi, giữ nguyên tệp đó")


def test_what_a_script_says_is_said() -> None:
    assert is_said("KHÔNG DÙNG BẢN NÀY: thiếu tệp …")
    assert is_said("ĐÚNG BẢN PHÁT HÀNH của cchc, nguyên vẹn:")
    assert not is_said("ĐÚNG BẢN PHÁT HÀNH của tỉnh, nguyên vẹn:")


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.stem)
def test_every_link_leads_somewhere(page: Path) -> None:
    wrong = []
    for link in links(page):
        path, _, anchor = link.text.partition("#")
        if re.match(r"[a-z]+:", path):
            continue
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            wrong.append(str(link))
    assert wrong == []


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.stem)
def test_every_document_that_is_named_is_there(page: Path) -> None:
    assert [str(quote) for quote in mentions(page) if not (REPOSITORY / quote.text).exists()] == []


def test_a_document_that_there_is_not_is_seen(tmp_path: Path) -> None:
    """Links of the page are looked at by themselves, from where it stands."""
    page = tmp_path / "page.md"
    page.write_text("what rows\ntell (docs/quality.md), `docs/none.md`; [x](../docs/other.md), /opt/cchc/docs/far.md\n")
    assert [(quote.line, quote.text) for quote in mentions(page)] == [(2, "docs/quality.md"), (2, "docs/none.md")]


@pytest.mark.parametrize("name", RUNBOOKS)
def test_a_runbook_fits_the_screen_that_it_is_read_on(name: str) -> None:
    """Steps are numbered, and what the terminal prints stands in eighty columns."""
    text = (DOCS / "operate" / f"{name}.md").read_text(encoding="utf-8")
    assert re.search(r"^1\. \*\*", text, re.MULTILINE)
    assert [str(quote) for quote in printed(DOCS / "operate" / f"{name}.md") if len(quote.text) > 80] == []

"""What people read, as files that an officer can read: `Chủ đề:`, an empty line, the letter.

Anew after a wanted change: WRITE_LETTERS=1 pytest tests/notices/test_words.py, then read what changed."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.main import app
from contracts import errors
from contracts.clock import VIETNAM
from contracts.errors import CchcError
from contracts.notices import NoticeKind
from contracts.source_config import SourceConfig
from flows.notices import letters, words
from flows.notices.reasons import LOST, reason_of
from flows.overdue import Kind, Overdue
from flows.place import find_place
from warehouse.notices import Cause, Notice

FOLDER = Path(__file__).parent
PORTAL = "https://baocao.khanhhoa.gov.vn/"
AT = datetime(2024, 12, 15, 6, 12, tzinfo=VIETNAM)
SINCE = datetime(2024, 12, 15, 6, 4, tzinfo=VIETNAM)
PLACE = find_place("2024Q4", province="provinces/khanh-hoa", as_of="2024-12-14")
PERIOD = PLACE.period
SOURCES = {source.id: source for source in PLACE.sources()}


def notices(*causes: Cause) -> list[Notice]:
    return [
        Notice(**vars(cause), id=number, raised_at=AT, over_at=None, addressed_at=None)
        for number, cause in enumerate(causes, start=1)
    ]


def failed(source_id: str, kind: str = "SourceUnreachable") -> Cause:
    return words.source_failed(PERIOD, SOURCES[source_id], error_kind=kind, since=SINCE)


def done(*missing: str, again: bool = False) -> Cause:
    lacking: Sequence[SourceConfig] = [SOURCES[name] for name in missing]
    as_of = date(2024, 12, 14)
    return words.quarter_done(PERIOD, reports=11, as_of=as_of, sources=10, missing=lacking, again=again)


PROVINCE = words.Report(PERIOD, "tỉnh Khánh Hòa", "56", "H32", True, 3)
CAM_LAM = words.Report(PERIOD, "huyện Cam Lâm", "570", "H32.31", False, 2)


def late(kind: Kind, source_id: str = "") -> Cause:
    command = f"cchc rerun 2024Q4 --source {source_id}" if source_id else "cchc run 2024Q4"
    found = Overdue(kind, "2024Q4", source_id, SINCE, "máy chủ 10.1.2.3: /srv/bi-mat", command)
    return words.overdue(found, source=SOURCES.get(source_id))


ASKED = "cchc watchdog --prefect-port 4200"
LETTERS = {
    "nguon-loi": ([failed("cam-lam")], []),
    "nguon-da-doi": ([failed("nha-trang", "SourceDrift")], []),
    "nhieu-nguon-loi": ([failed(name) for name in list(SOURCES)[:7]], []),
    "ky-xong-thieu-nguon": ([done("cam-lam"), failed("cam-lam")], []),
    "ky-xong-thieu-nhieu-nguon": (
        [done(*list(SOURCES)[:7]), *(failed(name) for name in list(SOURCES)[:7])],
        [],
    ),
    "ky-xong-chua-gui-tep": ([done("truong-sa")], []),
    "ky-xong-du": ([done()], []),
    "ky-nay-da-du": ([done(again=True)], [failed("cam-lam")]),
    "da-cong-bo-thay-doi": ([words.published_moved(PROVINCE, published=1, moved=1234)], []),
    "moi-hon-ban-da-duyet": ([words.newer_than_approved(CAM_LAM, approved=1)], []),
    "nhieu-bao-cao-thay-doi": (
        [words.published_moved(PROVINCE, published=1, moved=12), words.published_moved(CAM_LAM, published=1, moved=12)],
        [],
    ),
    "chua-chay": ([late(Kind.NEVER_RAN)], []),
    "bi-dung": ([late(Kind.STOPPED)], []),
    "qua-han-nguon": ([late(Kind.SOURCE_MISSING, "cam-lam"), late(Kind.SOURCE_MISSING, "truong-sa")], []),
    "lich-hong": (
        [
            words.overdue(
                Overdue(Kind.NO_SCHEDULE, "", "", SINCE, "…", "systemctl restart cchc"), source=None, look=ASKED
            )
        ],
        [],
    ),
    "may-chu-lich-dung": (
        [words.overdue(Overdue(Kind.NO_SERVER, "", "", SINCE, "…", "systemctl restart cchc"), source=None, look=ASKED)],
        [],
    ),
}


def written(name: str) -> str:
    new, over = (notices(*causes) for causes in LETTERS[name])
    period = PERIOD if new[0].period_id else None
    head = letters.subject("Khánh Hòa", period, new)
    return f"Chủ đề: {head}\n\n" + letters.body("Khánh Hòa", period, new, over, portal=PORTAL, foot=letters.FOOT) + "\n"


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_reads_as_it_should(name: str) -> None:
    file = FOLDER / f"{name}.txt"
    if os.environ.get("WRITE_LETTERS"):
        file.write_text(written(name), encoding="utf-8")
    assert written(name) == file.read_text(encoding="utf-8")


def test_every_file_is_a_letter() -> None:
    assert {file.stem for file in FOLDER.glob("*.txt")} == set(LETTERS)


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_is_short_and_keeps_its_secrets(name: str) -> None:
    head, _, text = written(name).partition("\n\n")
    assert len(head.removeprefix("Chủ đề: ")) <= 78
    said = [line for line in text.splitlines() if line]
    assert len(said) <= 12, "lines with words"
    assert unicodedata.is_normalized("NFC", text)
    for inside in ("10.1.2.3", "/srv", "sqlite", "bi-mat"):
        assert inside not in text


@pytest.mark.parametrize("name", LETTERS)
def test_every_command_is_one_of_ours(name: str) -> None:
    ours = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    ours |= {group.name for group in app.registered_groups if isinstance(group.name, str)}
    for line in written(name).splitlines():
        if line.startswith("  cchc "):
            assert line.split()[1] in ours


def _kinds(of: type[CchcError]) -> list[str]:
    return [of.__name__, *(name for kind in of.__subclasses__() for name in _kinds(kind))]


def test_every_kind_of_error_has_words_of_its_own() -> None:
    """A new kind is told by general words until somebody thinks of better ones: this asks for them."""
    ours = {name for name in _kinds(CchcError) if hasattr(errors, name)}
    told = {name for name in ours if reason_of(name) != reason_of("nobody knows")}
    assert ours - told == {"CchcError", "SourceNotReceived"}, "the latter is no failure"
    assert reason_of(LOST) != reason_of("bug") != reason_of("nobody knows")


SOURCE_NAMES = st.text(min_size=1, max_size=200)


@given(names=st.lists(SOURCE_NAMES, min_size=1, max_size=12), whole=st.booleans())
def test_whatever_a_source_is_called_it_stays_a_letter(names: list[str], whole: bool) -> None:
    sources = [
        replace(SOURCES["cam-lam"], id=f"nguon-{number}", name=name, contact=f"{name} 0258.000.0003")
        for number, name in enumerate(names)
    ]
    causes = [words.source_failed(PERIOD, one, error_kind="bug", since=SINCE) for one in sources]
    if whole:
        causes.append(
            words.quarter_done(PERIOD, reports=1, as_of=date(2024, 12, 14), sources=12, missing=sources, again=False)
        )
    new = notices(*causes)
    head = letters.subject("Khánh Hòa", PERIOD, new)
    text = letters.body("Khánh Hòa", PERIOD, new, new, portal=PORTAL, foot=letters.FOOT)
    assert len(head) <= 78
    assert head.isprintable() or not any(c in head for c in "\r\n")
    assert len([line for line in text.split("\n") if line]) <= 14
    assert all(len(line) <= letters.LINE for line in text.split("\n"))


def test_of_the_contact_only_the_telephone_is_told() -> None:
    source = replace(SOURCES["cam-lam"], contact="bà Nguyễn Thị Lan, +84 258 000 0003, lan@camlam.gov.vn")
    text = words.source_failed(PERIOD, source, error_kind="SourceUnreachable", since=SINCE).body
    assert "+84 258 000 0003" in text
    assert "Lan," not in text and "@" not in text


def test_kinds_stand_in_the_order_of_what_matters() -> None:
    new = notices(words.published_moved(PROVINCE, published=1, moved=1), failed("cam-lam"), done("cam-lam"))
    text = letters.body("Khánh Hòa", PERIOD, new, [], portal="", foot="")
    places = [text.index(said) for said in ("Đã in", "Nguồn lỗi", "Số liệu đã công bố")]
    assert places == sorted(places)
    assert [kind for kind, _ in letters._by_kind(new)] == [
        NoticeKind.QUARTER_DONE,
        NoticeKind.SOURCE_FAILED,
        NoticeKind.NEW_VERSION,
    ]

"""`cchc store`: a store that is set up later, or has lost something, gets what lies on this machine and the warehouse
names, and nothing that is damaged here."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.homes import copy_of
from tests.quarter.command import Office


@pytest.fixture
def office(khanh_hoa: Office, tmp_path: Path) -> Office:
    """Both quarters were run there without a store."""
    copy_of(khanh_hoa.home, tmp_path / "may-1")
    (tmp_path / "kho").mkdir()
    return Office(tmp_path / "may-1", settings={"CCHC_STORE": f"file://{tmp_path}/kho"})


def said(office: Office, *words: str, expect: int = 0) -> tuple[int, ...]:
    """Files that came, that were there, and that were refused."""
    told = office.cchc("store", "put", *words, expect=expect).stdout
    found = re.search(r"đã chép (\d+) tệp, (\d+) tệp đã có sẵn, (\d+) mục không chép được", told)
    assert found, told
    return tuple(map(int, found.groups()))


def test_what_lies_here_comes_into_the_store(office: Office, tmp_path: Path) -> None:
    assert "thử được" in office.cchc("store", "check").stdout
    came, there, refused = said(office)
    assert (there, refused) == (0, 0)
    assert said(office) == (0, came, 0)
    kept, here = tmp_path / "kho" / "khanh-hoa", office.home / "khanh-hoa"
    landed = {str(path.relative_to(here)) for path in (here / "landing").rglob("[!.]*") if path.is_file()}
    assert {str(path.relative_to(kept)) for path in (kept / "landing").rglob("*") if path.is_file()} == landed
    for line in office.cchc("status", "2024Q4", "--files").stdout.splitlines():
        sha256, path = line.split("  ")
        assert hashlib.sha256((kept / Path(path).relative_to(here)).read_bytes()).hexdigest() == sha256

    report = next((here / "reports").rglob("*-v1.pdf"))
    (kept / report.relative_to(here)).write_bytes(b"")
    assert said(office, "--again")[0] == came
    assert (kept / report.relative_to(here)).read_bytes() == report.read_bytes()

    whole = report.read_bytes()
    report.write_bytes(b"%PDF of somebody else")
    assert said(office, "--again") == (came, 0, 0), "the store's gives the machine its own back"
    assert report.read_bytes() == whole

    report.write_bytes(b"%PDF of somebody else")
    (kept / report.relative_to(here)).write_bytes(b"%PDF of a third one")
    assert said(office, "--again", expect=4)[2] == 1
    assert (kept / report.relative_to(here)).read_bytes() != report.read_bytes()


def test_without_a_store_it_is_said_how_to_set_one(office: Office) -> None:
    for words in (("put",), ("check",)):
        told = replace(office, settings={}).cchc("store", *words, expect=2)
        assert "đặt CCHC_STORE" in told.stderr

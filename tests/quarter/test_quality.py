"""The demonstration's quality page: the ledger's figures, no code of a dossier unless asked for, the same bytes."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from tests.quarter.command import Office
from tests.reporting.quality.page_reader import by_name, parsed, table, text_of

pytestmark = pytest.mark.xdist_group("quality")

CODE = re.compile(r"-\d{6}-\d{4,}")


@pytest.fixture(scope="module")
def page(khanh_hoa: Office) -> Path:
    khanh_hoa.cchc("quality", "2024Q4")
    return khanh_hoa.home / "khanh-hoa" / "quality" / "2024Q4.html"


def number(count: int) -> str:
    return f"{count:,}".replace(",", ".")


def test_each_source_has_the_ledgers_figures(khanh_hoa: Office, page: Path) -> None:
    document = parsed(page.read_text(encoding="utf-8"))
    shown = by_name(document, "bang-nguon")
    sources = khanh_hoa.status("2024Q4")["sources"]
    for source in sources:
        counts = [source[name] for name in ("rows", "accepted", "quarantined")]
        assert shown[source["name"]][2:5] == [number(n) for n in counts]
        assert shown[source["name"]][5].endswith(f"| {number(source['quarantined'])}/{number(source['rows'])}")
    sums = [sum(s[name] for s in sources) for name in ("rows", "accepted", "quarantined")]
    assert shown["Tổng cộng"][2:5] == [number(n) for n in sums]
    assert f"đã đọc {number(sums[0])} dòng hồ sơ" in text_of(document)


def test_each_finding_stands_in_the_matrix(khanh_hoa: Office, page: Path) -> None:
    findings = pd.read_csv(khanh_hoa.export("2024Q4", "findings"))
    document = parsed(page.read_text(encoding="utf-8"))
    shown = 0
    for id_ in ("ma-tran-loi", "ma-tran-canh-bao"):
        shown += sum(int(cell) for row in table(document, id_)[2:-1] for cell in row[1:])
    assert shown == findings["rows"].sum()
    told = {row[1]: row[3] for row in table(document, "chu-giai")[1:]}
    for sentence, rows in findings.groupby("sentence")["rows"].sum().items():
        assert told[sentence].split()[0] == number(rows)


def test_no_code_stands_there_and_few_may_read_the_file(khanh_hoa: Office, page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not CODE.search(text)
    rejected = pd.read_csv(khanh_hoa.export("2024Q4", "rejected"))
    codes = list(rejected["dossier_code"].dropna())
    assert codes
    assert not [code for code in codes if code in text]
    assert page.stat().st_mode & 0o777 == 0o640


def test_codes_are_written_on_request_in_a_file_for_its_owner(khanh_hoa: Office) -> None:
    said = khanh_hoa.cchc("quality", "2024Q4", "--with-codes")
    path = khanh_hoa.home / "khanh-hoa" / "quality" / "2024Q4-co-ma-ho-so.html"
    text = path.read_text(encoding="utf-8")
    rejected = pd.read_csv(khanh_hoa.export("2024Q4", "rejected"))
    assert all(code in text for code in rejected["dossier_code"].dropna())
    assert path.stat().st_mode & 0o777 == 0o600
    assert "dữ liệu cá nhân" in said.stderr


def test_a_later_day_gives_the_same_bytes(khanh_hoa: Office, page: Path, tmp_path: Path) -> None:
    later = Office(khanh_hoa.home, now="2025-01-20T17:30:00+07:00")
    later.cchc("quality", "2024Q4", "--out", str(tmp_path / "sau.html"))
    assert (tmp_path / "sau.html").read_bytes() == page.read_bytes()


def test_nothing_of_another_address_is_in_the_file(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not [found for found in ("http://", "https://", "url(", "<script") if found in text]


def test_a_period_that_was_never_run_and_a_file_that_is_no_page_are_refused(khanh_hoa: Office, tmp_path: Path) -> None:
    assert "cchc run 2023Q4" in khanh_hoa.cchc("quality", "2023Q4", expect=2).stderr
    assert ".html" in khanh_hoa.cchc("quality", "2024Q4", "--out", str(tmp_path / "a.pdf"), expect=2).stderr
    assert not list(tmp_path.iterdir())

"""Quarantine lists: what is listed is what counts nowhere, filtered and paged alike, and every look is entered."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from sqlalchemy import text

from portal import safe_csv
from portal.house import House
from portal.routes import quarantine
from tests.portal.conftest import SignIn
from warehouse import ledger, read

PAGE = "/ky/2024Q4/cach-ly"


def codes_in(page: str) -> list[str]:
    return re.findall(r'<th scope="row" class="code">(.*?)</th>', page)


def deeds(house: House, action: str) -> list[dict[str, object]]:
    with house.engine.connect() as connection:
        query = text("SELECT about FROM audit_entry WHERE action = :action ORDER BY number")
        return [json.loads(about) for (about,) in connection.execute(query, {"action": action})]


def test_what_is_listed_is_what_does_not_count(sign_in: SignIn, house: House) -> None:
    page = sign_in("lan").get(PAGE).text
    for known in ledger.partitions(house.engine, "2024Q4"):
        assert known.quarantined
        name = house.place("2024Q4").source(known.source_id).name
        assert f"<strong>{name}</strong>: {known.quarantined} dòng" in page
    assert len(codes_in(page)) == min(quarantine.PAGE, len(read.rejected(house.engine, "2024Q4")))


def test_filtered_by_source_rule_and_unit(sign_in: SignIn, house: House) -> None:
    rows = read.rejected(house.engine, "2024Q4")
    client = sign_in("lan")
    of_source = rows[rows["source_id"] == "nha-trang"]
    assert len(codes_in(client.get(PAGE, params={"nguon": "nha-trang"}).text)) == len(of_source)
    both = of_source[[("dates.readable" in r.split(",")) for r in of_source["rules"]]]
    found = codes_in(client.get(PAGE, params={"nguon": "nha-trang", "loi": "dates.readable"}).text)
    assert found == list(both["dossier_code"])
    below = rows[rows["agency_code"].fillna("").str.startswith("H32.30")]
    assert len(codes_in(client.get(PAGE, params={"don-vi": "H32.30"}).text)) == len(below)
    nobodys = rows[rows["agency_code"].fillna("") == ""]
    assert len(codes_in(client.get(PAGE, params={"don-vi": "-"}).text)) == len(nobodys) > 0
    assert "Không có dòng nào như vậy" in client.get(PAGE, params={"loi": "khong.co"}).text


def test_pages_have_each_row_once(sign_in: SignIn, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quarantine, "PAGE", 7)
    client, rows = sign_in("lan"), read.rejected(house.engine, "2024Q4")
    numbers = range(1, -(-len(rows) // 7) + 2)
    found = [code for n in numbers for code in codes_in(client.get(PAGE, params={"trang": n}).text)]
    assert found == [code or "(không có mã)" for code in rows["dossier_code"].fillna("")]


def test_the_file_is_the_list(sign_in: SignIn, house: House) -> None:
    answer = sign_in("truc").get(f"{PAGE}.csv", params={"nguon": "nha-trang"})
    assert answer.content.startswith("\ufeff".encode()), "or a spreadsheet breaks the accents"
    head, *lines = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    rows = read.rejected(house.engine, "2024Q4", "nha-trang")
    assert tuple(head) == quarantine.HEAD
    assert [line[1] for line in lines] == list(rows["dossier_code"].fillna(""))
    assert [line[6].split() for line in lines] == [r.split(",") for r in rows["rules"]]
    assert 'filename="cach-ly-2024Q4-nha-trang.csv"' in answer.headers["content-disposition"]
    assert "no-store" in answer.headers["cache-control"]


def test_nothing_in_the_file_is_run() -> None:
    cells = ["=1+1", "+84", "-1", "@x", "\t=1", "\r=1", "H32-1", ""]
    (line,) = csv.reader(io.StringIO("".join(safe_csv.lines([cells])).removeprefix("\ufeff"), newline=""))
    assert line == ["'=1+1", "'+84", "'-1", "'@x", "'\t=1", "'\r=1", "H32-1", ""]


def test_each_look_and_each_file_is_entered_without_a_code(sign_in: SignIn, house: House) -> None:
    client = sign_in("lan")
    client.get(PAGE, params={"nguon": "nha-trang"})
    client.get(f"{PAGE}.csv", params={"loi": "dates.readable"})
    seen, taken = deeds(house, "codes"), deeds(house, "download")
    assert [one["source"] for one in seen] == ["nha-trang"]
    assert [one["rule"] for one in taken] == ["dates.readable"]
    assert not re.search(r"-\d{6}-\d{4}", json.dumps(seen + taken))


def test_the_newest_period_is_where_the_menu_leads(sign_in: SignIn) -> None:
    assert sign_in("lan").get("/cach-ly").headers["location"] == PAGE


def test_before_the_first_period_the_menu_leads_to_words_and_not_to_an_error(
    sign_in: SignIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in("lan")
    monkeypatch.setenv("CCHC_HOME", str(tmp_path / "new"))
    assert client.get("/cach-ly").headers["location"] == "/ky"


def test_a_period_that_was_never_run(sign_in: SignIn) -> None:
    assert sign_in("lan").get("/ky/2019Q1/cach-ly").status_code == 404

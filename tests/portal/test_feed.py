"""News of releases: a secret address of each person, with what that person may see at that moment."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from contracts import clock
from contracts.roles import Role
from portal.atom import feed
from portal.house import House
from portal.people import Person
from tests.portal.conftest import OTHER_CODE, OWN_CODE, SignIn, token_of
from tests.portal.released import bring, deeds
from warehouse import accounts, tables
from warehouse.database import writing
from warehouse.stages import Stage

ATOM = "{http://www.w3.org/2005/Atom}"


def address(client: TestClient) -> str:
    html = client.post("/bao-cao/tin", data={"viec": "cap"} | token_of(client)).text
    found = re.search(r'value="https?://[^/"]+(/tin/[^"]+\.atom)"', html)
    assert found
    return found[1]


def entries(client: TestClient, path: str) -> list[ET.Element]:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(answer.content).findall(f"{ATOM}entry")


def titles(client: TestClient, path: str) -> list[str]:
    return [entry.findtext(f"{ATOM}title", "") for entry in entries(client, path)]


def change(house: House, login: str, **values: object) -> None:
    with writing(house.engine) as connection:
        connection.execute(update(tables.account).where(tables.account.c.login == login).values(**values))


def test_the_releases_that_one_may_see_the_last_first(sign_in: SignIn, house: House) -> None:
    now = clock.now()
    bring(house, "2024Q3", OWN_CODE, Stage.PUBLISHED, at=now - timedelta(days=80), note="Công văn số 12")
    bring(house, "2024Q4", OWN_CODE, Stage.PUBLISHED, at=now)
    bring(house, "2024Q4", OTHER_CODE, Stage.PUBLISHED, at=now - timedelta(hours=1))
    bring(house, "2024Q4", "56", Stage.APPROVED)
    nobody = sign_in()
    own = ["Huyện Cam Lâm – Quý IV năm 2024: công bố bản 1", "Huyện Cam Lâm – Quý III năm 2024: công bố bản 1"]
    assert titles(nobody, address(sign_in("xem"))) == own
    assert titles(nobody, address(sign_in("lan"))) == [
        own[0],
        "Thành phố Nha Trang – Quý IV năm 2024: công bố bản 1",
        own[1],
    ]


def test_it_is_atom(sign_in: SignIn, house: House) -> None:
    """RFC 4287, 4.1: what a feed and an entry must have, and each once."""
    bring(house, "2024Q4", OWN_CODE, Stage.PUBLISHED, note="<b>12</b> & 13")
    path, nobody = address(sign_in("xem")), sign_in()
    top = ET.fromstring(nobody.get(path).content)
    assert top.tag == f"{ATOM}feed"
    for element in (top, *top.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1
        assert re.fullmatch(r"tag:cchc\.khanh-hoa,2024:[^\s]+", element.findtext(f"{ATOM}id", ""))
        stamp = element.findtext(f"{ATOM}updated", "")
        assert datetime.fromisoformat(stamp).tzinfo is not None
        for link in element.findall(f"{ATOM}link"):
            assert re.match(r"https?://[^/]+/bao-cao", link.attrib["href"])
            assert link.attrib["rel"] == "alternate"
    assert top.findtext(f"{ATOM}author/{ATOM}name") == "Khánh Hòa"
    (entry,) = top.findall(f"{ATOM}entry")
    assert top.findtext(f"{ATOM}updated") == entry.findtext(f"{ATOM}updated")
    assert "<b>12</b> & 13" in entry.findtext(f"{ATOM}summary", "")
    link = entry.find(f"{ATOM}link")
    assert link is not None
    assert sign_in("xem").get(link.attrib["href"].removeprefix("http://testserver")).status_code == 200


def test_links_lead_to_the_address_that_the_office_gave(sign_in: SignIn, house: House) -> None:
    bring(house, "2024Q4", OWN_CODE, Stage.PUBLISHED)
    path = address(sign_in("xem"))
    before = ET.fromstring(sign_in().get(path).content)
    account = accounts.with_login(house.engine, "xem")
    assert account is not None
    top = ET.fromstring(feed(house, Person(account, "", ""), base="https://baocao.khanhhoa.example"))
    hrefs = [link.attrib["href"] for link in top.iter(f"{ATOM}link")]
    assert all(href.startswith("https://baocao.khanhhoa.example/bao-cao") for href in hrefs)
    ids = [[one.text for one in found.iter(f"{ATOM}id")] for found in (before, top)]
    assert ids[0] == ids[1]  # else every reader would show everything once more


def test_an_address_is_shown_once_and_ends_with_the_next(sign_in: SignIn, house: House) -> None:
    client, nobody = sign_in("xem"), sign_in()
    first = address(client)
    secret = first.removeprefix("/tin/").removesuffix(".atom")
    assert len(secret) == 43  # 256 bits
    assert secret not in client.get("/bao-cao/tin").text
    second = address(client)
    assert (nobody.get(first).status_code, nobody.get(second).status_code) == (404, 200)
    client.post("/bao-cao/tin", data={"viec": "bo"} | token_of(client))
    assert nobody.get(second).status_code == 404
    found = deeds(house, "feed")
    assert [one["who"] for one in found] == ["xem"] * 3
    assert secret not in str(found)


def test_the_warehouse_has_only_the_digest(sign_in: SignIn, house: House) -> None:
    secret = address(sign_in("xem")).removeprefix("/tin/").removesuffix(".atom")
    with house.engine.connect() as connection:
        kept = connection.execute(tables.account.select()).mappings().all()
    assert hashlib.sha256(secret.encode()).hexdigest() in {one["feed_token"] for one in kept}
    assert secret not in str(kept)


@pytest.mark.parametrize(
    "change_to", [{"disabled": True}, {"role": Role.ADMIN.value, "unit_code": ""}], ids=["closed", "admin"]
)
def test_rights_are_those_of_the_moment(sign_in: SignIn, house: House, change_to: dict[str, object]) -> None:
    bring(house, "2024Q4", OWN_CODE, Stage.PUBLISHED)
    path, nobody = address(sign_in("xem")), sign_in()
    assert len(entries(nobody, path)) == 1
    change(house, "xem", **change_to)
    assert nobody.get(path).status_code == 404


def test_another_unit_another_feed(sign_in: SignIn, house: House) -> None:
    bring(house, "2024Q4", OWN_CODE, Stage.PUBLISHED)
    path, nobody = address(sign_in("xem")), sign_in()
    change(house, "xem", unit_code="H32.30")
    assert titles(nobody, path) == []
    bring(house, "2024Q4", OWN_CODE, Stage.WITHDRAWN)
    change(house, "xem", unit_code="H32.32")
    assert titles(nobody, path) == []


GUESSES = {"none": "", "short": "x", "of the right length": "A" * 43, "nul": "%00", "long": "A" * 5000}


@pytest.mark.parametrize("secret", GUESSES.values(), ids=GUESSES.keys())
def test_a_guess_is_nothing(sign_in: SignIn, secret: str) -> None:
    assert sign_in().get(f"/tin/{secret}.atom").status_code == 404


def test_what_has_not_changed_is_not_sent_again(sign_in: SignIn, house: House) -> None:
    path, nobody = address(sign_in("xem")), sign_in()
    first = nobody.get(path)
    assert nobody.get(path, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    bring(house, "2024Q4", OWN_CODE, Stage.PUBLISHED)
    assert nobody.get(path, headers={"If-None-Match": first.headers["etag"]}).status_code == 200

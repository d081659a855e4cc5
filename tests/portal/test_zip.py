"""A quarter as one zip: what one may see, as it was registered, with checksums and a list of what is not there."""

from __future__ import annotations

import hashlib
import io
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pypdf
import pytest

from contracts.clock import VIETNAM
from portal import bundle as bundles
from portal.bundle import BrokenOff
from portal.house import House
from portal.people import Person
from portal.zip_stream import Entry, zipped
from tests.portal.conftest import OTHER_CODE, OWN_CODE, SignIn
from tests.portal.released import again, bring, deeds, moved_to, signed_by
from warehouse import accounts
from warehouse.stages import Stage

STEM = "bao-cao-cchc-2024Q4-khanh-hoa"


def opened(content: bytes) -> zipfile.ZipFile:
    found = zipfile.ZipFile(io.BytesIO(content))
    assert found.testzip() is None
    return found


def told(found: zipfile.ZipFile) -> str:
    return found.read("DANH-SACH.txt").decode("utf-8-sig").replace("\r\n", "\n")


def test_what_is_released_as_it_was_registered(sign_in: SignIn, house: House, tmp_path: Path) -> None:
    own = bring(house, "2024Q4", OWN_CODE, Stage.PUBLISHED)
    province = bring(house, "2024Q4", "56", Stage.APPROVED)
    signed = signed_by(house, own, tmp_path / "signed.pdf", "Nguyễn Văn A")
    again(house, "2024Q4", OWN_CODE, reason="đọc lại nguồn")
    answer = sign_in("lan").get("/ky/2024Q4/bao-cao.zip")
    assert answer.headers["content-type"] == "application/zip"
    assert 'filename="bao-cao-cchc-2024Q4-khanh-hoa.zip"' in answer.headers["content-disposition"]
    found = opened(answer.content)
    assert found.namelist() == [
        f"{STEM}-ban-1.pdf",
        f"{STEM}-ban-1.xlsx",
        f"{STEM}-570-ban-1.pdf",
        f"{STEM}-570-ban-1-da-ky.pdf",
        f"{STEM}-570-ban-1.xlsx",
        "DANH-SACH.txt",
        "SHA256SUMS",
    ]
    assert hashlib.sha256(found.read(f"{STEM}-ban-1.pdf")).hexdigest() == province.sha256
    assert hashlib.sha256(found.read(f"{STEM}-570-ban-1.pdf")).hexdigest() == own.sha256
    assert found.read(f"{STEM}-570-ban-1-da-ky.pdf") == signed
    listed = told(found)
    assert "Huyện Cam Lâm: bản 1, đã công bố" in listed
    assert "Huyện Cam Lâm: bản 2 dự thảo, chưa" not in listed.split("KHÔNG CÓ")[0]
    assert "Thành phố Nha Trang: bản 1 dự thảo, chưa duyệt" in listed.split("KHÔNG CÓ")[1]
    (deed,) = deeds(house, "download")
    assert (deed["period_id"], deed["who"]) == ("2024Q4", "lan")


def test_the_checksums_are_those_of_the_files(sign_in: SignIn, house: House, tmp_path: Path) -> None:
    bring(house, "2024Q4", OWN_CODE, Stage.PUBLISHED)
    found = opened(sign_in("lan").get("/ky/2024Q4/bao-cao.zip", params={"du-thao": 1}).content)
    found.extractall(tmp_path)
    checked = subprocess.run(
        ["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert checked.stdout.count(": OK") == len(found.namelist()) - 1


def test_drafts_only_where_asked_and_marked(sign_in: SignIn, house: House) -> None:
    bring(house, "2024Q4", OWN_CODE, Stage.PUBLISHED)
    bring(house, "2024Q4", OTHER_CODE, Stage.WITHDRAWN)
    again(house, "2024Q4", OWN_CODE, reason="đọc lại nguồn")
    client = sign_in("lan")
    assert not any("DU-THAO" in name for name in opened(client.get("/ky/2024Q4/bao-cao.zip").content).namelist())
    found = opened(client.get("/ky/2024Q4/bao-cao.zip", params={"du-thao": 1}).content)
    drafts = [name for name in found.namelist() if name.startswith("DU-THAO/")]
    assert f"DU-THAO/DU-THAO-{STEM}-570-ban-2.pdf" in drafts
    assert f"DU-THAO/DU-THAO-{STEM}-570-ban-2.xlsx" in drafts
    assert not any("568" in name for name in found.namelist())
    assert "Thành phố Nha Trang: bản 1 đã thu hồi" in told(found)
    for name in (f"DU-THAO/DU-THAO-{STEM}-570-ban-2.pdf", f"DU-THAO/DU-THAO-{STEM}-ban-1.pdf"):
        assert all("DỰ THẢO" in page.extract_text() for page in pypdf.PdfReader(io.BytesIO(found.read(name))).pages)


def test_a_viewers_zip_has_the_own_unit_and_tells_of_no_other(sign_in: SignIn, house: House) -> None:
    for code in (OWN_CODE, OTHER_CODE):
        bring(house, "2024Q4", code, Stage.PUBLISHED)
    again(house, "2024Q4", OWN_CODE, reason="đọc lại nguồn")
    viewer = sign_in("xem")
    found = opened(viewer.get("/ky/2024Q4/bao-cao.zip", params={"du-thao": 1}).content)
    assert found.namelist() == [f"{STEM}-570-ban-1.pdf", f"{STEM}-570-ban-1.xlsx", "DANH-SACH.txt", "SHA256SUMS"]
    listed = told(found)
    assert "Nha Trang" not in listed
    assert "bản 2" not in listed
    assert "Không thiếu báo cáo nào." in listed
    assert viewer.get("/ky/2024Q3/bao-cao.zip").status_code == 404


def test_the_same_zip_twice_and_in_the_files_own_time(sign_in: SignIn, house: House) -> None:
    bring(house, "2024Q4", OWN_CODE, Stage.PUBLISHED)
    client = sign_in("lan")
    first, second = (client.get("/ky/2024Q4/bao-cao.zip", params={"du-thao": 1}).content for _ in range(2))
    assert first == second
    assert {one.date_time for one in opened(first).infolist()} == {(2024, 12, 16, 8, 0, 0)}


def test_a_spoilt_file_is_left_out_and_told(sign_in: SignIn, house: House, tmp_path: Path) -> None:
    version = bring(house, "2024Q4", OWN_CODE, Stage.PUBLISHED)
    bring(house, "2024Q4", OTHER_CODE, Stage.PUBLISHED)
    file = moved_to(house, version, tmp_path / "printed.pdf")
    file.write_bytes(file.read_bytes() + b"\n")
    found = opened(sign_in("lan").get("/ky/2024Q4/bao-cao.zip").content)
    assert f"{STEM}-570-ban-1.pdf" not in found.namelist()
    assert f"{STEM}-568-ban-1.pdf" in found.namelist()
    assert "Huyện Cam Lâm: Báo cáo (PDF), bản 1: tệp khác bản đã đăng ký" in told(found)


def test_what_no_report_was_printed_of_is_told(sign_in: SignIn, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = bundles.lines_of
    monkeypatch.setattr(bundles, "lines_of", lambda *given: [one for one in whole(*given) if one.code != OTHER_CODE])
    assert "Thành phố Nha Trang: chưa có báo cáo" in told(opened(sign_in("lan").get("/ky/2024Q4/bao-cao.zip").content))


def test_a_file_that_changes_while_it_is_sent_ends_the_zip(house: House, tmp_path: Path) -> None:
    version = bring(house, "2024Q4", OWN_CODE, Stage.PUBLISHED)
    file = moved_to(house, version, tmp_path / "printed.pdf")
    account = accounts.with_login(house.engine, "xem")
    assert account is not None
    found = bundles.bundle(house, Person(account, "", ""), house.place("2024Q4").period, drafts=False)
    assert found is not None
    sent = []

    def spoilt() -> Iterator[Entry]:
        for entry in found.entries():
            if entry.name.endswith(".pdf"):
                file.write_bytes(file.read_bytes()[::-1])  # found to be right a moment ago
            yield entry

    with pytest.raises(BrokenOff):
        sent.extend(zipped(spoilt()))
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(b"".join(sent)))


def test_a_zip_is_never_whole_in_memory() -> None:
    """Pieces come out as they go in: of a hundred files of a million bytes never more than one piece at a time."""
    piece = bytes(100_000)
    asked: list[int] = []

    def content(number: int) -> Iterator[bytes]:
        for _ in range(10):
            asked.append(number)
            yield piece

    at = datetime(2024, 12, 16, 8, tzinfo=VIETNAM)
    stream = zipped(Entry(f"{number}.pdf", at, content(number)) for number in range(100))
    largest = 0
    for sent, part in enumerate(stream, start=1):
        largest = max(largest, len(part))
        assert len(asked) <= sent + 1
    assert len(asked) == 1000
    assert largest < 2 * len(piece)

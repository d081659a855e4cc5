"""The files of a report: as they were registered or not at all; before approval with the mark of a draft."""

from __future__ import annotations

import hashlib
import io
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openpyxl
import pypdf
import pytest
from fastapi.testclient import TestClient

from portal.files import name_of
from portal.house import House
from portal.shelf import Shelved
from reporting import draft_mark
from reporting.marked_workbook import WorkbookMarkError, marked_workbook
from tests.portal.conftest import OTHER_CODE, OWN_CODE, SignIn
from tests.portal.released import again, bring, deeds, moved_to, signed_by, version_of
from warehouse import report_files
from warehouse.stages import Stage, Standing

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def path(kind: str, *, code: str = OWN_CODE, version: int = 1, period: str = "2024Q4") -> str:
    return f"/bao-cao/{period}/{code}/{version}/{kind}"


@pytest.fixture
def published(house: House) -> House:
    bring(house, "2024Q4", OWN_CODE, Stage.PUBLISHED)
    return house


@pytest.mark.parametrize(
    ("kind", "suffix", "type_"),
    [("pdf", ".pdf", "application/pdf"), ("so-tinh", ".xlsx", XLSX), ("luu-tru", "-luu-tru.pdf", "application/pdf")],
)
@pytest.mark.parametrize("login", ["lan", "xem"])
def test_a_released_file_is_what_was_registered(
    sign_in: SignIn, published: House, kind: str, suffix: str, type_: str, login: str
) -> None:
    version = version_of(published, "2024Q4", OWN_CODE)
    digests = {"pdf": version.sha256}
    for file in report_files.files_of(published.engine, version.version_key):
        digests[{"workbook": "so-tinh", "archive": "luu-tru"}[file.kind]] = file.sha256
    answer = sign_in(login).get(path(kind), params={"tai": 1})
    assert hashlib.sha256(answer.content).hexdigest() == digests[kind]
    assert answer.headers["etag"] == f'"{digests[kind]}"'
    assert answer.headers["content-type"] == type_
    name = f"bao-cao-cchc-2024Q4-khanh-hoa-570-ban-1{suffix}"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert "private" in answer.headers["cache-control"]


def test_a_pdf_is_shown_and_a_workbook_is_saved(sign_in: SignIn, published: House) -> None:
    client = sign_in("lan")
    shown, saved = (client.get(path(kind)).headers["content-disposition"] for kind in ("pdf", "so-tinh"))
    assert shown.startswith("inline; ")
    assert saved.startswith("attachment; ")


def test_parts_of_a_file(sign_in: SignIn, published: House) -> None:
    """As a browser's PDF viewer asks for them, and a download that goes on where it broke off."""
    client = sign_in("lan")
    whole = client.get(path("pdf"))
    part = client.get(path("pdf"), headers={"Range": "bytes=100-299"})
    assert (part.status_code, part.content) == (206, whole.content[100:300])
    assert part.headers["content-range"] == f"bytes 100-299/{len(whole.content)}"
    same = client.get(path("pdf"), headers={"Range": "bytes=100-", "If-Range": whole.headers["etag"]})
    assert (same.status_code, same.content) == (206, whole.content[100:])
    other = client.get(path("pdf"), headers={"Range": "bytes=100-", "If-Range": f'"{"0" * 64}"'})
    assert (other.status_code, other.content) == (200, whole.content)
    assert client.get(path("pdf"), headers={"Range": "bytes=99999999-"}).status_code == 416
    assert client.get(path("pdf"), headers={"If-None-Match": whole.headers["etag"]}).status_code == 304


@pytest.mark.parametrize(
    ("stage", "word", "prefix"),
    [
        (None, "DỰ THẢO", "DU-THAO-"),
        (Stage.CHECKED, "DỰ THẢO", "DU-THAO-"),
        (Stage.WITHDRAWN, "ĐÃ THU HỒI", "DA-THU-HOI-"),
    ],
)
def test_what_is_not_released_is_a_marked_copy(
    sign_in: SignIn, house: House, stage: Stage | None, word: str, prefix: str
) -> None:
    if stage:
        bring(house, "2024Q4", OWN_CODE, stage)
    client, version = sign_in("lan"), version_of(house, "2024Q4", OWN_CODE)
    answer = client.get(path("pdf"))
    assert draft_mark.copy_of(answer.content) == version.sha256
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    assert len(pages) == version.pages
    assert all(word in page.extract_text() for page in pages)
    assert f'filename="{prefix}bao-cao-cchc-2024Q4-khanh-hoa-570-ban-1.pdf"' in answer.headers["content-disposition"]
    assert answer.headers["etag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
    assert client.get(path("pdf")).content == answer.content
    book = client.get(path("so-tinh"))
    assert f'filename="{prefix}' in book.headers["content-disposition"]
    read = openpyxl.load_workbook(io.BytesIO(book.content))
    assert all(str(sheet["A1"].value).startswith(f"{word} (Bản 1") for sheet in read)
    assert all(sheet.oddHeader.center.text == word for sheet in read)
    archive = client.get(path("luu-tru"))
    assert archive.status_code == 409
    assert "chưa được cung cấp" in archive.text


def test_a_marked_workbook_has_the_same_figures(house: House) -> None:
    version = version_of(house, "2024Q4", "56")
    (file,) = [f for f in report_files.files_of(house.engine, version.version_key) if f.kind == "workbook"]
    content = Path(file.path).read_bytes()
    mark = draft_mark.draft(1)
    assert marked_workbook(content, mark) == marked_workbook(content, mark)
    old, new = (openpyxl.load_workbook(io.BytesIO(one)) for one in (content, marked_workbook(content, mark)))
    assert old.sheetnames == new.sheetnames
    for was, now in zip(old, new, strict=True):
        for row, again_ in zip(was.iter_rows(), now.iter_rows(), strict=True):
            for one, other in zip(row, again_, strict=True):
                assert one.coordinate == "A1" or (one.value, one.number_format) == (other.value, other.number_format)
        assert str(now["A1"].value).endswith(f" – {was['A1'].value}")


def test_a_workbook_of_another_program_is_not_marked_by_guessing() -> None:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    with pytest.raises(WorkbookMarkError):
        marked_workbook(out.getvalue(), draft_mark.draft(1))


def test_a_kept_copy_that_was_spoilt_is_made_anew(sign_in: SignIn, house: House) -> None:
    client = sign_in("lan")
    before = client.get(path("pdf")).content
    (kept,) = (house.settings.province_home("khanh-hoa") / "marked").iterdir()
    kept.write_bytes(Path(version_of(house, "2024Q4", OWN_CODE).path).read_bytes())  # the file without a mark
    assert client.get(path("pdf")).content == before
    kept.unlink()
    assert client.get(path("pdf")).content == before


@pytest.mark.parametrize("released", [True, False])
def test_a_changed_file_is_given_to_nobody(sign_in: SignIn, house: House, tmp_path: Path, released: bool) -> None:
    """Even one of the same size, with its time set back."""
    file = moved_to(house, version_of(house, "2024Q4", OWN_CODE), tmp_path / "printed.pdf")
    if released:
        bring(house, "2024Q4", OWN_CODE, Stage.PUBLISHED)
    client, state = sign_in("lan"), file.stat()
    assert client.get(path("pdf")).status_code == 200
    content = bytearray(file.read_bytes())
    content[1000] ^= 1
    file.write_bytes(content)
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
    answer = client.get(path("pdf"))
    assert answer.status_code == 409
    assert "tệp đã bị thay đổi" in answer.text
    assert "khôi phục" in answer.text
    file.unlink()
    assert "tệp không còn trong kho" in client.get(path("pdf")).text
    results = [one["result"] for one in deeds(house, "download")]
    assert results == ["ok", "tệp khác bản đã đăng ký", "tệp không còn"]


def test_the_signed_copy_once_the_version_is_released(sign_in: SignIn, house: House, tmp_path: Path) -> None:
    content = signed_by(house, version_of(house, "2024Q4", OWN_CODE), tmp_path / "signed.pdf", "Nguyễn Văn A")
    client = sign_in("lan")
    assert client.get(path("ban-ky")).status_code == 409  # it cannot be marked and stay signed
    bring(house, "2024Q4", OWN_CODE, Stage.APPROVED)
    answer = client.get(path("ban-ky"))
    assert answer.content == content
    assert "570-ban-1-da-ky.pdf" in answer.headers["content-disposition"]
    html = client.get(f"/bao-cao/2024Q4/{OWN_CODE}").text
    assert "Người ký: Nguyễn Văn A (UBND huyện)" in html
    assert sign_in("xem").get(path("ban-ky")).status_code == 404


def test_what_one_may_not_have_is_as_if_it_were_not_there(sign_in: SignIn, house: House) -> None:
    bring(house, "2024Q4", OTHER_CODE, Stage.PUBLISHED)
    bring(house, "2024Q4", OWN_CODE, Stage.PUBLISHED)
    again(house, "2024Q4", OWN_CODE, reason="đọc lại nguồn")
    viewer = sign_in("xem")
    nothing = viewer.get(path("pdf", code="999"))
    assert nothing.status_code == 404
    for asked in (
        path("pdf", code=OTHER_CODE),
        path("pdf", version=2),
        path("pdf", version=9),
        path("exe"),
        path("pdf", code="56"),
    ):
        answer = viewer.get(asked)
        assert (answer.status_code, answer.text) == (404, nothing.text.replace(path("pdf", code="999"), asked))
    assert sign_in().get(path("pdf")).status_code == 303


def test_a_download_is_a_deed_with_its_version_and_kind(sign_in: SignIn, published: House) -> None:
    client = sign_in("xem")
    client.get(path("pdf"))
    client.get(path("so-tinh"))
    for first in (0, 1000, 2000):  # a viewer that asks piece by piece
        client.get(path("luu-tru"), headers={"Range": f"bytes={first}-{first + 999}"})
    found = deeds(published, "download")
    assert [one["version"] for one in found] == [1, 1, 1]
    assert {(one["who"], one["period_id"], one["unit_code"]) for one in found} == {("xem", "2024Q4", OWN_CODE)}
    assert ["PDF" in one["about"] for one in found] == [True, False, True]
    assert ["Excel" in one["about"] for one in found] == [False, True, False]


def test_names_of_files_are_plain_whatever_the_period(house: House) -> None:
    version = version_of(house, "2024Q4", "56")
    unit = house.unit_with("56")
    assert unit is not None
    named = Shelved(version, unit, Standing(Stage.PUBLISHED))
    assert name_of(house, named, "pdf") == "bao-cao-cchc-2024Q4-khanh-hoa-ban-1.pdf"
    object.__setattr__(version, "period_id", "2018-01-01..2018-07-31")
    assert name_of(house, named, "pdf") == "bao-cao-cchc-2018-01-01-den-2018-07-31-khanh-hoa-ban-1.pdf"


def test_many_who_ask_at_once_for_a_draft_get_one_copy(sign_in: SignIn, house: House) -> None:
    clients: list[TestClient] = [sign_in("lan") for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        contents = set(pool.map(lambda client: client.get(path("pdf")).content, clients))
    assert len(contents) == 1
    assert len(list((house.settings.province_home("khanh-hoa") / "marked").iterdir())) == 1

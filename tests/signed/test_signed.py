"""Signed PDFs that come back: real signatures over a real report, taken, shown, or refused with the reason."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import pypdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec
from pyhanko.sign.signers import PdfTimeStamper

from reporting.signature_fields import LEADER, ORGANISATION
from reporting.signed.identity import LARGEST
from reporting.signed.reader import Reader
from reporting.signed.verdict import Verdict
from tests.signed import office
from tests.signed.desk import CLERK, Desk
from warehouse import report_files, signed_copies
from warehouse.report_files import ReportFile

pytestmark = pytest.mark.xdist_group("signed")
Update = Callable[[bytes], bytes]


# ---------------------------------------------------------------- what is taken


def test_a_report_signed_and_sealed_is_taken(desk: Desk, whole: bytes) -> None:
    added = desk.add(whole)
    leader, organisation = added.verdict.signers
    assert (leader.name, leader.organisation, leader.field) == ("Nguyễn Văn A", "Ủy ban nhân dân tỉnh", LEADER)
    assert (organisation.name, organisation.field) == ("ỦY BAN NHÂN DÂN TỈNH", ORGANISATION)
    assert {one.trust for one in added.verdict.signers} == {"trusted"}
    assert {type(value) for one in added.verdict.signers for value in vars(one).values()} == {str, date, datetime}
    assert (leader.digest, leader.time_source, leader.signed_at) == ("SHA-256", "claimed", office.SIGNED_AT)
    assert (added.verdict.number, added.verdict.issued_on) == ("123", "18/12/2024")
    assert added.verdict.remarks == ()
    assert Path(added.copy.path).read_bytes() == whole
    assert desk.files() == ["bao-cao-56-v1-da-ky.pdf", "bao-cao-56-v1.pdf"]
    offered = signed_copies.offered(desk.engine, desk.newest())
    assert (offered.path, offered.sha256) == (added.copy.path, added.copy.sha256)


def test_what_is_kept_is_shown_with_who_when_and_how_trusted(desk: Desk, whole: bytes) -> None:
    said = desk.cchc("signed", "add", "2024Q4", str(desk.file(whole)), "--by", CLERK)
    assert "ĐÃ NHẬN bản 1 báo cáo kỳ 2024Q4 của Tỉnh Khánh Hòa: 2 chữ ký nguyên vẹn." in said
    assert "Ký chưa phải là công bố" in said
    shown = desk.cchc("signed", "show", "2024Q4")
    for words in (
        "1. Nguyễn Văn A, Ủy ban nhân dân tỉnh Ký lúc 09:30 ngày 17/12/2024 (theo đồng hồ máy ký); hàm băm SHA-256",
        "Chuỗi tin cậy: có; chưa kiểm tra thu hồi",
        "Số 123, ngày 18/12/2024",
        f"nộp: {CLERK}, 08:00 ngày 19/12/2024",
    ):
        assert words in shown
    (kept,) = desk.json("signed", "show", "2024Q4")
    assert (kept["version"], kept["offered"], kept["is_whole"], kept["revocation"]) == (1, True, True, "not_checked")
    assert [one["trust"] for one in kept["signers"]] == ["trusted", "trusted"]
    assert "chưa công bố, đã ký)" in desk.cchc("status", "2024Q4")
    assert desk.json("status", "2024Q4")["reports"][0]["signed"] == kept["path"]
    again = desk.cchc("signed", "add", "2024Q4", str(desk.file(whole)), "--by", CLERK)
    assert "ĐÃ CÓ" in again
    assert "không thêm nữa" in again
    assert len(desk.files()) == 2
    Path(kept["path"]).write_bytes(whole[:-1])
    assert "Tệp này không còn hoặc đã bị sửa" in desk.cchc("signed", "show", "2024Q4")


def test_a_copy_with_more_signatures_is_offered_and_one_with_fewer_is_not_taken(desk: Desk, printed: bytes) -> None:
    first = office.sign(printed, office.leader(), LEADER)
    by_leader = desk.add(first)
    assert "mới có một chữ ký" in by_leader.verdict.remarks[0]
    both = desk.add(office.sign(first, office.organisation(), ORGANISATION))
    assert Path(both.copy.path).name == "bao-cao-56-v1-da-ky-2.pdf"
    assert signed_copies.offered(desk.engine, desk.newest()).signed == both.copy
    fewer = desk.refused(office.sign(printed, office.leader(), LEADER, at=office.SIGNED_AT + timedelta(hours=1)))
    assert fewer.kind == "fewer"
    assert desk.files() == ["bao-cao-56-v1-da-ky-2.pdf", "bao-cao-56-v1-da-ky.pdf", "bao-cao-56-v1.pdf"]


def test_before_a_copy_came_back_the_pdf_itself_is_offered(desk: Desk) -> None:
    offered = signed_copies.offered(desk.engine, desk.newest())
    assert (offered.path, offered.sha256, offered.signed) == (desk.newest().path, desk.newest().sha256, None)
    said = desk.cchc("signed", "show", "2024Q4", expect=2)
    assert "chưa có bản đã ký nào" in said


def test_a_program_may_sign_in_a_field_of_its_own_beside_ours(desk: Desk, printed: bytes) -> None:
    _, bottom, _, top = _signed_at(printed)
    own = SigFieldSpec("Signature1", on_page=_signing_page(printed), box=(330, int(bottom), 420, int(top)))
    added = desk.add(office.sign(printed, office.leader(), "Signature1", new=own, picture=office.handwriting()))
    assert [one.field for one in added.verdict.signers] == ["Signature1"]


def test_a_leader_may_certify(desk: Desk, printed: bytes) -> None:
    added = desk.add(office.signed(printed, certify=True))
    assert len(added.verdict.signers) == 2


def test_a_time_stamp_of_a_trusted_authority_is_the_time(desk: Desk, printed: bytes) -> None:
    """And one over the whole file may follow the last signature."""
    content = office.sign(printed, office.leader(), LEADER, stamps=office.stamper())
    out = io.BytesIO()
    PdfTimeStamper(office.stamper().stamper()).timestamp_pdf(office.writer(content), "sha256", output=out)
    added = desk.add(out.getvalue())
    (signer,) = added.verdict.signers
    assert signer.time_source == "stamped"


def test_a_chain_that_is_not_trusted_is_told_loudly_or_refused(desk: Desk, printed: bytes) -> None:
    strange = office.sign(printed, office.leader(by="CA lạ"), LEADER)
    settings = desk.province / "province.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("[report]", "[signing]\nrequire_trusted = true\n\n[report]"), encoding="utf-8")
    assert desk.refused(strange).kind == "untrusted"
    settings.write_text(text, encoding="utf-8")
    said = desk.cchc("signed", "add", "2024Q4", str(desk.file(strange)), "--by", CLERK)
    assert "Chuỗi tin cậy: không (không dẫn tới chứng thư gốc nào mà tỉnh tin cậy" in said
    assert "LƯU Ý: chuỗi chứng thư của Nguyễn Văn A KHÔNG được tin cậy" in said


def test_without_roots_trust_cannot_be_told(desk: Desk, printed: bytes) -> None:
    (desk.province / "trust" / "goc.cer").unlink()
    (signer,) = desk.add(office.sign(printed, office.leader(), LEADER)).verdict.signers
    assert signer.trust == "unchecked"


def test_a_file_in_the_folder_of_roots_that_is_no_certificate_is_named(desk: Desk, whole: bytes) -> None:
    (desk.province / "trust" / "nham.cer").write_text("không phải chứng thư")
    said = desk.cchc("signed", "add", "2024Q4", str(desk.file(whole)), "--by", CLERK, expect=2)
    assert "nham.cer: không phải là chứng thư số" in said


def test_an_older_version_is_taken_only_where_it_is_asked_for(desk: Desk, printed: bytes, whole: bytes) -> None:
    desk.register("2024Q4", _rewritten(printed))
    assert desk.refused(whole).kind == "superseded"
    assert desk.refused(whole, version=2).kind == "superseded"
    said = desk.cchc("signed", "add", "2024Q4", str(desk.file(whole)), "--by", CLERK, "--version", "1")
    assert "đã có bản mới hơn (bản 2)" in said


def test_a_publication_names_the_signed_copy(desk: Desk, printed: bytes) -> None:
    added = desk.add(office.sign(printed, office.leader(), LEADER))
    assert Verdict.from_json(added.copy.verdict) == added.verdict
    desk.cchc("check", "2024Q4", "--by", CLERK)
    desk.cchc("approve", "2024Q4", "--by", "Lê Văn C, Chánh Văn phòng")
    assert f"Bản đã ký: {added.copy.path}" in desk.cchc("publish", "2024Q4", "--by", CLERK)


# ---------------------------------------------------------------- what is refused


def _signing_page(content: bytes) -> int:
    found = [n for n, page in enumerate(pypdf.PdfReader(io.BytesIO(content)).pages) if LEADER in str(_names(page))]
    return found[0]


def _names(page: pypdf.PageObject) -> list[str]:
    return [str(one.get_object().get("/T")) for one in page.get("/Annots", [])]


def _signed_at(content: bytes) -> list[float]:
    page = pypdf.PdfReader(io.BytesIO(content)).pages[_signing_page(content)]
    return next(
        [float(n) for n in one.get_object()["/Rect"]] for one in page["/Annots"] if LEADER in str(one.get_object())
    )


def _first_page(update: object) -> generic.DictionaryObject:
    return update.root["/Pages"]["/Kids"][0].get_object()  # type: ignore[attr-defined,no-any-return]


def other_content(content: bytes) -> bytes:
    """Page 1 is drawn by another stream."""
    update = office.writer(content)
    page = _first_page(update)
    page["/Contents"] = update.add_object(generic.StreamObject(stream_data=b"BT ET"))
    update.update_container(page)
    return office.written(update)


def note(content: bytes, kind: str = "/FreeText") -> bytes:
    """Another figure is laid over page 1."""
    update = office.writer(content)
    page = _first_page(update)
    keys = {
        "/Type": pdf_name("/Annot"),
        "/Subtype": pdf_name(kind),
        "/Rect": generic.ArrayObject(generic.NumberObject(n) for n in (100, 430, 160, 460)),
        "/Contents": generic.TextStringObject("999"),
        "/F": generic.NumberObject(4),
    }
    made = update.add_object(generic.DictionaryObject({pdf_name(key): value for key, value in keys.items()}))
    page["/Annots"] = generic.ArrayObject([*page.get("/Annots", []), made])
    update.update_container(page)
    return office.written(update)


def more_pages(content: bytes) -> bytes:
    update = office.writer(content)
    pages = update.root["/Pages"]
    page = update.add_object(generic.DictionaryObject({**_first_page(update)}))
    pages["/Kids"].append(page)
    pages["/Count"] = generic.NumberObject(int(pages["/Count"]) + 1)
    update.update_container(pages)
    return office.written(update)


def script(content: bytes) -> bytes:
    update = office.writer(content)
    keys = {"/S": pdf_name("/JavaScript"), "/JS": generic.TextStringObject("app.alert(1)")}
    run = generic.DictionaryObject({pdf_name(key): value for key, value in keys.items()})
    update.root["/OpenAction"] = update.add_object(run)
    update.update_root()
    return office.written(update)


def hidden(content: bytes, **more: str) -> bytes:
    """Content that nothing shows yet, laid down before the signature: the first half of a shadow attack."""
    update = office.writer(content)
    stream = generic.StreamObject(stream_data=b"BT /F1 20 Tf 100 430 Td (999) Tj ET")
    stream.update({pdf_name(f"/{key}"): generic.TextStringObject(value) for key, value in more.items()})
    update.add_object(stream)
    return office.written(update)


def attached(content: bytes) -> bytes:
    update = office.writer(content)
    file = update.add_object(generic.StreamObject({pdf_name("/Type"): pdf_name("/EmbeddedFile")}, stream_data=b"x"))
    holds = generic.DictionaryObject({pdf_name("/EF"): generic.DictionaryObject({pdf_name("/F"): file})})
    named = generic.ArrayObject([generic.TextStringObject("a"), update.add_object(holds)])
    tree = generic.DictionaryObject({pdf_name("/Names"): named})
    update.root["/Names"] = generic.DictionaryObject({pdf_name("/EmbeddedFiles"): update.add_object(tree)})
    update.update_root()
    return office.written(update)


@cache
def _by_leader(content: bytes) -> bytes:
    return office.sign(content, office.leader(), LEADER)


def _over_figures(content: bytes) -> bytes:
    return office.sign(content, office.leader(), "Che", new=SigFieldSpec("Che", on_page=0, box=(100, 380, 300, 480)))


def _other_number(content: bytes) -> bytes:
    return office.fill(office.signed(content), {"SoVanBan": "999"})


def other_picture(content: bytes) -> bytes:
    """The leader's picture is replaced once the leader has signed."""
    update = office.writer(_by_leader(content))
    fields = [one.get_object() for one in update.root["/AcroForm"]["/Fields"]]
    field = next(one for one in fields if one["/T"] == LEADER)
    picture = generic.StreamObject(stream_data=b"0 0 100 100 re f")
    picture.update({pdf_name("/Subtype"): pdf_name("/Form"), pdf_name("/BBox"): field["/AP"]["/N"]["/BBox"]})
    field["/AP"] = generic.DictionaryObject({pdf_name("/N"): update.add_object(picture)})
    update.update_container(field)
    return office.sign(office.written(update), office.organisation(), ORGANISATION)


def other_language(content: bytes) -> bytes:
    update = office.writer(content)
    update.root["/Lang"] = generic.TextStringObject("en")
    update.update_root()
    return office.written(update)


def _rewritten(content: bytes) -> bytes:
    out = io.BytesIO()
    pypdf.PdfWriter(clone_from=io.BytesIO(content)).write(out)
    return out.getvalue()


def _with_a_page_less(content: bytes) -> bytes:
    made, out = pypdf.PdfWriter(clone_from=io.BytesIO(content)), io.BytesIO()
    made.remove_page(1)
    made.write(out)
    return out.getvalue()


def _encrypted(content: bytes) -> bytes:
    made, out = pypdf.PdfWriter(clone_from=io.BytesIO(content)), io.BytesIO()
    made.encrypt("mat-khau", algorithm="AES-256")
    made.write(out)
    return out.getvalue()


def _blank(_: bytes) -> bytes:
    made, out = pypdf.PdfWriter(), io.BytesIO()
    made.add_blank_page(595, 842)
    made.write(out)
    return out.getvalue()


def _byte(place: int) -> Update:
    def change(content: bytes) -> bytes:
        return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]

    return change


def _in_the_signed_part(content: bytes) -> bytes:
    """One digit of the time in the first signature's own dictionary."""
    done = office.signed(content)
    place = done.index(b"20241217")
    return done[:place] + b"2023" + done[place + 4 :]


REFUSED: dict[str, tuple[Update, str, str]] = {
    "unsigned": (lambda pdf: pdf, "unsigned", "chưa có chữ ký số nào"),
    "filled in, not signed": (lambda pdf: office.fill(pdf, {"SoVanBan": "1"}), "unsigned", "chưa có chữ ký số nào"),
    "a byte of ours": (lambda pdf: _byte(9000)(office.signed(pdf)), "tampered", "1 byte trong phần đã in"),
    "a byte of what was signed": (_in_the_signed_part, "invalid", "tệp bị sửa sau khi ký"),
    "cut in our part": (lambda pdf: pdf[:60_000], "cut_off", "chỉ còn 60000 trong"),
    "cut in the signature": (lambda pdf: office.signed(pdf)[:-900], "broken", "bị cắt cụt"),
    "page content, after": (lambda pdf: other_content(office.signed(pdf)), "changed", "nội dung trang 1 bị thay"),
    "page content, before": (lambda pdf: _by_leader(other_content(pdf)), "changed", "nội dung trang 1 bị thay"),
    "a figure covered, after": (lambda pdf: note(office.signed(pdf)), "changed", "khung chữ trên trang 1"),
    "a figure covered, before": (lambda pdf: _by_leader(note(pdf)), "changed", "khung chữ trên trang 1"),
    "a stamp laid on": (lambda pdf: note(_by_leader(pdf), "/Stamp"), "changed", "con dấu dán lên trang trên trang 1"),
    "a signature over figures": (_over_figures, "changed", "hình chữ ký đặt đè lên nội dung trang 1"),
    "a page more": (lambda pdf: _by_leader(more_pages(pdf)), "changed", "thêm 1 trang"),
    "another picture of the leader's": (other_picture, "invalid", "bị phá vỡ: sau khi ký"),
    "something else": (lambda pdf: _by_leader(other_language(pdf)), "changed", "thay đổi khác trong cấu trúc tệp"),
    "a script": (lambda pdf: _by_leader(script(pdf)), "changed", "mã JavaScript"),
    "a script that is hidden": (lambda pdf: _by_leader(hidden(pdf, JS="app.alert(1)")), "changed", "mã JavaScript"),
    "what was hidden is shown": (
        lambda pdf: other_content(_by_leader(hidden(pdf))), "changed", "nội dung trang 1 bị thay",
    ),
    "a file in it": (lambda pdf: _by_leader(attached(pdf)), "changed", "tệp đính kèm"),
    "another number after the seal": (_other_number, "changed", "sau chữ ký cuối cùng"),
    "bytes at the end": (lambda pdf: office.signed(pdf) + b"more", "changed", "cuối tệp có dữ liệu lạ"),
    "written anew": (lambda pdf: _by_leader(_rewritten(pdf)), "rewritten", "các trang giống bản 1"),
    "written anew without a page": (lambda pdf: _by_leader(_with_a_page_less(pdf)), "altered", "bản đã in có"),
    "not ours": (_blank, "foreign", "không phải là bản PDF nào"),
    "encrypted": (_encrypted, "encrypted", "mật khẩu"),
    "a text": (lambda _: "Báo cáo".encode(), "not_pdf", "không phải là PDF"),
    "nothing": (lambda _: b"", "not_pdf", "tệp rỗng"),
    "a broken PDF": (lambda _: b"%PDF-1.7\n" + b"\0x%" * 500_000, "broken", "hỏng, không đọc được"),
    "expired": (
        lambda pdf: office.sign(pdf, office.leader(until=office.SIGNED_AT - timedelta(days=9)), LEADER),
        "expired", "chứng thư số của Nguyễn Văn A không có hiệu lực",
    ),
    "a weak digest": (lambda pdf: office.sign(pdf, office.leader(), LEADER, digest="sha1"), "weak", "hàm băm SHA1"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_it_is_refused_with_the_reason(desk: Desk, printed: bytes, case: str) -> None:
    spoil, kind, words = REFUSED[case]
    refused = desk.refused(spoil(printed))
    assert (refused.kind, words in refused.cause) == (kind, True), refused
    assert refused.advice
    assert signed_copies.copies(desk.engine, "2024Q4") == []


def test_another_report_is_named(desk: Desk, printed: bytes) -> None:
    before, district = _rewritten(printed), _rewritten(_rewritten(other_content(printed)))
    desk.register("2024Q3", before)
    desk.register("2024Q4", district, scope="unit", unit="570")
    refused = desk.refused(_by_leader(before))
    assert refused.kind == "other_report"
    assert "bản 1 báo cáo kỳ 2024Q3 của Tỉnh Khánh Hòa" in refused.cause
    refused = desk.refused(_by_leader(district))
    assert "báo cáo kỳ 2024Q4 của Huyện Cam Lâm" in refused.cause
    assert "--unit 570" in refused.advice


def test_the_archival_copy_is_told_from_a_file_written_anew(desk: Desk, printed: bytes) -> None:
    copy, path = _rewritten(printed), desk.folder / "bao-cao-56-v1-luu-tru.pdf"
    path.write_bytes(copy)
    file = ReportFile("archive", str(path), hashlib.sha256(copy).hexdigest(), len(copy))
    with desk.engine.begin() as connection:
        report_files.enter(connection, desk.newest().version_key, [file])
    for handed_in in (copy, _by_leader(copy)):
        refused = desk.refused(handed_in)
        assert (refused.kind, "là bản lưu trữ của bản 1" in refused.cause) == ("archive", True)
        assert desk.newest().path in refused.advice


def test_a_huge_file_is_refused_unread(desk: Desk) -> None:
    path = desk.file(b"%PDF-1.7\n")
    os.truncate(path, LARGEST + 1)
    said = desk.cchc("signed", "add", "2024Q4", str(path), "--by", CLERK, expect=2)
    assert "quá mức 64 MB" in said
    assert "không có tệp" in desk.cchc("signed", "add", "2024Q4", "khong-co.pdf", "--by", CLERK, expect=2)


def test_our_reader_finds_what_pyhanko_finds(printed: bytes) -> None:
    ours, theirs = Reader(printed), PdfFileReader(io.BytesIO(printed))
    references = sorted(theirs.get_historical_resolver(0).explicit_refs_in_revision(), key=lambda one: one.idnum)
    for reference in references[:: len(references) // 60]:
        assert ours.get_object(reference) == theirs.get_object(reference)

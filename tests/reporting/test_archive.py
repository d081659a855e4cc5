"""PDF/A-3a beside the report: its form, as far as a machine can hold it, and the data that it carries."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pypdf
import pytest
from pypdf.generic import ContentStream

from reporting import outputs
from reporting.attached import data_of
from reporting.companions import beside
from reporting.context import build_context
from reporting.data_file import DataFile
from reporting.inputs import ReportInput
from reporting.page import ReportContext
from reporting.render import Rendered, Sheet, input_digest, print_report, to_html, typeset
from reporting.scope import Scope, scope_of
from tests.reporting import sample
from tests.reporting.heard import Heard
from tests.reporting.printed import inputs

NAMES = ["bang-so-lieu.xlsx", "bieu-II06.csv", "chi-tieu.csv", "nguon-so-lieu.csv"]


@dataclass(frozen=True)
class Printed:
    given: ReportInput
    scope: Scope
    context: ReportContext
    data: tuple[DataFile, ...]
    rendered: Rendered
    path: Path

    @property
    def archive(self) -> Path:
        return beside(self.path, "archive")

    def file(self, name: str) -> bytes:
        (found,) = [content for _, content in pypdf.PdfReader(self.archive).attachments.items() if _ == name]
        return found[0]

    def rows(self, name: str) -> list[dict[str, str]]:
        text = self.file(name).decode("utf-8-sig")
        return [{field_code(head): cell for head, cell in row.items()} for row in csv.DictReader(io.StringIO(text))]


def field_code(head: str) -> str:
    found = re.search(r"\[(\w+)\]$", head)
    return found[1] if found else head


def printed_to(folder: Path, given: ReportInput) -> Printed:
    context, scope, path = build_context(given, unit=None), scope_of(given, None), folder / "bao-cao-v1.pdf"
    data = data_of(given, scope)
    return Printed(given, scope, context, data, print_report(Sheet(context, path, data)), path)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Printed:
    """A province with a gap, and a field whose name is a formula."""
    given, _ = inputs("gap")
    facts = given.facts.replace({"field": {"Bảo trợ xã hội": '=HYPERLINK("http://ngoai.vn";"Bảo trợ")'}})
    return printed_to(tmp_path_factory.mktemp("archive"), replace(given, facts=facts))


# The file


def test_it_is_tagged_as_the_report_is(printed: Printed) -> None:
    archive, report = Heard(printed.archive), Heard(printed.path)
    assert archive.faults() == []
    assert archive.whole == report.whole
    for one, other in zip(archive.reader.pages, report.reader.pages, strict=True):
        assert one.get_contents().get_data() == other.get_contents().get_data()


def test_what_it_says_of_itself_is_said_twice_alike(printed: Printed) -> None:
    """ISO 19005-3, 6.6: the level, and the same in the metadata as in the list of before."""
    reader = pypdf.PdfReader(printed.archive)
    stream, info = reader.trailer["/Root"]["/Metadata"], reader.metadata
    told = stream.get_data().decode()
    assert "/Filter" not in stream
    assert 'pdfaid:part="3"' in told
    assert 'pdfaid:conformance="A"' in told
    assert info is not None
    assert info["/CreationDate"] == info["/ModDate"] == moment(printed)
    for tag, text in (
        ("xmp:CreateDate", printed.context.created),
        ("xmp:ModifyDate", printed.context.created),
        ("rdf:li", info.author),
        ("pdf:Keywords", f"Mã kiểm chứng {input_digest(printed.context, printed.data)}"),
    ):
        assert re.search(f"<{tag}[^>]*>{re.escape(str(text))}</{tag}>", told), tag
    assert info["/Keywords"] == f"Mã kiểm chứng {input_digest(printed.context, printed.data)}"
    assert f'Producer="{info.producer}"' in told
    assert reader.trailer["/ID"]


def moment(printed: Printed) -> str:
    """2024-12-15T01:32:00Z, as a PDF writes it."""
    return "D:" + re.sub("[-:T]", "", printed.context.created)


def test_its_colours_mean_what_they_did(printed: Printed) -> None:
    """6.2: one intent with a profile of red, green and blue; nothing drawn in other colours, nothing shines through."""
    reader = pypdf.PdfReader(printed.archive)
    (intent,) = reader.trailer["/Root"]["/OutputIntents"]
    profile = intent.get_object()["/DestOutputProfile"]
    assert intent.get_object()["/S"] == "/GTS_PDFA1"
    assert (profile["/N"], profile.get_data()[16:20], profile.get_data()[36:40]) == (3, b"RGB ", b"acsp")
    for page in reader.pages:
        drawn = ContentStream(page.get_contents(), reader).operations
        assert not {operator for _, operator in drawn} & {b"k", b"K", b"sh", b"BI"}
        assert {str(operands[0]) for operands, operator in drawn if operator in {b"cs", b"CS"}} <= {"/Pattern"}
        for state in page["/Resources"].get("/ExtGState", {}).values():
            known = state.get_object()
            assert (known.get("/ca", 1), known.get("/CA", 1), known.get("/SMask", "/None")) == (1, 1, "/None")
        for group in (one.get_object().get("/Group") for one in page["/Resources"].get("/XObject", {}).values()):
            assert group is None or group["/CS"] == "/DeviceRGB"


def test_it_holds_nothing_that_acts_or_is_signed(printed: Printed) -> None:
    reader = pypdf.PdfReader(printed.archive)
    catalog = reader.trailer["/Root"]
    assert not {"/AcroForm", "/OpenAction", "/AA", "/Perms"} & set(catalog)
    assert not reader.is_encrypted
    assert "/JavaScript" not in catalog.get("/Names", {})
    for page in reader.pages:
        for one in page.get("/Annots", []):
            assert one.get_object()["/Subtype"] == "/Link"
            assert one.get_object()["/F"] == 4  # printed, not hidden
    assert "/AcroForm" in pypdf.PdfReader(printed.path).trailer["/Root"]


def test_each_attached_file_says_what_it_is(printed: Printed) -> None:
    """6.8: associated with the document, with its kind, day and relationship; each once."""
    catalog = pypdf.PdfReader(printed.archive).trailer["/Root"]
    listed = catalog["/Names"]["/EmbeddedFiles"]["/Names"]
    assert list(listed[::2]) == NAMES
    assert [s.get_object() for s in listed[1::2]] == [s.get_object() for s in catalog["/AF"]]
    kinds = {}
    for spec in (s.get_object() for s in catalog["/AF"]):
        stream = spec["/EF"]["/F"]
        assert spec["/F"] == spec["/UF"]
        assert len(spec["/Desc"]) > 10
        assert stream["/Params"]["/ModDate"] == moment(printed)
        assert stream["/Params"]["/Size"] == len(stream.get_data())
        assert stream["/Params"]["/CheckSum"].original_bytes == hashlib.md5(stream.get_data()).digest()
        kinds[str(spec["/UF"])] = (str(spec["/AFRelationship"]), str(stream["/Subtype"]))
    workbook = "/application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert kinds == dict.fromkeys(NAMES[1:], ("/Data", "/text/csv")) | {NAMES[0]: ("/Supplement", workbook)}


# The data


def test_the_counts_are_those_of_the_form(printed: Printed) -> None:
    """By unit, field and procedure, added up here in another way."""
    assert printed.file(NAMES[1]).startswith(b"\xef\xbb\xbf")
    rows = printed.rows(NAMES[1])
    columns = [f"column_{n}" for n in range(3, 14)]
    sums = [sum(int(row[c]) for row in rows) for c in columns]
    assert tuple(f"{n:,}".replace(",", ".") for n in sums) == printed.context.by_field.form.rows[-1].cells
    forms = printed.scope.facts
    assert {row["agency_code"] for row in rows} == set(forms["agency_code"].astype(str))
    for row in rows[:: max(1, len(rows) // 40)]:
        assert int(row["column_3"]) == int(row["column_7"]) + int(row["column_11"])
        mine = forms[(forms["agency_code"] == row["agency_code"]) & (forms["procedure_code"] == row["procedure_code"])]
        shown = mine[[sample_name(text) == row["field"] for text in mine["field"].astype(str)]]
        assert int(row["column_10"]) == int(shown["overdue"].sum())


def sample_name(text: str) -> str:
    """As the file writes a name that it can write."""
    from reporting.attached import _cell

    return str(_cell(text))


def test_the_indicators_have_both_counts_and_what_is_not_known_is_empty(printed: Printed) -> None:
    rows = printed.rows(NAMES[2])
    frame = printed.given.indicators
    ours = frame[frame["agency_code"].isin(printed.scope.codes)]
    assert len(rows) == len(ours)
    key = ["indicator", "agency_code"]
    told = {(*(row[k] for k in key), row["scope"], row["field"]): row for row in rows}
    words = {"unit": "riêng cơ quan", "tree": "cơ quan và toàn bộ đơn vị trực thuộc"}
    unknown = 0
    for row in ours[ours["field"] == ""].to_dict("records"):
        found = told[row["indicator"], row["agency_code"], words[row["scope"]], ""]
        assert found["numerator"] == text_of(row["numerator"])
        assert found["denominator"] == text_of(row["denominator"])
        assert found["formula_version"] == row["formula_version"]
        unknown += pd.isna(row["numerator"])
    assert unknown > 0


def text_of(count: Any) -> str:
    return "" if pd.isna(count) else str(int(count))


def test_the_sources_say_what_was_read(printed: Printed) -> None:
    rows = {row["source_id"]: row for row in printed.rows(NAMES[3])}
    assert list(rows) == [s.id for s in printed.scope.sources]
    loaded = next(s for s in printed.scope.sources if s.loaded)
    assert rows[loaded.id]["rows"] == str(loaded.rows)
    assert loaded.extracted_at is not None
    assert rows[loaded.id]["extracted_at"] == loaded.extracted_at.isoformat(timespec="seconds")
    assert {rows["cam-lam"][k] for k in ("rows", "accepted", "extracted_at", "landing_id")} == {""}


def test_a_text_is_no_formula(printed: Printed) -> None:
    cells = [cell for name in NAMES[1:] for row in printed.rows(name) for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)


def test_the_workbook_is_the_one_beside_it(printed: Printed) -> None:
    content = printed.file(NAMES[0])
    assert content == beside(printed.path, "workbook").read_bytes()
    assert openpyxl.load_workbook(io.BytesIO(content), read_only=True).sheetnames


# The same again, and another where anything differs


def test_the_register_learns_of_all_that_was_made(printed: Printed) -> None:
    made = {one.kind: one for one in printed.rendered.companions}
    assert set(made) == {"archive", "workbook"}
    for kind, one in made.items():
        content = beside(printed.path, kind).read_bytes()
        assert (one.sha256, one.size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert printed.rendered.sha256 == hashlib.sha256(printed.path.read_bytes()).hexdigest()


def test_neither_file_leaves_a_trace_in_the_other() -> None:
    given, code = inputs("commune")
    html = to_html(build_context(given, unit=given.province.units.find(str(code), on=given.as_of)), "0" * 64)
    data = (DataFile("a.csv", b"1\r\n", "Thử"),)
    _, alone = typeset(html, outputs.write)
    _, both = typeset(html, partial(outputs.write, attached=data))
    assert alone.archive is None
    assert both.archive is not None
    assert both.report == alone.report


def test_a_figure_that_only_the_data_show_is_another_report() -> None:
    """Two procedures of one field, of which no page tells."""
    given = sample.report_input()
    facts = given.facts.copy()
    row = facts.index[facts["series"] == "forms"][0]
    facts["procedure_code"] = facts["procedure_code"].astype(object)
    facts.loc[row, "procedure_code"] = "1.000002"
    changed = replace(given, facts=facts)
    context = build_context(given, unit=None)
    assert build_context(changed, unit=None) == context
    digests = {input_digest(context, data_of(one, scope_of(one, None))) for one in (given, changed)}
    assert len(digests) == 2


def test_the_code_on_the_last_page_is_the_registers(printed: Printed) -> None:
    code = input_digest(printed.context, printed.data)
    whole = Heard(printed.path).whole
    for path in (printed.path, printed.archive):
        assert f"Mã kiểm chứng {code}".encode() in path.read_bytes(), "found without a program for PDFs"
    assert " ".join(code[n : n + 4] for n in range(0, 64, 4)) in whole

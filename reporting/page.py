"""What the templates are given: finished Vietnamese text, one documented field for every place on the page.

A template computes nothing; a test holds that what is rendered is what is documented here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

Kind = Literal["unit", "group", "total", "basis"]


@dataclass(frozen=True)
class Head:
    """Head of the document, NĐ 30/2020/NĐ-CP."""

    superior: Annotated[tuple[str, ...], "Superior body, capitals, a line each; often none"]
    issuer: Annotated[tuple[str, ...], "Issuing body, capitals, bold, a line each"]
    number_tail: Annotated[str, "Tail of the number that the clerk will give: BC-UBND"]
    place: Annotated[str, "Place of the date line; day, month and year stay blank"]
    draft: Annotated[str, "The mark that this is a draft"]
    title: Annotated[str, "Kind of document: BÁO CÁO"]
    subject: Annotated[tuple[str, ...], "What the report is about, a line each"]


@dataclass(frozen=True)
class Note:
    """A note under a table or figure."""

    mark: Annotated[str, "The mark that refers to it, without brackets; empty: a general note"]
    text: Annotated[str, "The note, a full sentence"]


@dataclass(frozen=True)
class KeyFigure:
    """One of the large figures of page 1."""

    value: Annotated[str, "The figure"]
    marks: Annotated[str, "Marks of the notes that say what it lacks"]
    label: Annotated[str, "What it counts"]
    basis: Annotated[str, "The counts behind it, or the part that matters"]


@dataclass(frozen=True)
class Answer:
    """One of the questions that page 1 answers."""

    question: Annotated[str, "Short name of the question"]
    lines: Annotated[tuple[str, ...], "The answer, a paragraph each"]
    alert: Annotated[tuple[str, ...], "What is missing and whom to call, a paragraph each, in bold"]


@dataclass(frozen=True)
class Column:
    """Head of a column of a table of our own."""

    head: Annotated[str, "Heading, with the unit where it has one"]
    kind: Annotated[
        Literal["wide", "text", "label", "figure"], "Width and alignment: long text, text, text on one line, figure"
    ]


@dataclass(frozen=True)
class Row:
    """Row of a table of our own."""

    kind: Annotated[Kind, "group and total rows are bold; a basis row belongs to the one above"]
    cells: Annotated[tuple[str, ...], "One text a column"]
    marks: Annotated[str, "Marks behind the first cell"]


@dataclass(frozen=True)
class Table:
    """A table of our own: horizontal rules only."""

    caption: Annotated[str, "Bảng n. …"]
    unit: Annotated[str, "Unit of measure; empty where the heads say it"]
    columns: Annotated[tuple[Column, ...], "Heads"]
    rows: Annotated[tuple[Row, ...], "Rows; the total last"]
    notes: Annotated[tuple[Note, ...], "Notes below"]
    source: Annotated[str, "Days, source and time of extraction"]
    block: Annotated[Literal["table"], "Which kind of block"] = "table"


@dataclass(frozen=True)
class FormRow:
    """Row of form II.06."""

    kind: Annotated[Kind, "group and total rows are bold"]
    number: Annotated[str, "Column (1): TT"]
    name: Annotated[str, "Column (2)"]
    marks: Annotated[str, "Marks of the notes that say what the row lacks"]
    cells: Annotated[tuple[str, ...], "Columns (3) to (13)"]


@dataclass(frozen=True)
class Form:
    """Form II.06a/VPCP/KSTT, by field or by unit, on landscape pages."""

    number: Annotated[str, "Number of the form"]
    reporter: Annotated[str, "Đơn vị báo cáo"]
    receiver: Annotated[str, "Đơn vị nhận báo cáo"]
    period: Annotated[str, "Kỳ báo cáo, with both dates"]
    subject_head: Annotated[str, "Head of column (2)"]
    rows: Annotated[tuple[FormRow, ...], "Rows; Tổng cộng last"]
    notes: Annotated[tuple[Note, ...], "Notes below"]
    source: Annotated[str, "Days, source and time of extraction"]


@dataclass(frozen=True)
class Bar:
    """One bar of the chart."""

    name: Annotated[str, "Unit or field"]
    marks: Annotated[str, "Marks of the notes that say what it lacks"]
    width: Annotated[str, "Length in percent of the full scale, for CSS: 96.11"]
    value: Annotated[str, "The label: 96,11%"]
    basis: Annotated[str, "The counts behind it: 1.234/1.284"]


@dataclass(frozen=True)
class Chart:
    """Horizontal bars from 0 to 100%, lowest first."""

    caption: Annotated[str, "Biểu đồ n. …"]
    alt: Annotated[str, "The same in words, for a reader who cannot see it"]
    reference: Annotated[str, "Place of the reference line in percent of the scale, for CSS; empty: none"]
    reference_label: Annotated[str, "What the reference line is, with its value"]
    bars: Annotated[tuple[Bar, ...], "Bars, ordered by value"]
    notes: Annotated[tuple[Note, ...], "Units without a bar, and why"]
    source: Annotated[str, "Days, source and time of extraction"]
    block: Annotated[Literal["bars"], "Which kind of block"] = "bars"


@dataclass(frozen=True)
class Heading:
    """A heading within a part."""

    level: Annotated[Literal["3", "4"], "3: 1. …; 4: a) …"]
    text: Annotated[str, "The heading with its number"]
    anchor: Annotated[str, "Its name as a place to lead to; empty: the contents do not list it"] = ""
    block: Annotated[Literal["heading"], "Which kind of block"] = "heading"


@dataclass(frozen=True)
class Paragraph:
    """A computed paragraph."""

    text: Annotated[str, "Full sentences"]
    block: Annotated[Literal["paragraph"], "Which kind of block"] = "paragraph"


@dataclass(frozen=True)
class Missing:
    """What the drafting office has not written or nobody has returned; marked on the page, never passed over."""

    text: Annotated[str, "What is missing, a full sentence"]
    block: Annotated[Literal["missing"], "Which kind of block"] = "missing"


@dataclass(frozen=True)
class Written:
    """What the drafting office wrote of a part."""

    markup: Annotated[str, "HTML of p, strong, em, ul, ol, li and br alone, without attributes"]
    notes: Annotated[tuple[Note, ...], "What the computed figures in it lack"]
    block: Annotated[Literal["written"], "Which kind of block"] = "written"


Block = Heading | Paragraph | Missing | Written | Table | Chart


@dataclass(frozen=True)
class Part:
    """A part of the body, I to V."""

    heading: Annotated[str, "I. …, capitals"]
    blocks: Annotated[tuple[Block, ...], "What stands in it, in order"]
    anchor: Annotated[str, "Its name as a place to lead to"] = ""


@dataclass(frozen=True)
class Annex:
    """Head of an annex."""

    number: Annotated[str, "Phụ lục I"]
    title: Annotated[str, "Title, capitals"]
    subtitle: Annotated[str, "The report that it belongs to"]
    label: Annotated[str, "Number and title on one line, for the contents and the bookmarks"]
    anchor: Annotated[str, "Its name as a place to lead to"]


@dataclass(frozen=True)
class FormAnnex:
    annex: Annotated[Annex, "Head"]
    form: Annotated[Form, "The form"]


@dataclass(frozen=True)
class TablesAnnex:
    annex: Annotated[Annex, "Head"]
    paragraphs: Annotated[tuple[str, ...], "Text before the tables"]
    tables: Annotated[tuple[Table, ...], "Tables"]
    rules: Annotated[tuple[str, ...], "How the figures were counted, after the tables"]


@dataclass(frozen=True)
class Signature:
    """Recipients and the empty place of the signature."""

    authority: Annotated[str, "TM. ỦY BAN NHÂN DÂN; may be empty"]
    title: Annotated[str, "The signer's office"]
    recipients: Annotated[tuple[str, ...], "Nơi nhận, a line each"]


@dataclass(frozen=True)
class ContentsEntry:
    """A line of the contents; the page number is the typesetter's."""

    level: Annotated[Literal["part", "area", "annex"], "Depth: a part, a heading in it, an annex"]
    text: Annotated[str, "The heading"]
    anchor: Annotated[str, "The place that it leads to"]


@dataclass(frozen=True)
class Contents:
    """Contents of a long report, after the signature."""

    entries: Annotated[tuple[ContentsEntry, ...], "Lines, in the order of the document"]


@dataclass(frozen=True)
class ReportContext:
    """Everything on the pages of one report, in their order."""

    title: Annotated[str, "Title of the document in its metadata"]
    author: Annotated[str, "Issuing body in the metadata"]
    created: Annotated[str, "ISO moment of the newest extraction, the only time in the metadata"]
    head: Annotated[Head, "Head of the document"]
    data_note: Annotated[str, "A warning on page 1 that these are demonstration data; empty: none"]
    opening: Annotated[str, "Opening sentence, with the regulations in force"]
    key_figures: Annotated[tuple[KeyFigure, ...], "The figures of page 1"]
    answers: Annotated[tuple[Answer, ...], "What page 1 answers"]
    parts: Annotated[tuple[Part, ...], "The body, I to V"]
    closing: Annotated[str, "Closing sentence, ended with ./."]
    signature: Annotated[Signature, "Recipients and signature"]
    contents: Annotated[Contents | None, "Contents; None in a short report"]
    by_field: Annotated[FormAnnex, "Form II.06a by field"]
    by_unit: Annotated[FormAnnex | None, "The form by unit; None where the report has one unit"]
    by_subunit: Annotated[FormAnnex | None, "The form by commune, district by district; None: no such level"]
    further: Annotated[tuple[TablesAnnex, ...], "Further annexes of our own tables; often none"]
    provenance: Annotated[TablesAnnex, "Sources, findings and the rules applied"]

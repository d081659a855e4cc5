"""What the templates are given: finished Vietnamese text, one documented field for every place on the page.

A template computes nothing; a test holds that what is rendered is what is documented here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

Kind = Literal["unit", "group", "total", "basis"]
Fill = Literal["dark", "hatched", "plain"]


@dataclass(frozen=True)
class Head:
    """Head of the document, NĐ 30/2020/NĐ-CP."""

    superior: Annotated[tuple[str, ...], "Superior body, capitals, a line each; often none"]
    issuer: Annotated[tuple[str, ...], "Issuing body, capitals, bold, a line each"]
    number_tail: Annotated[str, "Tail of the number that the clerk will give: BC-UBND"]
    place: Annotated[str, "Place of the date line; day, month and year stay blank"]
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
    letters: Annotated[Literal["usual", "small"], "small: figures of nine digits or more, which the columns hold so"]
    notes: Annotated[tuple[Note, ...], "Notes below"]
    source: Annotated[str, "Days, source and time of extraction"]


@dataclass(frozen=True)
class Bar:
    """One bar of the chart."""

    name: Annotated[str, "Unit or field"]
    marks: Annotated[str, "Marks of the notes that say what it lacks"]
    width: Annotated[str, "Length in percent of the full scale, for CSS: 96.11"]
    fill: Annotated[
        Literal["whole", "below", "partial", "none"],
        "whole: dark; below: hatched, under the target; partial: white, figures are missing; none: 0%",
    ]
    value: Annotated[str, "The label: 96,11%"]
    basis: Annotated[str, "The counts behind it: 1.234/1.284"]
    distance: Annotated[str, "Against the target in percentage points: −3,89; empty: no target"]


@dataclass(frozen=True)
class Chart:
    """Horizontal bars from 0 to 100%, lowest first."""

    caption: Annotated[str, "Biểu đồ n. …"]
    alt: Annotated[str, "The same in words, for a reader who cannot see it"]
    reference: Annotated[str, "Place of the reference line in percent of the scale, for CSS; empty: none"]
    reference_label: Annotated[str, "What the reference line is, with its value"]
    head: Annotated[str, "What the bars are of: Đơn vị"]
    target: Annotated[str, "Place of the target's line; empty: no target"]
    target_label: Annotated[str, "The target with its value"]
    bars: Annotated[tuple[Bar, ...], "Bars, ordered by value"]
    basis_width: Annotated[str, "Of the column of counts, in points"]
    notes: Annotated[tuple[Note, ...], "Units without a bar, and why"]
    source: Annotated[str, "Days, source and time of extraction"]
    block: Annotated[Literal["bars"], "Which kind of block"] = "bars"


@dataclass(frozen=True)
class Tick:
    """A label on the axis of a chart."""

    at: Annotated[str, "Where on the axis, in points"]
    label: Annotated[str, "What stands there: 94%"]


@dataclass(frozen=True)
class Slot:
    """A period below the axis of time."""

    x: Annotated[str, "Its middle, in points"]
    first: Annotated[str, "First line: Quý IV"]
    second: Annotated[str, "Second line: the year"]


@dataclass(frozen=True)
class Point:
    """A figure of one period."""

    x: Annotated[str, "Centre, in points"]
    y: Annotated[str, "Centre, in points"]
    value: Annotated[str, "The figure: 96,11%"]
    label_y: Annotated[str, "Foot of the figure, above or below the point"]
    weight: Annotated[Literal["normal", "bold"], "bold: the report's own period"]


@dataclass(frozen=True)
class Break:
    """Where the series is broken, or two periods are not compared."""

    x: Annotated[str, "Of the dashed line, in points"]
    mark: Annotated[str, "Mark of the note that says why"]


@dataclass(frozen=True)
class TrendChart:
    """A line through the periods; lengths in points. Its figures stand in a table beside it."""

    caption: Annotated[str, "Biểu đồ n. …"]
    alt: Annotated[str, "The same in words, for a reader who cannot see it"]
    width: Annotated[str, "Of the drawing, in points"]
    height: Annotated[str, "Of the drawing, in points"]
    left: Annotated[str, "Where the plot begins"]
    right: Annotated[str, "Where it ends"]
    top: Annotated[str, "Its upper edge"]
    base: Annotated[str, "Its foot"]
    cut: Annotated[str, "Path of the mark on an axis that does not begin with 0; empty: it does"]
    ticks: Annotated[tuple[Tick, ...], "Of the upright axis, the foot first"]
    slots: Annotated[tuple[Slot, ...], "The periods in order, also those without a figure"]
    lines: Annotated[tuple[str, ...], "Paths through points that are of one series"]
    breaks: Annotated[tuple[Break, ...], "Where no line is drawn, and why"]
    points: Annotated[tuple[Point, ...], "Figures in order"]
    notes: Annotated[tuple[Note, ...], "The range of the axis, and what is missing"]
    source: Annotated[str, "Where the figures stand"]
    block: Annotated[Literal["trend"], "Which kind of block"] = "trend"


@dataclass(frozen=True)
class KeyMark:
    """A line of the key of a stacked chart."""

    x: Annotated[str, "Left edge of its field, in points"]
    fill: Annotated[Fill, "Pattern, told apart without colour"]
    text_x: Annotated[str, "Left edge of its words"]
    label: Annotated[str, "What the pattern stands for"]


@dataclass(frozen=True)
class Segment:
    """A part of a stacked bar."""

    x: Annotated[str, "Left edge, in points"]
    width: Annotated[str, "Width, in points"]
    fill: Annotated[Fill, "Pattern, as in the key"]
    label: Annotated[str, "Its share: 63,20%; empty where it is too narrow"]
    label_x: Annotated[str, "Middle of the label"]
    patch_x: Annotated[str, "Left edge of the white field behind the label"]
    patch_width: Annotated[str, "Width of that field"]


@dataclass(frozen=True)
class Stack:
    """A stacked bar, from 0 to 100%."""

    y: Annotated[str, "Upper edge, in points"]
    label_y: Annotated[str, "Foot of its words"]
    label: Annotated[str, "The period"]
    segments: Annotated[tuple[Segment, ...], "Parts that are not 0, in the order of the key"]


@dataclass(frozen=True)
class ChannelsChart:
    """Stacked bars, one a period; lengths in points. Its counts stand in a table beside it."""

    caption: Annotated[str, "Biểu đồ n. …"]
    alt: Annotated[str, "The same in words, for a reader who cannot see it"]
    width: Annotated[str, "Of the drawing, in points"]
    height: Annotated[str, "Of the drawing, in points"]
    base: Annotated[str, "The line below the bars"]
    key: Annotated[tuple[KeyMark, ...], "What the patterns stand for"]
    ticks: Annotated[tuple[Tick, ...], "0, 50 and 100%"]
    stacks: Annotated[tuple[Stack, ...], "The report's own period first"]
    notes: Annotated[tuple[Note, ...], "Periods that are not compared, and why"]
    source: Annotated[str, "Where the counts stand"]
    block: Annotated[Literal["channels"], "Which kind of block"] = "channels"


@dataclass(frozen=True)
class PlaceRow:
    """Two places of one unit in one ranking, or the head of a group."""

    kind: Annotated[Kind, "A group row has a name alone"]
    name: Annotated[str, "Unit or index"]
    years: Annotated[str, "The two years: 2021, 2022"]
    before: Annotated[str, "Where the earlier place lies in percent of the scale, the best at 100, for CSS"]
    now: Annotated[str, "Where the later one lies"]
    left: Annotated[str, "Left end of the line between them"]
    width: Annotated[str, "Its length"]
    before_text: Annotated[str, "The earlier place with its base: 20/63"]
    now_text: Annotated[str, "The later one: 17/63"]
    change: Annotated[str, "tăng 3 bậc"]


@dataclass(frozen=True)
class PlacesChart:
    """Places then and now, each line on the scale of its own base; only where both bases are the same."""

    caption: Annotated[str, "Biểu đồ n. …"]
    alt: Annotated[str, "The same in words, for a reader who cannot see it"]
    head: Annotated[str, "What the rows name"]
    rows: Annotated[tuple[PlaceRow, ...], "Groups with their units, or indices"]
    place_width: Annotated[str, "Of the columns of places, in points"]
    notes: Annotated[tuple[Note, ...], "What is not drawn, and why"]
    source: Annotated[str, "Who published the places"]
    block: Annotated[Literal["places"], "Which kind of block"] = "places"


AnyChart = Chart | TrendChart | ChannelsChart | PlacesChart


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


Block = Heading | Paragraph | Missing | Written | Table | AnyChart


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
    subtitle: Annotated[tuple[str, ...], "The report that it belongs to, in pieces between which a line may end"]
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
    charts: Annotated[tuple[AnyChart, ...], "Charts, after the tables; often none"] = ()


@dataclass(frozen=True)
class Proof:
    """What the report rests on, at its very end. Its code is no field: it is made of all of them."""

    heading: Annotated[str, "Heading"]
    table: Annotated[Table, "The sources' snapshots"]
    lines: Annotated[tuple[str, ...], "Versions of formulas, templates and programs, a sentence each"]
    code_label: Annotated[str, "What stands before the code"]
    purpose: Annotated[str, "What the code is for and how it is checked"]


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
    preview: Annotated[str, "What page 1 says first of figures that end before the period does; empty: they do not"]
    data_note: Annotated[str, "The province's own note on page 1: demonstration data; empty: none"]
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
    proof: Annotated[Proof, "What the report rests on, for whoever checks a copy"]

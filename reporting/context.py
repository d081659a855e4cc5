"""Builds what the pages show: every text finished here, in the order of the document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time
from functools import cached_property

from contracts.clock import VIETNAM
from contracts.codes import Level, Series
from contracts.regulations import first_citation
from contracts.units import Unit
from reporting import annexes, body, deviations, narrative, provenance, wording
from reporting.body import Draft
from reporting.contents import anchored, contents_of
from reporting.formats import date_text
from reporting.forms import ROMAN, FormMaker
from reporting.inputs import ReportInput
from reporting.origin import Origin
from reporting.page import Annex, Form, FormAnnex, Head, Proof, ReportContext, Signature, TablesAnnex
from reporting.proof import proof_of
from reporting.scope import Scope, scope_of
from reporting.written.texts import written_table
from transforms.over_time import within

__all__ = ["ReportContext", "build_context"]

BLANK = "\N{NO-BREAK SPACE}" * 5
"""Room for what the clerk will write by hand."""


def build_context(report_input: ReportInput, *, unit: Unit | None) -> ReportContext:
    """The province's report (unit None), or that of one unit with all below it.

    Raises CriticalCheckError where counts do not add up: no page is made of such figures."""
    return _Builder(report_input, unit).build()


class _Builder:
    """Numbers parts, tables and annexes as it goes."""

    def __init__(self, report_input: ReportInput, unit: Unit | None) -> None:
        self.input = report_input
        self.unit = unit
        self.province = report_input.province
        self.scope: Scope = scope_of(report_input, unit)
        self.origin = Origin(self.scope, report_input.period, report_input.spans)
        self.who = wording.inline(self.scope.root)
        self.contents = tuple(annexes.contents(report_input, self.origin))
        self._annexes: Iterator[str] = iter(ROMAN)

    def build(self) -> ReportContext:
        head = self._head()
        parts = anchored(body.parts(self._draft))
        by_field, by_unit = self._field_annex(), self._form_annex("đơn vị", self._by_unit())
        by_subunit = self._form_annex("từng cơ quan cấp huyện, cấp xã", self._forms.by_subunit())
        further, provenance_annex = self._further(), self._provenance()
        annexed = [part.annex for part in (by_field, by_unit, by_subunit, *further, provenance_annex) if part]
        return ReportContext(
            title=f"{head.title} {' '.join(head.subject)}",
            author=" ".join(head.issuer),
            created=self._created(),
            head=head,
            preview=self._preview(),
            data_note=self.province.file.data_note,
            opening=self._opening(),
            key_figures=narrative.key_figures(self.scope),
            answers=narrative.answers(self.input, self.origin, self._draft.comparison),
            parts=parts,
            closing=self._closing(annexed),
            signature=self._signature(),
            contents=contents_of(parts, tuple(annexed)),
            by_field=by_field,
            by_unit=by_unit,
            by_subunit=by_subunit,
            further=further,
            provenance=provenance_annex,
            proof=self._proof(),
        )

    def _by_unit(self) -> Form | None:
        return self._forms.by_unit() if self._draft.by_unit else None

    def _closing(self, annexed: list[Annex]) -> str:
        """With the annexes, which the text must name (NĐ 30/2020/NĐ-CP, Phụ lục I, phần I, III.1.a)."""
        body = wording.body_of(self.scope.root) if self.unit else self._issuer_in_sentence()
        report = f"báo cáo kết quả công tác cải cách hành chính {within(self._period_words)} của {body}"
        first, last = (annex.number.removeprefix("Phụ lục ") for annex in (annexed[0], annexed[-1]))
        return f"Trên đây là {report} (kèm theo các Phụ lục từ {first} đến {last})./."

    @property
    def _period_words(self) -> str:
        """Quý IV năm 2024, kept with its capital; từ ngày … where the period is a free range."""
        label = self.input.period.label
        return label[:1].lower() + label[1:] if label.startswith("Từ ") else label

    @property
    def _period_in_title(self) -> str:
        """quý IV năm 2024; 6 tháng đầu năm 2024; từ ngày …: the line goes on from the one above."""
        return within(self._period_words)

    def _preview(self) -> str:
        if not self.origin.unfinished:
            return ""
        until, cut_off = self.input.spans[Series.FORMS].last_day, self.input.period.cut_off
        return (
            f"BẢN XEM TRƯỚC: kỳ chưa kết thúc, số liệu mới tính đến hết ngày {date_text(until)};"
            f" không dùng thay báo cáo cả kỳ (ngày chốt {date_text(cut_off)})."
        )

    def _head(self) -> Head:
        superior, issuer = wording.issuer_of(self.province, self.unit)
        return Head(
            superior=superior,
            issuer=issuer,
            number_tail=wording.document_code(self.province, self.unit),
            place=self.province.file.report.place if self.unit is None else self._place(self.unit),
            title="BÁO CÁO",
            subject=("Kết quả công tác cải cách hành chính", f"{self._period_in_title} của {self.who}"),
        )

    def _place(self, unit: Unit) -> str:
        if unit.level is Level.DEPARTMENT:
            return self.province.file.report.place
        return wording.short_name(unit)

    def _opening(self) -> str:
        day = self.input.spans[Series.FORMS].last_day
        programme = first_citation("reform_programme", on=day)
        cited = [text for subject in ("one_stop", "periods", "forms") if (text := first_citation(subject, on=day))]
        bases = [f"thực hiện {programme}"] if programme else []
        bases += [f"căn cứ {'; '.join(cited)}"] if cited else []
        body = wording.body_of(self.scope.root) if self.unit else self._issuer_in_sentence()
        said = f"{'; '.join(bases)}, {body}" if bases else body
        return (
            f"{said[:1].upper()}{said[1:]} báo cáo kết quả công tác cải cách hành chính"
            f" {within(self._period_words)} như sau:"
        )

    def _issuer_in_sentence(self) -> str:
        issuer = self.province.file.report.issuer
        whole = wording.body_of(self.scope.root)
        return whole if issuer.upper() == whole.upper() else issuer

    @cached_property
    def _draft(self) -> Draft:
        return Draft(
            input=self.input,
            unit=self.unit,
            origin=self.origin,
            forms=self._forms,
            who=self.who,
            period_words=self._period_words,
            provenance=f"Phụ lục {ROMAN[self._annex_count() - 1]}",
            annexes=self._annex_numbers(),
        )

    @cached_property
    def _forms(self) -> FormMaker:
        receiver = wording.recipients_of(self.province, self.unit)[0].split(" (")[0]
        reporter = wording.body_of(self.scope.root) if self.unit else self._issuer_in_sentence()
        policy = self.province.file.policy
        return FormMaker(self.origin, policy, reporter=reporter, receiver=receiver)

    def _annex_count(self) -> int:
        """By field, by unit, by commune, the further ones, provenance: those that this report has."""
        has_communes = self._forms.has_subunits
        return 2 + sum((len(self.scope.units) > 1, has_communes)) + len(self.contents)

    def _annex_numbers(self) -> dict[str, str]:
        """Of the further ones, which stand before the last."""
        first = self._annex_count() - 1 - len(self.contents)
        return {content.title: f"Phụ lục {ROMAN[first + n]}" for n, content in enumerate(self.contents)}

    def _signature(self) -> Signature:
        authority, title = wording.signer_of(self.province, self.unit)
        recipients = wording.recipients_of(self.province, self.unit)
        ended = [f"- {r};" for r in recipients[:-1]] + [f"- {r}." for r in recipients[-1:]]
        return Signature(authority, title, tuple(ended))

    def _annex(self, title: str) -> Annex:
        roman = next(self._annexes)
        return Annex(
            number=f"Phụ lục {roman}",
            title=title.upper(),
            subtitle=(
                f"(Kèm theo Báo cáo số{BLANK}/{wording.document_code(self.province, self.unit)}"
                f" ngày{BLANK}tháng{BLANK}năm{BLANK}",
                f"của {wording.body_of(self.scope.root)})",
            ),
            label=f"Phụ lục {roman}. {title}",
            anchor=f"phu-luc-{roman.lower()}",
        )

    def _field_annex(self) -> FormAnnex:
        annex = self._annex("Kết quả giải quyết thủ tục hành chính theo lĩnh vực")
        return FormAnnex(annex, self._forms.by_field())

    def _form_annex(self, by: str, form: Form | None) -> FormAnnex | None:
        if form is None:
            return None
        return FormAnnex(self._annex(f"Kết quả giải quyết thủ tục hành chính theo {by}"), form)

    def _further(self) -> tuple[TablesAnnex, ...]:
        return tuple(
            TablesAnnex(
                self._annex(content.title),
                content.paragraphs,
                tuple(self._draft.numbers.table(table) for table in content.tables),
                content.rules,
                tuple(self._draft.numbers.chart(chart) for chart in content.charts),
            )
            for content in self.contents
        )

    def _provenance(self) -> TablesAnnex:
        annex = self._annex("Nguồn số liệu, dữ liệu bị loại và cách tính")
        policy = self.province.file.policy
        tables = (
            provenance.source_table(self.origin, caption="Nguồn số liệu"),
            provenance.finding_table(self.input, self.origin, caption="Dữ liệu bị loại và cảnh báo"),
            deviations.deviation_table(
                self.input,
                self.origin,
                caption="Chênh lệch với kỳ trước, cùng kỳ năm trước",
            ),
            written_table(self.input, self.unit, caption="Nội dung do cơ quan soạn thảo viết"),
        )
        numbered = tuple(self._draft.numbers.table(table) for table in tables if table is not None)
        return TablesAnnex(annex, (), numbered, narrative.policy_notes(self.input, policy))

    def _proof(self) -> Proof:
        found = proof_of(self.input, self.origin)
        return replace(found, table=self._draft.numbers.table(found.table))

    def _created(self) -> str:
        """The newest extraction; the cut-off where nothing was extracted."""
        times = [s.extracted_at for s in self.scope.sources if s.loaded and s.extracted_at]
        aware = [t if t.tzinfo else t.replace(tzinfo=VIETNAM) for t in times]
        fallback = datetime.combine(self.input.as_of, time(), tzinfo=VIETNAM)
        return max(aware, default=fallback).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

"""What a reader must know of the figures before signing: sources, facts not told, returns, unverified settings."""

from __future__ import annotations

from contracts.areas import areas_on
from contracts.codes import Series
from contracts.regulations import in_force
from reporting import provenance
from reporting.body._draft import Draft
from reporting.body._judged import target_of
from reporting.narrative import rows_sentence
from reporting.origin import NAMED_AT_MOST, gap_sentence, gap_units
from reporting.ratios import of_forms
from reporting.returns.received import received_sentence
from reporting.returns.sums import sums_of
from reporting.scope import Scope
from reporting.sentences import limits
from reporting.tally import Tally


def limits_of_data(draft: Draft, counts: Tally | None) -> tuple[str, ...]:
    """A paragraph each: sources; what they do not tell; returns; settings; where the rest stands."""
    found = (_sources(draft), _told(draft, counts), _returns(draft), limits.unverified(_settings(draft)), _where(draft))
    return tuple(text for text in found if text)


def _sources(draft: Draft) -> str:
    scope = draft.scope
    loaded = [s for s in scope.sources if s.loaded]
    said = [limits.sources(len(loaded), len(scope.sources), rows_sentence(loaded) if loaded else "")]
    said += _gaps(scope) if loaded or len(scope.gaps) == 1 else []
    said += [note.text for note in draft.origin.elsewhere]
    if warnings := provenance.warnings(draft.input, loaded):
        said.append(limits.warnings(warnings))
    return " ".join(said)


def _gaps(scope: Scope) -> list[str]:
    """Each with its reason where they are few; page 1 has all of them."""
    if len(scope.gaps) <= NAMED_AT_MOST:
        return [gap_sentence(scope, gap) for gap in scope.gaps]
    named = "; ".join(gap_units(scope, gap) for gap in scope.gaps)
    return [f"Chưa gồm số liệu của {named}; lý do nêu tại mục “Mức độ đầy đủ” ở trang 1."]


def _told(draft: Draft, counts: Tally | None) -> str:
    if counts is None:
        return ""
    return limits.partly_told(of_forms(draft.origin.spans[Series.FORMS]), counts.counts)


def _returns(draft: Draft) -> str:
    sums = sums_of(draft.input, draft.scope)
    return "" if sums is None else received_sentence(sums, draft.scope.tree)


def _settings(draft: Draft) -> list[str]:
    """What of the configuration has a part in this report and was not held against its text."""
    day = draft.origin.spans[Series.FORMS].last_day
    said = []
    if (forms := in_force("forms", on=day)) is not None and not forms.verified:
        said.append(f"mẫu biểu II.06a theo {forms.number}")
    if not (areas := areas_on(day)).verified:
        said.append(f"tên các lĩnh vực cải cách hành chính theo {areas.resolution}")
    if (target := target_of(draft)) is not None and not target.verified:
        said.append("mục tiêu của tỷ lệ A")
    sums = sums_of(draft.input, draft.scope)
    if sums is not None and any(not total.line.verified for total in sums.totals.values()):
        said.append("danh mục chỉ tiêu của phiếu báo cáo")
    if _unverified_procedures(draft):
        said.append("một số mã thủ tục dùng để xếp hồ sơ theo lĩnh vực")
    return said


def _unverified_procedures(draft: Draft) -> bool:
    known = draft.input.province.procedures
    used = set(draft.scope.facts["procedure_code"].astype(str))
    return any(code in known and not known[code].verified for code in used)


def _where(draft: Draft) -> str:
    return f"Nguồn, thời điểm trích xuất, dòng bị loại và cách tính nêu tại {draft.provenance}."

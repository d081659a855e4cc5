"""What units returned of one area, as sentences: which days, of how many units, then line by line.

A line's words stand here where a general form would be clumsy; a province's own lines take the general form. What is
not known makes no sentence, and 0 is told as none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from contracts.codes import Level
from contracts.returned import Asked, Derived, Kind, Measured, State
from contracts.units import Unit, UnitTree
from reporting.fonts import printable
from reporting.formats import MISSING, count_text, listed
from reporting.returns.sums import Sums
from reporting.returns.texts import answer_text, basis_text, derived_basis, derived_text, of_units, total_text
from reporting.wording import inline, own_office
from transforms.returned import Derivation, Total

LONGEST = 300

SOME: dict[str, str] = {
    "steering_meetings": "tổ chức {} cuộc họp Ban Chỉ đạo, giao ban về cải cách hành chính",
    "inspections": "{} đoàn kiểm tra cải cách hành chính, kiểm tra công vụ đã làm việc",
    "legal_documents": "ban hành, trình ban hành {} văn bản quy phạm pháp luật",
    "coordination_rules": "{} quy chế phối hợp liên ngành đang có hiệu lực",
    "procedures_reviewed": "{} thủ tục hành chính được rà soát, cập nhật, bổ sung, thay thế, bãi bỏ",
    "procedures_simplified": "{} thủ tục hành chính được đơn giản hóa hoặc kiến nghị đơn giản hóa",
    "petitions_received": "tiếp nhận {} phản ánh, kiến nghị về thủ tục hành chính",
    "petitions_in_time": "{} phản ánh, kiến nghị được xử lý đúng hạn",
    "linked_rules": "{} quy chế giải quyết thủ tục hành chính theo cơ chế một cửa liên thông đang có hiệu lực",
    "linked_procedures": "{} quy trình giải quyết thủ tục hành chính liên thông đã ban hành",
    "procedures_shortened": "{} thủ tục hành chính được cắt giảm thời gian giải quyết so với quy định",
    "online_payment_procedures": "{} thủ tục hành chính cho phép thanh toán trực tuyến",
    "pilot_units": "{} đơn vị thực hiện mô hình thí điểm",
    "pilot_cases": "{} hồ sơ, trường hợp giải quyết theo mô hình thí điểm",
    "bodies_reorganised": "{} cơ quan, đơn vị được kiện toàn, sắp xếp, tổ chức lại",
    "bodies_dissolved": "{} cơ quan, đơn vị giải thể",
    "delegations": "{} quyết định phân cấp, ủy quyền đang có hiệu lực",
    "service_staff": "{} người làm việc trong các đơn vị sự nghiệp công lập",
    "staff_quota": "biên chế công chức được giao năm báo cáo là {} người",
    "discipline": "{} cán bộ, công chức bị xử lý kỷ luật liên quan đến thực thi công vụ",
    "document_system_units": "{} cơ quan, đơn vị sử dụng phần mềm quản lý văn bản và điều hành",
    "documents_overdue": "{} văn bản chưa xử lý hoặc xử lý quá hạn trên phần mềm quản lý văn bản và điều hành",
}
"""By id of a count: with how many."""
NONE: dict[str, str] = {
    "steering_meetings": "không tổ chức cuộc họp Ban Chỉ đạo, giao ban về cải cách hành chính",
    "inspections": "không có đoàn kiểm tra cải cách hành chính, kiểm tra công vụ",
    "legal_documents": "không ban hành, trình ban hành văn bản quy phạm pháp luật",
    "petitions_received": "không tiếp nhận phản ánh, kiến nghị nào về thủ tục hành chính",
    "staff_quota": "không được giao biên chế công chức",
}
"""Where «không có …» before the words of SOME is not what one says."""
YES: dict[str, tuple[str, str]] = {
    "plan_issued": (
        "đã ban hành đầy đủ kế hoạch cải cách hành chính của năm",
        "chưa ban hành đầy đủ kế hoạch cải cách hành chính của năm",
    ),
    "iso_applied": (
        "áp dụng, duy trì hệ thống quản lý chất lượng ISO",
        "chưa áp dụng hệ thống quản lý chất lượng ISO",
    ),
}
"""By id of a question: the answer yes, and no."""
NAMES: dict[str, str] = {
    "plan_number": "kế hoạch cải cách hành chính của năm",
    "publicity": "tuyên truyền cải cách hành chính",
    "pilots": "mô hình thí điểm, sáng kiến cải cách thủ tục hành chính",
    "time_cut": "mức cắt giảm thời gian giải quyết so với quy định",
}
"""By id: what the line is called where its label refers to the one above it, or would say too much."""
SILENT = frozenset({"plan_date", "service_staff_base", "staff_quota_before", "iso_standard", "bodies_named"})
"""In the annex alone: dates and bases that say nothing without the line beside them, and lists of names."""


@dataclass(frozen=True)
class _Clause:
    """measured: of which days. basis: whose returns say so; units: who they are, for as many may be
    others. own: whether it is the report's own unit in words."""

    measured: Measured
    basis: str
    text: str
    units: frozenset[str] = frozenset()
    own: bool = False


def sentences(sums: Sums, area: int, tree: UnitTree, root: str, day: str) -> tuple[str, ...]:
    """One for each run of days, and one for what the report's own unit says in words. root: its agency code. day: the
    cut-off, 14/12/2024. Empty where nothing of the area is known."""
    clauses = list(_clauses(sums, area, tree, root))
    when: dict[Measured, str] = {
        "in_period": "Trong kỳ",
        "year_to_date": f"Lũy kế từ đầu năm đến hết ngày {day}",
        "at_end": f"Đến hết ngày {day}",
    }
    said = [_sentence(days, [c for c in clauses if c.measured == m and not c.own]) for m, days in when.items()]
    own = [clause for clause in clauses if clause.own]
    said += [f"Theo phiếu báo cáo của {own[0].basis}: {'; '.join(c.text for c in own)}."] if own else []
    return tuple(text for text in said if text)


def _sentence(when: str, clauses: list[_Clause]) -> str:
    """With whose returns said once where all rest on the same, else behind each."""
    if not clauses:
        return ""
    if len({(clause.basis, clause.units) for clause in clauses}) == 1:
        return f"{when}, theo phiếu báo cáo của {clauses[0].basis}: {'; '.join(c.text for c in clauses)}."
    return f"{when}, theo phiếu báo cáo: {'; '.join(f'{c.text}, theo {c.basis}' for c in clauses)}."


def _clauses(sums: Sums, area: int, tree: UnitTree, root: str) -> Iterator[_Clause]:
    alone = len(sums.asked) == 1
    for found in sums.totals.values():
        line = found.line
        if line.area != area or line.id in SILENT or _of_nothing(line, sums):
            continue
        if line.kind is Kind.TEXT:
            yield from _own_words(found, tree, root)
        elif text := _text(found):
            units = frozenset({**found.exact, **found.approximate} if found.alone else found.exact)
            yield _Clause(line.measured, _basis(found, tree, alone), text, units)
        for derived in sums.returns.derived:
            if line.id == _last_term(derived, sums) and (one := sums.derivation(derived)) is not None:
                units = frozenset.intersection(*(frozenset(sums.totals[term].exact) for term in derived.terms))
                basis = "" if one.given == 0 else _basis_of(one, sums, tree, alone)
                yield from _derived(one, line.measured, basis, units)


def _of_nothing(line: Asked, sums: Sums) -> bool:
    """Whether the line is a part of what is known to be none: of no petition none was handled late. Not where other
    units tell of some, and have not told of the whole."""
    whole, part = sums.totals.get(line.part_of), sums.totals.get(line.id)
    return whole is not None and whole.numerator == 0 and not (part and (part.numerator or part.approximate))


def _last_term(derived: Derived, sums: Sums) -> str:
    order = list(sums.totals)
    return max(derived.terms, key=order.index) if all(term in order for term in derived.terms) else ""


def _basis(found: Total, tree: UnitTree, alone: bool) -> str:
    """8/10 đơn vị · Sở Nội vụ, where it is asked alone · đơn vị, in the report of a unit without others below."""
    if alone:
        return "đơn vị"
    if found.alone is not None:
        return _office(tree.by_agency(next(iter({**found.exact, **found.approximate}))))
    return f"{of_units(len(found.exact), found.concerned)} đơn vị"


def _own_words(found: Total, tree: UnitTree, root: str) -> Iterator[_Clause]:
    answer = found.exact.get(root)
    if answer is not None and answer.text:
        said = printable(answer.text, longest=LONGEST).rstrip(" .;")
        name = _office(tree.by_agency(root)) if found.concerned > 1 else "đơn vị"
        yield _Clause(found.line.measured, name, f"{_name(found.line)}: {said}", own=True)


def _text(found: Total) -> str:
    """ "" where nothing is known that can be told in a clause."""
    if found.alone is not None and found.alone.state is State.APPROXIMATE:
        return f"{_name(found.line)}: {answer_text(found.alone)}{_unit(found.line)}"
    if not found.exact:
        return ""
    match found.line.kind:
        case Kind.COUNT:
            return _count(found)
        case Kind.SHARE:
            return _share(found)
        case Kind.NUMBER:
            return f"{_name(found.line)} là {total_text(found)}{_unit(found.line)}"
        case Kind.YES_NO:
            return _yes_no(found)
        case Kind.CHOICE:
            return _choice(found)
    return ""


def _unit(line: Asked) -> str:
    return line.unit if line.unit == "%" else f" {line.unit}"


def _count(found: Total) -> str:
    line, some = found.line, SOME.get(found.line.id)
    if some is None:
        return f"{_name(line)} là {total_text(found)} {line.unit}"
    if found.numerator == 0:
        return NONE.get(line.id) or f"không có {some.format('').strip()}"
    return some.format(total_text(found))


def _share(found: Total) -> str:
    """Without anything to divide by, that there is nothing."""
    line = found.line
    if not found.denominator:
        return f"không có {_spelt(line.denominator)}"
    counts = basis_text(found)
    return f"{_name(line)} là {total_text(found)} ({counts})"


def _yes_no(found: Total) -> str:
    line, words = found.line, YES.get(found.line.id)
    if found.alone is not None:
        yes = bool(found.alone.numerator)
        return (words[0] if yes else words[1]) if words else f"{_name(line)}: {'có' if yes else 'không'}"
    many = f"{count_text(found.numerator)} đơn vị" if found.numerator else "không có đơn vị nào"
    return f"{many} {words[0]}" if words else f"{_name(line)}: {many} trả lời có"


def _choice(found: Total) -> str:
    if found.alone is not None:
        return f"{_name(found.line)}: {_lower(answer_text(found.alone))}"
    counted = Counter(answer.text for answer in found.exact.values())
    order = dict.fromkeys([*found.line.choices, *sorted(counted)])
    said = [f"{count_text(counted[c])} đơn vị “{printable(c)}”" for c in order if counted[c]]
    return f"{_name(found.line)}: {listed(said)}"


def _basis_of(found: Derivation, sums: Sums, tree: UnitTree, alone: bool) -> str:
    """The same of what is derived from two lines."""
    if alone:
        return "đơn vị"
    if found.concerned == 1:
        return _office(tree.by_agency(next(iter(sums.totals[found.line.terms[0]].exact))))
    return f"{of_units(found.given, found.concerned)} đơn vị"


def _derived(found: Derivation, measured: Measured, basis: str, units: frozenset[str]) -> Iterator[_Clause]:
    value = derived_text(found)
    if found.difference is None or value == MISSING:
        return
    if found.line.formula == "cut":
        text = f"{_name(found.line)} {value}"
        text += "" if found.difference == 0 else f" {found.line.unit}"
    else:
        text = f"{_name(found.line)} là {value} ({derived_basis(found)})"
    yield _Clause(measured, basis, text, units)


def _name(line: Asked | Derived) -> str:
    """Its label within a sentence, in full words."""
    return NAMES.get(line.id) or _lower(_spelt(line.label))


def _spelt(text: str) -> str:
    """The form's short words in full."""
    return text.replace("TTHC", "thủ tục hành chính").replace("PAKN", "phản ánh, kiến nghị")


def _office(unit: Unit) -> str:
    """UBND huyện Khánh Sơn · Sở Nội vụ: who returned it."""
    return inline(unit) if unit.level is Level.DEPARTMENT else own_office(unit)


def _lower(text: str) -> str:
    """Within a sentence; a word in capitals keeps them."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]

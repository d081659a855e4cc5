"""Numbers typed into a part when other figures stood: computed ones follow, typed ones do not, and somebody must look.

Who writes has the newest printed version before him. So a part is held against the version before the first one that
printed it, or against that one where it is the report's first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from contracts.report_parts import PARTS
from reporting.inputs import WrittenText
from reporting.kept import Figures, Kept
from reporting.written import markdown
from reporting.written.typed import typed_numbers


def typed_before(texts: Mapping[str, WrittenText], versions: Sequence[tuple[int, Kept]], now: Kept) -> str:
    """số gõ tay ở phần I, III.2 có từ khi số liệu là của bản 1, nay đã khác: đối chiếu lại trước khi trình ký; ""
    where no figure moved since, or none was typed. texts: by part; versions: of the report, the oldest first."""
    found: dict[int, list[str]] = {}
    for part in PARTS:
        text = texts.get(part.id)
        before = _seen(text, versions) if text and text.text else None
        if text and before and _moved(before[1].figures, now.figures) and _has_typed(text.text, before[1].figures):
            found.setdefault(before[0], []).append(part.number)
    said = [f"phần {', '.join(parts)} có từ khi số liệu là của bản {version}" for version, parts in found.items()]
    return f"số gõ tay ở {'; '.join(said)}, nay đã khác: đối chiếu lại trước khi trình ký" if said else ""


def _seen(text: WrittenText, versions: Sequence[tuple[int, Kept]]) -> tuple[int, Kept] | None:
    """The version that the writer had; None where nothing was printed yet."""
    printed = [_prints(kept, text) for _, kept in versions]
    if True not in printed:
        return versions[-1] if versions else None
    return versions[max(printed.index(True) - 1, 0)]


def _prints(kept: Kept, text: WrittenText) -> bool:
    basis = kept.written.get(text.part)
    return basis is not None and basis.version == text.version


def _moved(before: Figures, now: Figures) -> bool:
    """Whether a figure of then is another now, or is not known any more; a new kind of figure is no move."""
    return any(now.get(cell) != counts for cell, counts in before.items())


def _has_typed(text: str, before: Figures) -> bool:
    """A percentage, a number of dossiers, or any number that was a figure of the report."""
    stood = {Decimal(count) for counts in before.values() for count in counts if count is not None}
    found = typed_numbers(markdown.lines(markdown.read(text).pieces))
    return any(one.is_percent or one.of_dossiers or one.value in stood for one in found)

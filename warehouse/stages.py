"""How far each version of a report has come: draft, checked, approved, published; told from what was entered of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from warehouse.publications import Publication, ReportKey


class Stage(StrEnum):
    DRAFT = "draft"
    CHECKED = "checked"
    APPROVED = "approved"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"  # published, and a newer version was published since
    WITHDRAWN = "withdrawn"  # published, and taken back


STAGE_LABELS = {
    Stage.DRAFT: "dự thảo",
    Stage.CHECKED: "đã kiểm tra",
    Stage.APPROVED: "đã duyệt",
    Stage.PUBLISHED: "đã công bố",
    Stage.SUPERSEDED: "đã thay bằng bản mới",
    Stage.WITHDRAWN: "đã thu hồi",
}
RELEASED = frozenset({Stage.PUBLISHED, Stage.SUPERSEDED})
FROZEN = frozenset({Stage.APPROVED, Stage.PUBLISHED, Stage.SUPERSEDED})
"""Their files are offered as they are; of all others a copy that says on every page what it is."""


@dataclass(frozen=True)
class Standing:
    """Where one version stands, and the events that brought it there. last: what was entered last of it; superseded_by:
    the publication of the version that took its place."""

    stage: Stage = Stage.DRAFT
    checked: Publication | None = None
    approved: Publication | None = None
    published: Publication | None = None
    last: Publication | None = None
    superseded_by: Publication | None = None

    @property
    def is_without_approval(self) -> bool:
        """Given out, and never approved by two people: by a command that said why, or before there was approval."""
        return self.stage in RELEASED and self.approved is None


VersionOf = tuple[ReportKey, int]
"""Report and version, within one period."""


def standings(entered: Iterable[Publication]) -> dict[VersionOf, Standing]:
    """Of every version of which anything was entered; one that is not there is a draft.

    entered: events of one period, in their order."""
    found: dict[VersionOf, Standing] = {}
    order: dict[ReportKey, list[int]] = {}
    for one in entered:
        key = one.key, one.version
        found[key] = _after(found.get(key, Standing()), one)
        published = order.setdefault(one.key, [])
        if one.event in {"published", "withdrawn"} and one.version in published:
            published.remove(one.version)
        if one.event == "published":
            published.append(one.version)
    for report, versions in order.items():
        for version, newer in pairwise(versions):
            by = found[report, newer].published
            found[report, version] = replace(found[report, version], stage=Stage.SUPERSEDED, superseded_by=by)
    return found


def _after(before: Standing, one: Publication) -> Standing:
    match one.event:
        case "checked":
            return replace(before, stage=Stage.CHECKED, checked=one, last=one)
        case "approved":
            return replace(before, stage=Stage.APPROVED, approved=one, last=one)
        case "published":
            return replace(before, stage=Stage.PUBLISHED, published=one, last=one)
        case "unlocked":
            return Standing(last=one)
        case "withdrawn":
            return Standing(stage=Stage.WITHDRAWN, published=before.published, last=one)

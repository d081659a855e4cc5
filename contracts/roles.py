"""Who is who in the portal: four roles, and what each may do."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    VIEWER = "viewer"
    STAFF = "staff"
    OPERATOR = "operator"
    ADMIN = "admin"


ROLE_LABELS = {
    Role.VIEWER: "Người xem của đơn vị",
    Role.STAFF: "Sở Nội vụ",
    Role.OPERATOR: "Vận hành",
    Role.ADMIN: "Quản trị",
}


class Right(StrEnum):
    """What a person may do. READ_PUBLISHED and READ_DRAFTS are of the reports in the person's own tree of units; the
    others are of the whole province."""

    READ_PUBLISHED = "read_published"
    READ_DRAFTS = "read_drafts"
    SEE_QUARTER = "see_quarter"  # sources, figures and how they were made
    SEE_CODES = "see_codes"  # codes of single dossiers: pseudonymous personal data
    APPROVE = "approve"
    OPERATE = "operate"
    MANAGE_ACCOUNTS = "manage_accounts"
    READ_AUDIT = "read_audit"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.VIEWER: frozenset({Right.READ_PUBLISHED}),
    Role.STAFF: frozenset({Right.READ_PUBLISHED, Right.READ_DRAFTS, Right.SEE_QUARTER, Right.SEE_CODES, Right.APPROVE}),
    Role.OPERATOR: frozenset(
        {Right.READ_PUBLISHED, Right.READ_DRAFTS, Right.SEE_QUARTER, Right.SEE_CODES, Right.OPERATE}
    ),
    Role.ADMIN: frozenset({Right.MANAGE_ACCOUNTS, Right.READ_AUDIT}),
}
"""The least that each needs. Whoever makes accounts neither approves nor reads drafts: nobody can give himself both
halves of the two-person rule without leaving it in the audit under two names."""

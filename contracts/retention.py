"""How long a province keeps what nobody rests on any more: `[retention]` in province.toml. What anything published,
approved, signed or newest rests on is kept for ever, whatever stands here."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field

from contracts.configfile import Strict

FOREVER: Final = "forever"


class Term(Strict):
    """days: so many, or "forever". source: the text that says so, shown to staff; "" where this file alone does."""

    days: Literal["forever"] | Annotated[int, Field(ge=1)] = FOREVER
    source: str = ""


class LongTerm(Term):
    """Of what cannot be had again: a slip of the hand must not empty it."""

    days: Literal["forever"] | Annotated[int, Field(ge=90)] = FOREVER


class RetentionSettings(Strict):
    """drafts: files of versions that were never checked, approved, published or signed, and that a newer version took
    the place of, from the day on which they were printed. landings: extracts that no facts and no version rest on.
    quarantine: codes of dossiers in quarantine, whose counts stay; both from the period's cut-off on. made_again:
    marked copies, quality pages, returns to the sources, which the program makes again at any time. unfinished:
    extracts that broke off. logs: what the program wrote of its work, from the last line on; the audit trail is none
    of them."""

    drafts: LongTerm = LongTerm(days=365)
    landings: LongTerm = LongTerm(days=730)
    quarantine: LongTerm = LongTerm(days=730)
    made_again: Term = Term(days=365)
    unfinished: Term = Term(days=7)
    logs: Term = Term(days=365)

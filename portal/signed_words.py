"""A signed copy in words: who signed, when, how far the chain is trusted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from reporting.signed.verdict import REVOCATION, TIME_LABELS, TRUST_LABELS, Signer, Verdict
from warehouse.signed_copies import SignedCopy

_LOOKS = {"trusted": "good", "untrusted": "bad", "unchecked": "warn"}


@dataclass(frozen=True)
class SignerWords:
    """look: how the page colours what it says of trust."""

    name: str
    organisation: str
    signed_at: datetime | None
    clock: str
    trust: str
    look: str
    reason: str
    issuer: str
    valid_to: date


@dataclass(frozen=True)
class SignedWords:
    """revocation: what was not asked of the certificates."""

    copy: SignedCopy
    number: str
    issued_on: str
    signers: tuple[SignerWords, ...]
    remarks: tuple[str, ...]
    is_trusted: bool
    revocation: str = REVOCATION


def signed_words(copy: SignedCopy, verdict: Verdict) -> SignedWords:
    return SignedWords(
        copy=copy,
        number=verdict.number,
        issued_on=verdict.issued_on,
        signers=tuple(_words(one) for one in verdict.signers),
        remarks=verdict.remarks,
        is_trusted=verdict.is_trusted,
    )


def _words(one: Signer) -> SignerWords:
    return SignerWords(
        name=one.name,
        organisation=one.organisation if one.organisation != one.name else "",
        signed_at=one.signed_at,
        clock=TIME_LABELS[one.time_source],
        trust=TRUST_LABELS[one.trust],
        look=_LOOKS[one.trust],
        reason=one.reason,
        issuer=one.issuer,
        valid_to=one.valid_to,
    )

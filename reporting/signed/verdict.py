"""What was found of a signed PDF: who signed, when, and whether the chain is trusted; or why it is refused."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Literal

from contracts.errors import CchcError

Trust = Literal["trusted", "untrusted", "unchecked"]
TimeSource = Literal["claimed", "stamped", "unknown"]
Refusal = Literal[
    "not_pdf", "too_large", "cut_off", "tampered", "foreign", "other_report", "superseded", "rewritten", "altered",
    "encrypted", "broken", "unsigned", "changed", "invalid", "weak", "expired", "untrusted", "fewer", "known",
    "archive",
    "marked",
]  # fmt: skip

TRUST_LABELS: dict[Trust, str] = {"trusted": "có", "untrusted": "không", "unchecked": "không kiểm tra được"}
TIME_LABELS: dict[TimeSource, str] = {
    "claimed": "theo đồng hồ máy ký",
    "stamped": "theo dấu thời gian",
    "unknown": "không rõ",
}
REVOCATION = "chưa kiểm tra thu hồi"
"""Whether a certificate was revoked is asked over the network; this program asks nobody."""


class Refused(CchcError):
    """The file is not taken. kind: why, for a program."""

    def __init__(self, kind: Refusal, cause: str, *, advice: str = "") -> None:
        super().__init__(cause, advice=advice)
        self.kind = kind


@dataclass(frozen=True)
class Signer:
    """One signature. field: the form field that holds it; name, organisation: of the certificate's owner; issuer: who
    issued it; digest: as in SHA-256; reason: why the chain is not trusted, or not checked, in Vietnamese."""

    field: str
    name: str
    organisation: str
    issuer: str
    serial: str
    valid_to: date
    signed_at: datetime | None
    time_source: TimeSource
    digest: str
    trust: Trust
    reason: str = ""


@dataclass(frozen=True)
class Verdict:
    """Of a file that is ours, whole and signed. signers: in the order of signing; number, issued_on: as the clerk typed
    them, empty where that was not done in the PDF's fields; remarks: what a person should look at, in Vietnamese."""

    signers: tuple[Signer, ...]
    number: str = ""
    issued_on: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def is_trusted(self) -> bool:
        return all(signer.trust == "trusted" for signer in self.signers)

    def to_json(self) -> str:
        return json.dumps(asdict(self) | {"revocation": "not_checked"}, ensure_ascii=False, default=_iso)

    @staticmethod
    def from_json(text: str) -> Verdict:
        kept = json.loads(text)
        return Verdict(
            signers=tuple(_signer(one) for one in kept["signers"]),
            number=kept["number"],
            issued_on=kept["issued_on"],
            remarks=tuple(kept["remarks"]),
        )


def _iso(value: date) -> str:
    return value.isoformat()


def _signer(kept: dict[str, str]) -> Signer:
    signed_at = datetime.fromisoformat(kept["signed_at"]) if kept["signed_at"] else None
    return Signer(**{**kept, "valid_to": date.fromisoformat(kept["valid_to"]), "signed_at": signed_at})  # type: ignore[arg-type]

"""The roots that a province trusts, from a folder: nothing is asked over the network, no trust of this machine is used.

A root is a certificate in a file of its own, as the authority gives it out (.cer, .crt, .pem, .der)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from asn1crypto import pem, x509
from pyhanko_certvalidator import ValidationContext

from contracts.errors import ConfigError

_SUFFIXES = {".cer", ".crt", ".pem", ".der"}


def read_roots(folder: Path) -> tuple[x509.Certificate, ...]:
    """Every certificate of the folder; none where there is no folder. Raises ConfigError where a file is none."""
    if not folder.is_dir():
        return ()
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in _SUFFIXES)
    return tuple(certificate for path in files for certificate in _read(path))


def _read(path: Path) -> list[x509.Certificate]:
    content = path.read_bytes()
    try:
        parts = [der for _, _, der in pem.unarmor(content, multiple=True)] if pem.detect(content) else [content]
        found = [x509.Certificate.load(der, strict=True) for der in parts]
        for certificate in found:
            certificate.subject.native  # noqa: B018 (read now, so that a wrong file is told as one)
    except (ValueError, TypeError) as error:
        raise ConfigError("không phải là chứng thư số", file=path, advice="chép lại tệp chứng thư gốc") from error
    return found


def context_at(moment: datetime, *, roots: Sequence[x509.Certificate]) -> ValidationContext:
    """For the chains of signatures made at that time."""
    return ValidationContext(trust_roots=roots, moment=moment, allow_fetching=False)

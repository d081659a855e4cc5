"""The two PDFs of a report, from one layout and one drawing: PDF/UA-1 to read and to sign, PDF/A-3a to keep.

Same input, same bytes: no clock, nothing random, always the archival copy first, and neither leaves a trace in the
other. The archival copy has no fields to sign: what is signed is the other, and it is one file."""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import pydyf

from reporting import tagging
from reporting.data_file import DataFile
from reporting.signature_fields import add_fields, mark

VERSION = "1.7"


@dataclass(frozen=True)
class Written:
    """report: PDF/UA-1; archive: PDF/A-3a with the data, None where none was asked for."""

    report: bytes
    archive: bytes | None


def write(document: Any, attached: Sequence[DataFile] | None = None) -> Written:
    """Both PDFs of a laid-out document of WeasyPrint. attached: what the archival copy carries; None: no such copy.

    Raises SignaturePlaceError where there is no place to sign."""
    fields = mark(document)
    kept: list[bytes] = []

    def finish(_document: Any, pdf: pydyf.PDF) -> None:
        structure = tagging.take(document, pdf)
        _press(pdf)
        if attached is not None:
            kept.append(_archive(document, pdf, structure.without("Form"), attached))
        tagging.write(pdf, structure)
        add_fields(pdf, fields)
        document.metadata.include_in_pdf(pdf, "ua", 1, None, compress=False)

    content = document.write_pdf(finisher=finish, pdf_tags=True, pdf_version=VERSION)
    return Written(bytes(content), kept[0] if kept else None)


def _press(pdf: pydyf.PDF) -> None:
    """Compress what is drawn now, once for both files, and let go of its thousands of pieces."""
    for one in pdf.objects:
        if isinstance(one, pydyf.Stream) and one.compress:
            packed = zlib.compress(b"\n".join(map(_bytes, one.stream)), 9)
            one.stream, one.compress = [packed], False
            one.extra["Filter"] = "/FlateDecode"


def _bytes(part: Any) -> bytes:
    """As pydyf writes it."""
    written: bytes = pydyf._to_bytes(part)
    return written


def _archive(document: Any, pdf: pydyf.PDF, structure: tagging.Node, attached: Sequence[DataFile]) -> bytes:
    """ISO 19005-3, level A. The PDF is given back as it came."""
    objects, catalog = len(pdf.objects), dict(pdf.catalog)
    tagging.write(pdf, structure)
    _attach(pdf, attached, _moment(document.metadata.created))
    _intend_srgb(pdf)
    document.metadata.include_in_pdf(pdf, "a", 3, "A", compress=False)
    content = io.BytesIO()
    pdf.write(content, VERSION, identifier=True, compress=True)
    del pdf.objects[objects:]
    pdf.catalog.clear()
    pdf.catalog.update(catalog)
    pdf.current_position, pdf.xref_position = 0, None
    return content.getvalue()


def _moment(created: str) -> str:
    """Of the newest extraction, as a PDF writes it: the only time in the file."""
    return datetime.fromisoformat(created).astimezone(UTC).strftime("D:%Y%m%d%H%M%SZ")


def _attach(pdf: pydyf.PDF, attached: Sequence[DataFile], moment: str) -> None:
    """Each file once in the list of embedded files, once among the document's associated files."""
    named, associated = pydyf.Array(), pydyf.Array()
    for one in sorted(attached, key=lambda file: file.name):
        named.extend([pydyf.String(one.name), _filespec(pdf, one, moment)])
        associated.append(named[-1])
    if not named:
        return
    tree = pydyf.Dictionary({"Names": named})
    pdf.add_object(tree)
    pdf.catalog["Names"] = pydyf.Dictionary({**pdf.catalog.get("Names", {}), "EmbeddedFiles": tree.reference})
    pdf.catalog["AF"] = associated


def _filespec(pdf: pydyf.PDF, file: DataFile, moment: str) -> bytes:
    extra = {
        "Type": "/EmbeddedFile",
        "Subtype": f"/{file.mime.replace('/', '#2f')}",
        "Params": pydyf.Dictionary(
            {
                "Size": len(file.content),
                "CheckSum": f"<{hashlib.md5(file.content, usedforsecurity=False).hexdigest()}>",
                "CreationDate": pydyf.String(moment),
                "ModDate": pydyf.String(moment),
            }
        ),
    }
    stream = pydyf.Stream([file.content], extra, compress=True)
    pdf.add_object(stream)
    embedded = pydyf.Dictionary({"F": stream.reference, "UF": stream.reference})
    spec = pydyf.Dictionary(
        {
            "Type": "/Filespec",
            "F": pydyf.String(file.name),
            "UF": pydyf.String(file.name),
            "Desc": pydyf.String(file.words),
            "AFRelationship": f"/{file.relationship}",
            "EF": embedded,
        }
    )
    pdf.add_object(spec)
    reference: bytes = spec.reference
    return reference


def _intend_srgb(pdf: pydyf.PDF) -> None:
    """What red, green and blue mean: the profile that WeasyPrint brings."""
    content = (files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()
    profile = pydyf.Stream([content], {"N": 3}, compress=True)
    pdf.add_object(profile)
    intent = pydyf.Dictionary(
        {
            "Type": "/OutputIntent",
            "S": "/GTS_PDFA1",
            "OutputConditionIdentifier": pydyf.String("sRGB2014"),
            "RegistryName": pydyf.String("http://www.color.org"),
            "Info": pydyf.String("sRGB2014"),
            "DestOutputProfile": profile.reference,
        }
    )
    pdf.catalog["OutputIntents"] = pydyf.Array([intent])

"""Everyone who signs: an authority, a leader, an organisation, a time stamper; and what their programs do to a PDF."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import time_machine
from asn1crypto import keys, x509
from cryptography import x509 as make
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from PIL import Image, ImageDraw
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, SimpleBoxLayoutRule
from pyhanko.sign.fields import MDPPerm, SigFieldSpec
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from contracts.clock import VIETNAM
from reporting.signature_fields import LEADER, ORGANISATION

SIGNED_AT = datetime(2024, 12, 17, 9, 30, tzinfo=VIETNAM)
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Holder:
    """Who has a token: certificate and key."""

    certificate: make.Certificate
    key: rsa.RSAPrivateKey
    issuer: make.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    def signer(self) -> SimpleSigner:
        known = SimpleCertificateStore()
        known.register(x509.Certificate.load(self.issuer.public_bytes(serialization.Encoding.DER)))
        return SimpleSigner(signing_cert=x509.Certificate.load(self.der), signing_key=self._key(), cert_registry=known)

    def stamper(self) -> DummyTimeStamper:
        known = SimpleCertificateStore()
        known.register(x509.Certificate.load(self.issuer.public_bytes(serialization.Encoding.DER)))
        return DummyTimeStamper(x509.Certificate.load(self.der), self._key(), certs_to_embed=known)

    def _key(self) -> keys.PrivateKeyInfo:
        kind = serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        return keys.PrivateKeyInfo.load(self.key.private_bytes(*kind))


def _name(common: str, organisation: str) -> make.Name:
    parts = {NameOID.COUNTRY_NAME: "VN", NameOID.ORGANIZATION_NAME: organisation, NameOID.COMMON_NAME: common}
    return make.Name([make.NameAttribute(kind, value) for kind, value in parts.items()])


@cache
def _key_of(_name: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def authority(name: str = "CA của Ban Cơ yếu (thử)") -> Holder:
    key, named = _key_of(name), _name(name, "Ban Cơ yếu")
    usage = make.KeyUsage(False, False, False, False, False, True, True, False, False)
    built = _draft(named, named, key, 1, until=SIGNED_AT + 10 * YEAR)
    built = built.add_extension(make.BasicConstraints(True, None), True).add_extension(usage, True)
    certificate = built.sign(key, hashes.SHA256())
    return Holder(certificate, key, certificate)


@cache
def holder(
    common: str, organisation: str, *, until: datetime = SIGNED_AT + YEAR, by: str = "", stamps: bool = False
) -> Holder:
    issuer, key = authority(by) if by else authority(), _key_of(common)
    named = issuer.certificate.subject
    built = _draft(_name(common, organisation), named, key, len(common) + until.year, until=until)
    usage = make.KeyUsage(True, True, False, False, False, False, False, False, False)
    built = built.add_extension(usage, True)
    if stamps:
        built = built.add_extension(make.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)
    return Holder(built.sign(issuer.key, hashes.SHA256()), key, issuer.certificate)


def _draft(
    name: make.Name, issuer: make.Name, key: rsa.RSAPrivateKey, number: int, *, until: datetime
) -> make.CertificateBuilder:
    return (
        make.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(number)
        .not_valid_before(SIGNED_AT - 5 * YEAR)
        .not_valid_after(until)
    )


def leader(**more: object) -> Holder:
    return holder("Nguyễn Văn A", "Ủy ban nhân dân tỉnh", **more)  # type: ignore[arg-type]


def organisation() -> Holder:
    return holder("ỦY BAN NHÂN DÂN TỈNH", "Ủy ban nhân dân tỉnh")


def stamper() -> Holder:
    return holder("Dấu thời gian", "Ban Cơ yếu", stamps=True)


def sign(
    content: bytes,
    who: Holder,
    field: str,
    *,
    at: datetime = SIGNED_AT,
    picture: Image.Image | None = None,
    digest: str = "sha256",
    new: SigFieldSpec | None = None,
    stamps: Holder | None = None,
    certify: bool = False,
) -> bytes:
    """As a program does that appends. new: a field of the program's own instead of one that waits."""
    meta = PdfSignatureMetadata(
        field_name=field, md_algorithm=digest, certify=certify, docmdp_permissions=MDPPerm.FILL_FORMS
    )
    style = None
    if picture is not None:
        fit = SimpleBoxLayoutRule(AxisAlignment.ALIGN_MID, AxisAlignment.ALIGN_MID)
        image = PdfImage(picture, writer=None)
        style = StaticStampStyle(background=image, background_layout=fit, border_width=0, background_opacity=1)
    with time_machine.travel(at, tick=False):
        signer = PdfSigner(
            meta, who.signer(), timestamper=stamps and stamps.stamper(), stamp_style=style, new_field_spec=new
        )
        return bytes(signer.sign_pdf(writer(content), existing_fields_only=new is None).getvalue())


@cache
def signed(content: bytes, **more: object) -> bytes:
    """By the leader, then numbered and sealed."""
    by_leader = sign(content, leader(), LEADER, picture=handwriting(), **more)  # type: ignore[arg-type]
    numbered = fill(by_leader, {"SoVanBan": "123", "NgayBanHanh": "18", "ThangBanHanh": "12", "NamBanHanh": "2024"})
    return sign(numbered, organisation(), ORGANISATION, picture=seal(), at=SIGNED_AT + timedelta(days=1))


def writer(content: bytes) -> IncrementalPdfFileWriter:
    return IncrementalPdfFileWriter(io.BytesIO(content))


def written(update: IncrementalPdfFileWriter) -> bytes:
    out = io.BytesIO()
    update.write(out)
    return out.getvalue()


def fill(content: bytes, values: Mapping[str, str]) -> bytes:
    """As a viewer does: value and appearance, appended."""
    update = writer(content)
    for one in update.root["/AcroForm"]["/Fields"]:
        field = one.get_object()
        if (name := str(field["/T"])) in values:
            field["/V"] = generic.TextStringObject(values[name])
            field["/AP"] = generic.DictionaryObject({generic.pdf_name("/N"): _typed(update, field, values[name])})
            update.update_container(field)
    return written(update)


def _typed(update: IncrementalPdfFileWriter, field: generic.DictionaryObject, value: str) -> generic.IndirectObject:
    left, bottom, right, top = (float(number) for number in field["/Rect"])
    typeface = str(field["/DA"])
    shown = f"/Tx BMC q BT {typeface} 3 4 Td ({value}) Tj ET Q EMC".encode()
    form = update.root["/AcroForm"]
    keys = {
        "/Type": generic.pdf_name("/XObject"),
        "/Subtype": generic.pdf_name("/Form"),
        "/BBox": generic.ArrayObject(generic.FloatObject(n) for n in (0, 0, right - left, top - bottom)),
        "/Resources": generic.DictionaryObject({generic.pdf_name("/Font"): form["/DR"]["/Font"]}),
    }
    return update.add_object(generic.StreamObject({generic.pdf_name(k): v for k, v in keys.items()}, stream_data=shown))


def handwriting() -> Image.Image:
    """A blue squiggle on nothing."""
    image = Image.new("RGBA", (500, 260), (0, 0, 0, 0))
    points = [(20 + 9 * n, 130 + int(90 * ((n * 7) % 11 - 5) / 5)) for n in range(52)]
    ImageDraw.Draw(image).line(points, fill=(20, 40, 190, 255), width=7)
    return image


def seal() -> Image.Image:
    """Two red rings and a star's place on nothing."""
    image = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    for inset, width in ((8, 12), (60, 6)):
        pen.ellipse((inset, inset, 400 - inset, 400 - inset), outline=(210, 20, 30, 255), width=width)
    pen.regular_polygon((200, 200, 60), 5, outline=(210, 20, 30, 255))
    return image

"""Names of bodies as the head of a document, a sentence and a table write them (NĐ 30/2020/NĐ-CP)."""

from __future__ import annotations

from contracts.codes import Level
from contracts.province import Province
from contracts.units import Unit

COMMITTEE = "Ủy ban nhân dân"
KINDS = ("Thành phố", "Thị xã", "Thị trấn", "Đặc khu", "Phường", "Huyện", "Quận", "Tỉnh", "Xã")
_PLACES = {Level.PROVINCE, Level.DISTRICT, Level.COMMUNE}


def place_of(unit: Unit) -> str:
    """Huyện Cam Lâm, also where the catalogue says UBND huyện Cam Lâm."""
    name = unit.name
    for prefix in (f"{COMMITTEE} ", "UBND "):
        if unit.level in _PLACES and name.startswith(prefix):
            name = name.removeprefix(prefix)
            name = name[:1].upper() + name[1:]
    if unit.level is Level.PROVINCE and _kind_of(name) is None:
        return f"Tỉnh {name}"
    return name


def inline(unit: Unit) -> str:
    """huyện Cam Lâm, as within a sentence; the name of a department keeps its capital."""
    return inline_name(place_of(unit))


def inline_name(name: str) -> str:
    """A name of a table's row as within a sentence: huyện Cam Lâm, Sở Nội vụ."""
    return name[:1].lower() + name[1:] if _kind_of(name) else name


def short_name(unit: Unit) -> str:
    """Cam Lâm: the place named in the date line."""
    name = place_of(unit)
    kind = _kind_of(name)
    return name.removeprefix(kind).strip() if kind else name


def _kind_of(name: str) -> str | None:
    return next((kind for kind in KINDS if name.startswith(f"{kind} ")), None)


def kinds_among(units: list[Unit]) -> str:
    """Xã, phường, thị trấn: the kinds of places among these units, in the usual order."""
    usual = ("Huyện", "Quận", "Thị xã", "Thành phố", "Xã", "Phường", "Thị trấn", "Đặc khu")
    found = {_kind_of(place_of(unit)) for unit in units}
    kinds = [kind for kind in usual if kind in found]
    text = ", ".join(kinds).lower()
    return text[:1].upper() + text[1:]


def body_of(unit: Unit) -> str:
    """The body that reports, within a sentence: Ủy ban nhân dân huyện Cam Lâm; Sở Nội vụ."""
    return f"{COMMITTEE} {inline(unit)}" if unit.level in _PLACES else unit.name


def own_office(unit: Unit) -> str:
    """Row of a place's own office beside the units below it."""
    return f"UBND {inline(unit)}"


def head_lines(name: str) -> tuple[str, ...]:
    """Capitals, broken after ỦY BAN NHÂN DÂN as the decree's samples are."""
    capitals = name.upper()
    start = COMMITTEE.upper() + " "
    return (start.strip(), capitals.removeprefix(start)) if capitals.startswith(start) else (capitals,)


def issuer_of(province: Province, unit: Unit | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Lines of the superior body (often none) and of the issuing body."""
    settings = province.file.report
    if unit is None:
        return (head_lines(settings.superior) if settings.superior else ()), head_lines(settings.issuer)
    if unit.level in _PLACES:
        return (), head_lines(body_of(unit))
    # NĐ 30/2020/NĐ-CP, Phụ lục I, phần I, II.2.a: the superior body's name has its usual abbreviation
    return (own_office(province.units.root).upper(),), head_lines(unit.name)


def signer_of(province: Province, unit: Unit | None) -> tuple[str, str]:
    """On whose behalf, and the signer's office; the name is the leader's to add."""
    settings = province.file.report
    if unit is None:
        return settings.signer_authority, settings.signer_title
    if unit.level in _PLACES:
        return f"TM. {COMMITTEE.upper()}", "CHỦ TỊCH"
    return "", "THỦ TRƯỞNG CƠ QUAN"


def document_code(province: Province, unit: Unit | None) -> str:
    """Tail of the number that the clerk will give."""
    if unit is None:
        return province.file.report.document_code
    return "BC-UBND" if unit.level in _PLACES else "BC-"


def recipients_of(province: Province, unit: Unit | None) -> tuple[str, ...]:
    if unit is None:
        return tuple(province.file.report.recipients)
    above = f"{COMMITTEE} {inline(province.units.root)} (để b/c)"
    return (above, "Sở Nội vụ (để b/c)", "Lưu: VT")


ROWS = "dòng"
_COUNTED = {
    "continuity": "đơn vị",
    "history": "hồ sơ",
    "corrections": "đính chính",
    "facts": "dòng số liệu",
    "published": "số",
}


def counted_in(rule_id: str) -> str:
    """What the number of a rule's findings counts, by the rule's subject."""
    return _COUNTED.get(rule_id.partition(".")[0], ROWS)


def cause_of(error: str | None, source_name: str) -> str:
    """Why a source is missing, without its name, which stands before it wherever this is printed; "" for no error."""
    return (error or "").removeprefix(f"{source_name}: ")

"""From what a source wrote to what we count: one row a landed row, none dropped, nothing guessed.

A code without a meaning is missing in the canonical column and kept in the `_local` one; a text that is no date
is named in `unparsed`. What to do about either is decided by the rules in expectations/.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa

from contracts.codes import Channel, PauseKind, ServiceLevel, Status
from contracts.columns import DERIVED_DOSSIER_COLUMNS, DOSSIER_COLUMNS, PAUSE_COLUMNS
from contracts.province import Province
from contracts.source_config import SourceConfig
from transforms.landed import ADDRESS, Landed
from transforms.parsing import Flags, Texts, clean, first_known

UNKNOWN_FIELD = "Chưa xác định"
_PROCEDURE = re.compile(r"\d\.\d{6}(\.\d{3}\.\d{2}\.\d{2}\.H\d{2})?", re.ASCII)
_NO_ROWS = pa.table({ADDRESS: pa.array([], pa.string())})
_DATES = tuple(c.name for c in DOSSIER_COLUMNS if c.kind == "date")
_FLAGS = tuple(c.name for c in DOSSIER_COLUMNS if c.kind == "flag")
_PAUSE_DATES = ("pause_from", "pause_to")


def canonical_dossiers(
    landed: pa.Table, source: SourceConfig, province: Province, pauses: pd.DataFrame | None = None
) -> pd.DataFrame:
    """DOSSIER_COLUMNS and DERIVED_DOSSIER_COLUMNS of each landed row, in its order.

    pauses: of the same source, from `canonical_pauses`; without them a paused dossier has no dated evidence.
    `row` is the row's place in the landing, from 0. `unparsed` also names pause_from or pause_to where a pause
    of the dossier has a date that cannot be read, or no first day.
    """
    table = Landed(landed, source.tables["dossiers"].columns, kind=source.kind)
    frame: dict[str, object] = {"dossier_code": table.long_texts("dossier_code"), "address": table.addresses()}
    frame |= {name: table.flag(name) for name in _FLAGS} | {"limit_days": table.whole_numbers("limit_days")}
    frame |= _coded_columns(table, source) | _subject(table, province) | _receiver(table, source, province)
    dates = {name: table.days(name) for name in _DATES}
    frame |= {name: values for name, (values, _) in dates.items()}
    frame["row"] = np.arange(table.rows, dtype=np.int64)
    dossiers = pd.DataFrame(frame)
    unparsed = {name: bad for name, (_, bad) in dates.items()} | _unreadable_pauses(dossiers, pauses)
    dossiers["unparsed"] = _named(unparsed).category()
    dossiers["paused_undated"] = _paused_undated(dossiers, pauses)
    return dossiers[[c.name for c in (*DOSSIER_COLUMNS, *DERIVED_DOSSIER_COLUMNS)]]


def canonical_pauses(landed: pa.Table | None, source: SourceConfig) -> pd.DataFrame:
    """PAUSE_COLUMNS of each landed row, with its `address`, and `unparsed` as in dossiers. None, of a source that
    keeps no pauses, gives no rows. A pause of an unknown kind is a pause all the same; its kind is missing."""
    columns = () if landed is None else source.tables["pauses"].columns
    table = Landed(_NO_ROWS if landed is None else landed, columns, kind=source.kind)
    kinds = dict(pair.rsplit("=", maxsplit=1) for pair in table.format("pause_kind").split("|") if "=" in pair)
    dates = {name: table.days(name) for name in _PAUSE_DATES}
    pauses = pd.DataFrame(
        {
            "dossier_code": table.long_texts("dossier_code"),
            **{name: values for name, (values, _) in dates.items()},
            "pause_kind": _meant(table.texts("pause_kind"), kinds).category([str(k) for k in PauseKind]),
            "address": table.addresses(),
            "unparsed": _named({name: bad for name, (_, bad) in dates.items()}).category(),
        }
    )
    return pauses[[*(c.name for c in PAUSE_COLUMNS), "address", "unparsed"]]


def unknown_statuses(landed: pa.Table, source: SourceConfig) -> dict[str, int]:
    """Status codes that no line of the source's status map names, the most frequent first, each with its rows. Needs
    the status column alone; an empty status is no code."""
    status = Landed(landed, source.tables["dossiers"].columns, kind=source.kind).texts("status")
    known = {clean(code) for code in (*source.status_map, *source.rejected_codes)}
    rows = np.bincount(status.codes[status.codes >= 0], minlength=len(status.values))
    unknown = [(code, int(n)) for code, n in zip(status.values, rows, strict=True) if code not in known]
    return dict(sorted(unknown, key=lambda found: (-found[1], found[0])))


def _coded_columns(table: Landed, source: SourceConfig) -> dict[str, object]:
    """Status, channels and level in our words, and in the source's."""
    status, channel, level = (table.texts(name) for name in ("status", "channel", "service_level"))
    channels = [str(c) for c in Channel]
    returned = _meant(table.texts("return_channel"), source.channel_map)
    return {
        "status": _meant(status, source.status_map).category([str(s) for s in Status]),
        "channel": _meant(channel, source.channel_map).category(channels),
        "return_channel": returned.category(channels if table.has("return_channel") else []),
        "service_level": _meant(level, source.level_map).category([str(s) for s in ServiceLevel]),
        "status_local": status.category(),
        "channel_local": channel.category(),
        "service_level_local": level.category(),
    }


def _subject(table: Landed, province: Province) -> dict[str, object]:
    """Procedure as the national catalogue writes it; its field from the catalogue, else from the source."""
    procedure = table.texts("procedure_code").mapped(_national)
    catalogue = {code: clean(known.field) for code, known in province.procedures.items() if known.field}
    field = first_known(procedure.mapped(catalogue.get), table.texts("field"), otherwise=UNKNOWN_FIELD)
    return {"procedure_code": procedure.category(), "field": field.category()}


def _national(procedure_code: str) -> str:
    """1.011442.000.00.00.H38 is the province's form of 1.011442."""
    return procedure_code[:8] if _PROCEDURE.fullmatch(procedure_code) else procedure_code


def _receiver(table: Landed, source: SourceConfig, province: Province) -> dict[str, object]:
    """The receiving agency in the province's tree; missing where the tree does not have it."""
    units = {unit.agency_code: unit.unit_code for unit in province.units}
    local = table.texts("agency")
    code = _meant(local, source.unit_map) if source.unit_map else local
    known = code.mapped(lambda agency: agency if agency in units else None)
    return {
        "agency": local.category(),
        "agency_code": known.category(),
        "unit_code": known.mapped(units.get).category(),
    }


def _meant(local: Texts, meanings: Mapping[str, str]) -> Texts:
    """A source's codes in our words; one without a meaning is missing."""
    cleaned = {clean(code): str(meaning) for code, meaning in meanings.items()}
    return local.mapped(cleaned.get)


def _named(marks: Mapping[str, Flags]) -> Texts:
    """Row by row the names whose mark is set, joined by a comma; "" where none is."""
    weights = [mark.astype(np.int32) << place for place, mark in enumerate(marks.values())]
    sets, codes = np.unique(np.sum(weights, axis=0, dtype=np.int32), return_inverse=True)
    names = [",".join(name for place, name in enumerate(marks) if number >> place & 1) for number in sets]
    return Texts(codes.astype(np.int32), names)


def _unreadable_pauses(dossiers: pd.DataFrame, pauses: pd.DataFrame | None) -> dict[str, Flags]:
    """Dossiers with a pause whose days are not known: at the cut-off nobody can say whether it lasted."""
    if pauses is None:
        return {}
    bad = {name: pauses["unparsed"].str.contains(name, regex=False) for name in _PAUSE_DATES}
    bad["pause_from"] |= pauses["pause_from"].isna()
    return {name: _is_among(dossiers["dossier_code"], pauses["dossier_code"][mark]) for name, mark in bad.items()}


def _paused_undated(dossiers: pd.DataFrame, pauses: pd.DataFrame | None) -> Flags:
    """Paused by its status, but no pause with a first day and no last one shows since when."""
    paused = (dossiers["status"] == Status.PAUSED).to_numpy(dtype=bool)
    if pauses is None or not paused.any():
        return paused
    lasting = pauses["pause_from"].notna() & pauses["pause_to"].isna()
    lasting &= ~pauses["unparsed"].str.contains("pause_to", regex=False)
    return paused & ~_is_among(dossiers["dossier_code"], pauses["dossier_code"][lasting])


def _is_among(codes: pd.Series, wanted: pd.Series) -> Flags:
    if wanted.empty:
        return np.zeros(len(codes), dtype=bool)
    return codes.isin(wanted.dropna().unique()).to_numpy(dtype=bool)

"""The columns that the dossier rules look at, computed once a batch.

Native expectations compare columns as they are; where none does (copies of a dossier, an agency's term, the
date inside a code), the comparison is made here and the rule asks for its outcome.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from contracts.codes import Channel, PauseKind, ServiceLevel, Status
from contracts.columns import DOSSIER_COLUMNS
from contracts.responsibility import Responsibility
from contracts.succession import takes_over
from contracts.units import UnitTree

PROCEDURE_CODE = r"^\d\.\d{6}(?:\.\d{3}\.\d{2}\.\d{2}\.H\d{2})?$"
WHOLE = Responsibility()
ALONE: Mapping[str, str] = MappingProxyType({})
"""No dossier stands in another system, too."""
NO_DAY = np.datetime64("NaT", "s")
UNKNOWN = "?"  # there is a value, but no meaning: not the same as an empty cell
AS_THEY_ARE = ("dossier_code", "procedure_code", "agency", "received_date", "due_date", "end_date")
FACTS_OF_A_DOSSIER = [*(c.name for c in DOSSIER_COLUMNS), "unparsed"]

Flags = np.ndarray[Any, np.dtype[np.bool_]]


def evidence(
    dossiers: pd.DataFrame,
    pauses: pd.DataFrame,
    *,
    units: UnitTree,
    snapshot: date,
    responsibility: Responsibility = WHOLE,
    elsewhere: Mapping[str, str] = ALONE,
) -> pd.DataFrame:
    """Row for row the columns that the rules of `suites.DOSSIER_RULES` name, and no others."""
    status, channel = _coded(dossiers["status"]), _coded(dossiers["channel"])
    columns = {
        **{name: dossiers[name] for name in AS_THEY_ARE},
        "agency_code": _known_or_unknown(dossiers["agency_code"], dossiers["agency"]),
        "status": status,
        "channel": channel,
        "snapshot": np.full(len(dossiers), np.datetime64(snapshot, "s")),
        "code_date": _date_in_code(dossiers["dossier_code"]),
        "responsible": _responsible(dossiers, responsibility),
        **_alone(dossiers["dossier_code"], elsewhere),
        **_where(dossiers, status=status, channel=channel),
        **_outcomes(dossiers, pauses, units=units, snapshot=snapshot, status=status),
    }
    return pd.DataFrame({name: _bare(values) for name, values in columns.items()})


def _where(dossiers: pd.DataFrame, *, status: pd.Series, channel: pd.Series) -> dict[str, Flags]:
    """The rows that a rule looks at. A cell that could not be read is told of once, and not as missing too."""
    received = ~_in(status, Status.NOT_RECEIVED)
    end_readable = _readable(dossiers, "end_date")
    return {
        "received": received,
        "received_date_needed": received & _readable(dossiers, "received_date"),
        "due_date_needed": received & _readable(dossiers, "due_date"),
        "resolved": _in(status, Status.DONE, Status.WITHDRAWN) & end_readable,
        "stopped": _in(status, Status.STOPPED) & end_readable,
        "open": _in(status, Status.OPEN, Status.PAUSED),
        "filed_online": _in(channel, Channel.ONLINE),
        "procedure_well_formed": _per_value(dossiers["procedure_code"], _well_formed, missing=False),
    }


def _outcomes(
    dossiers: pd.DataFrame, pauses: pd.DataFrame, *, units: UnitTree, snapshot: date, status: pd.Series
) -> dict[str, Flags]:
    """What no native expectation compares: true where it is as it should be."""
    pauses_readable = _readable(dossiers, "pause_from", "pause_to")
    undated = dossiers["paused_undated"].to_numpy(dtype=bool)
    resolved = _in(status, Status.DONE, Status.WITHDRAWN)
    agree, first_copy = _copies(dossiers)
    return {
        "copies_agree": agree,
        "first_copy": first_copy,
        "agency_in_office": _in_office(dossiers, units, snapshot),
        "serves_online": ~_set(dossiers["service_level"] == ServiceLevel.INFORMATION),
        "level_known": ~_set(dossiers["service_level_local"].notna() & dossiers["service_level"].isna()),
        "paid_has_fee": ~_set(dossiers["paid_online"] & ~dossiers["fee_due"]),
        "limit_positive": ~_set(dossiers["limit_days"] <= 0),
        "readable": _per_value(dossiers["unparsed"], lambda names: names == "", missing=True),
        "paused_dated": ~(undated & pauses_readable),
        "supplement_closed": ~(resolved & _open_supplement(dossiers, pauses) & pauses_readable),
    }


def _bare(values: Any) -> Any:
    """Without its index: rows are matched by position."""
    return values.array if isinstance(values, pd.Series) else values


def _coded(values: pd.Series) -> pd.Series:
    """With UNKNOWN where there is no category: an empty cell would pass every expectation."""
    return values.cat.add_categories([UNKNOWN]).fillna(UNKNOWN)


def _in(values: pd.Series, *members: Status | Channel) -> Flags:
    return values.isin([str(m) for m in members]).to_numpy(dtype=bool)


def _set(values: pd.Series) -> Flags:
    """True where that is known to be so."""
    return values.fillna(False).to_numpy(dtype=bool)


def _per_value(values: pd.Series, answer: Callable[[str], Any], *, missing: Any) -> np.ndarray[Any, Any]:
    """Ask once a distinct value, and spread the answers over the rows."""
    category = values.astype("category").cat
    return np.array([*(answer(str(c)) for c in category.categories), missing])[category.codes.to_numpy()]


def _readable(dossiers: pd.DataFrame, *columns: str) -> Flags:
    """None of the columns holds a text that could not be read."""
    return _per_value(dossiers["unparsed"], lambda names: not {*columns} & {*names.split(",")}, missing=True)


def _well_formed(procedure_code: str) -> bool:
    return re.search(PROCEDURE_CODE, procedure_code) is not None


def _known_or_unknown(agency_code: pd.Series, agency: pd.Series) -> pd.Series:
    """UNKNOWN where the source names an agency that the unit map does not have."""
    codes = agency_code.astype("category").cat.add_categories([UNKNOWN])
    return codes.mask(codes.isna() & agency.notna(), UNKNOWN)


def _in_office(dossiers: pd.DataFrame, units: UnitTree, snapshot: date) -> Flags:
    """Whether the agency's term holds the day of receipt; true where agency or day is missing or unknown, or the
    day is still to come: that is told of already. Who took the place of others has their open dossiers, with the day
    on which these received them."""
    first = {u.agency_code: u.valid_from for u in units if u.valid_from and not takes_over(u)}
    last = {u.agency_code: u.valid_to for u in units if u.valid_to}
    received = dossiers["received_date"].to_numpy()
    before = received < _days_of(dossiers["agency_code"], first)
    after = received > _days_of(dossiers["agency_code"], last)
    return (~before & ~after) | (received > np.datetime64(snapshot))


def _days_of(codes: pd.Series, days: Mapping[str, date]) -> np.ndarray[Any, np.dtype[np.datetime64]]:
    return _per_value(codes, lambda code: np.datetime64(days.get(code, "NaT"), "s"), missing=NO_DAY)


def _responsible(dossiers: pd.DataFrame, responsibility: Responsibility) -> Flags:
    """Whether procedure and channel are the source's own; true where one is missing or unknown, which is told of."""
    channels, procedures = responsibility.channels, responsibility.procedures
    channel = _per_value(dossiers["channel"], lambda c: not channels or c in channels, missing=True)
    wanted = _per_value(dossiers["procedure_code"], lambda p: not procedures or p in procedures, missing=True)
    left_out = _per_value(dossiers["procedure_code"], responsibility.except_procedures.__contains__, missing=False)
    return channel & wanted & ~left_out  # type: ignore[no-any-return]


def _alone(dossier_codes: pd.Series, elsewhere: Mapping[str, str]) -> dict[str, Flags]:
    """elsewhere: dossier code → the source that counts it, "" where both do, as of different dossiers."""
    found = {"received_here": [code for code, source in elsewhere.items() if source], "code_alone": list(elsewhere)}
    left = dossier_codes.isin(found["received_here"]).to_numpy(dtype=bool)
    several = dossier_codes.isin(found["code_alone"]).to_numpy(dtype=bool)
    return {"received_here": ~left, "code_alone": ~several | left}


def _open_supplement(dossiers: pd.DataFrame, pauses: pd.DataFrame) -> Flags:
    """Dossiers with a request for papers that has no end; a pause of no stated kind is taken for one."""
    lasting = pauses["pause_to"].isna() & (pauses["pause_kind"] != str(PauseKind.PAYMENT))
    return dossiers["dossier_code"].isin(pauses["dossier_code"][lasting].unique()).to_numpy(dtype=bool)


def _date_in_code(dossier_codes: pd.Series) -> pd.Series:
    """The day in {agency}-{yymmdd}-{number}; missing where the code has another form or no such day."""
    text = pa.array(dossier_codes.astype("str"), type=pa.large_string(), from_pandas=True)
    found = pc.struct_field(pc.extract_regex(text, pattern=r"-(?P<day>\d{6})-\d+$"), "day")
    return pd.Series(_per_value(found.to_pandas(), _day, missing=NO_DAY))


def _day(yymmdd: str) -> np.datetime64:
    try:
        return np.datetime64(datetime.strptime(yymmdd, "%y%m%d"), "s")  # noqa: DTZ007  a day, not a moment
    except ValueError:
        return NO_DAY


def _copies(dossiers: pd.DataFrame) -> tuple[Flags, Flags]:
    """Whether all rows of the dossier code say the same; whether the row is the first of its copies.

    Rows that disagree are no copies of each other: each is "first". What is compared are the facts of the
    dossier, not where the row stood, nor the case of its code: h32-1 is H32-1, here as in two systems.
    """
    agree, first = np.ones(len(dossiers), dtype=bool), np.ones(len(dossiers), dtype=bool)
    code = dossiers["dossier_code"].str.upper()
    several = np.flatnonzero(code.duplicated(keep=False) & code.notna())
    rows = (
        dossiers.iloc[several][[*FACTS_OF_A_DOSSIER, "row"]]
        .assign(position=several, dossier_code=code.iloc[several])
        .sort_values("row", kind="stable")
    )
    repeated = rows.duplicated(FACTS_OF_A_DOSSIER)
    versions = rows[~repeated]
    disputed = versions["dossier_code"][versions["dossier_code"].duplicated()]
    in_dispute = rows["dossier_code"].isin(disputed)
    agree[rows["position"][in_dispute]] = False
    first[rows["position"][repeated & ~in_dispute]] = False
    return agree, first

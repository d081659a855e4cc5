"""Dossiers of which one in a hundred breaks a rule, every rule of the dossiers alike: canonical Parquet files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from contracts.codes import Channel, Level, PauseKind, ServiceLevel, Status
from contracts.columns import DERIVED_DOSSIER_COLUMNS, DOSSIER_COLUMNS
from contracts.province import Procedure, Province, ProvinceFile, ReportSettings
from contracts.responsibility import Responsibility
from contracts.units import Unit, UnitTree

SNAPSHOT = date(2026, 11, 20)
BAD = 0.01
AGENCIES, PROCEDURES, GONE, ELSEWHERE = 150, 1_000, "H32.99", "so-nganh"
HANDED_OVER = "2.000000"
RESPONSIBILITY = Responsibility(except_procedures=frozenset({HANDED_OVER}))
_FLAGS = ("paid_online", "result_electronic", "digitised", "reused")
_FIRST = np.datetime64("2026-06-01", "s")
_LATER = np.datetime64(SNAPSHOT, "s") + np.timedelta64(5, "D")
_DAY = pd.Timedelta(days=1)
_FACTS = [c.name for c in DOSSIER_COLUMNS]
Rows = np.ndarray[Any, np.dtype[np.intp]]


@dataclass(frozen=True)
class Batch:
    """What a check is given. elsewhere: dossier code → the source that counts it."""

    dossiers: pd.DataFrame
    pauses: pd.DataFrame
    elsewhere: dict[str, str]

    def part(self, first: int, rows: int) -> Batch:
        dossiers = self.dossiers.iloc[first : first + rows].reset_index(drop=True)
        pauses = self.pauses[self.pauses["dossier_code"].isin(dossiers["dossier_code"])]
        return Batch(dossiers, pauses, self.elsewhere)


def write(folder: Path, *, rows: int, seed: int = 2026) -> None:
    random = np.random.default_rng(seed)
    dossiers = _sound(random, rows)
    bad = np.sort(random.choice(np.arange(1, rows), int(rows * BAD), replace=False))
    for number, spoil in enumerate(_DEFECTS):
        spoil(dossiers, bad[number :: len(_DEFECTS) + 3])
    closed, left, alone = (bad[number :: len(_DEFECTS) + 3] for number in range(len(_DEFECTS), len(_DEFECTS) + 3))
    _set(dossiers, closed, status=str(Status.DONE), end_date=dossiers["received_date"])
    codes = dossiers["dossier_code"]
    elsewhere = pd.concat([pd.Series(ELSEWHERE, index=codes.iloc[left]), pd.Series("", index=codes.iloc[alone])])
    dossiers.to_parquet(folder / "dossiers.parquet", index=False)
    _pauses(dossiers, closed).to_parquet(folder / "pauses.parquet", index=False)
    elsewhere.rename("source").rename_axis("code").reset_index().to_parquet(folder / "elsewhere.parquet", index=False)


def read(folder: str) -> Batch:
    elsewhere = pd.read_parquet(Path(folder, "elsewhere.parquet"))
    frames = (pd.read_parquet(Path(folder, f"{name}.parquet")) for name in ("dossiers", "pauses"))
    return Batch(*frames, dict(zip(elsewhere["code"], elsewhere["source"], strict=True)))


def province() -> Province:
    report = ReportSettings(
        superior="", issuer="", document_code="", place="", signer_authority="", signer_title="", recipients=[]
    )
    units = (_unit("H32", Level.PROVINCE), *(_unit(code, Level.DEPARTMENT) for code in _agencies()))
    gone = _unit(GONE, Level.DEPARTMENT, last=date(2026, 5, 31))
    codes = [HANDED_OVER, *_procedures()]
    return Province(
        folder=Path(),
        file=ProvinceFile(id="khanh-hoa", name="Khánh Hòa", unit_code="56", report=report),
        units=UnitTree((*units, gone)),
        procedures={code: Procedure(code, "Thủ tục", "Lĩnh vực", verified=True) for code in codes},
        rest_days={},
    )


def _unit(code: str, level: Level, *, last: date | None = None) -> Unit:
    return Unit(code, code, code, level, "" if level is Level.PROVINCE else "H32", None, last, verified=False)


def _agencies() -> list[str]:
    return [f"H32.{n // 10:02d}.{n % 10:02d}" for n in range(AGENCIES)]


def _procedures() -> list[str]:
    return [f"1.{n:06d}" for n in range(PROCEDURES)]


def _sound(random: np.random.Generator, rows: int) -> pd.DataFrame:
    procedure = np.minimum(random.exponential(60, rows).astype(np.int64), PROCEDURES - 1)
    agency = random.integers(0, AGENCIES, rows)
    received = _FIRST + random.integers(0, 120, rows).astype("timedelta64[D]")
    due = received + random.integers(1, 40, rows).astype("timedelta64[D]")
    done = random.random(rows) < 0.9
    end = np.where(done, received + random.integers(0, 40, rows).astype("timedelta64[D]"), np.datetime64("NaT", "s"))
    channel = random.choice(3, rows, p=[0.6, 0.35, 0.05])
    frame = pd.DataFrame(
        {
            "dossier_code": _numbered("H32.40.01-260601-", rows),
            "procedure_code": _coded(procedure, [*_procedures(), HANDED_OVER, "1.1193", "9.999999"]),
            "field": _coded(procedure % 40, [f"Lĩnh vực số {n}" for n in range(40)]),
            "agency": _coded(agency, [f"DV{n:03d}" for n in range(AGENCIES)]),
            "status": _coded(np.where(done, 5, 1), [str(s) for s in Status]),
            "channel": _coded(channel, [str(c) for c in Channel]),
            "received_date": received,
            "due_date": due,
            "end_date": end,
            "returned_date": end,
            "deleted_date": np.full(rows, np.datetime64("NaT", "s")),
            "service_level": _coded(procedure % 2, [str(level) for level in ServiceLevel][::-1]),
            "return_channel": _coded(channel, [str(c) for c in Channel]),
            "linked": random.random(rows) < 0.2,
            "fee_due": np.ones(rows, dtype=bool),
            **{name: random.random(rows) < 0.2 for name in _FLAGS},
            "limit_days": 1 + procedure % 30,
            "row": np.arange(rows),
            "address": _numbered("HoSo ", rows),
            "agency_code": _coded(agency, [*_agencies(), GONE]),
            "unit_code": _coded(agency, [f"{22_000 + n}" for n in range(AGENCIES)]),
            "status_local": _coded(np.where(done, 5, 1), list("123789")),
            "channel_local": _coded(channel, list("123")),
            "service_level_local": _coded(procedure % 2, ["4", "3", "2", "9"]),
            "unparsed": _coded(np.zeros(rows, dtype=np.int64), ["", "due_date"]),
            "paused_undated": np.zeros(rows, dtype=bool),
        }
    )
    return frame[[c.name for c in (*DOSSIER_COLUMNS, *DERIVED_DOSSIER_COLUMNS)]]


def _pauses(dossiers: pd.DataFrame, lasting: Rows) -> pd.DataFrame:
    """One dossier in twelve was paused for a day; the requests of some were never closed."""
    paused = dossiers.iloc[::12]
    open_ones = dossiers.iloc[lasting].assign(end_date=pd.NaT)
    both = pd.concat([paused.assign(end_date=paused["received_date"] + _DAY), open_ones], ignore_index=True)
    both = both[["dossier_code", "received_date", "end_date"]].dropna(subset=["dossier_code", "received_date"])
    both.columns = pd.Index(["dossier_code", "pause_from", "pause_to"])
    kinds = pd.Categorical([str(PauseKind.SUPPLEMENT)] * len(both), [str(kind) for kind in PauseKind])
    return both.astype({"pause_to": "datetime64[s]"}).assign(pause_kind=kinds)


def _numbered(prefix: str, rows: int) -> pd.Series:
    return prefix + pd.Series(np.arange(rows)).astype("str").str.zfill(7)


def _coded(codes: Any, names: list[str]) -> pd.Categorical:
    return pd.Categorical.from_codes(codes, pd.Index(names, dtype="str"))


def _set(frame: pd.DataFrame, rows: Rows, **values: Any) -> None:
    for name, value in values.items():
        column = frame.columns.get_loc(name)
        frame.iloc[rows, column] = value.iloc[rows].array if isinstance(value, pd.Series) else value


def _with(**values: Any) -> Callable[[pd.DataFrame, Rows], None]:
    return lambda frame, rows: _set(frame, rows, **values)


def _moved(day: str, *, status: Status = Status.DONE) -> Callable[[pd.DataFrame, Rows], None]:
    """`day` is the one before that of receipt."""
    return lambda frame, rows: _set(frame, rows, status=str(status), **{day: frame["received_date"] - _DAY})


def _recoded(prefix: str) -> Callable[[pd.DataFrame, Rows], None]:
    return lambda frame, rows: _set(frame, rows, dossier_code=_numbered(prefix, len(frame)))


def _like_the_one_before(*names: str) -> Callable[[pd.DataFrame, Rows], None]:
    return lambda frame, rows: _set(frame, rows, **{name: frame[name].shift(1) for name in names})


_DONE, _OPEN = str(Status.DONE), str(Status.OPEN)
_DEFECTS: tuple[Callable[[pd.DataFrame, Rows], None], ...] = (
    _with(procedure_code=None),
    _with(agency=None, agency_code=None),
    _with(agency_code=None),
    _with(agency_code=GONE),
    _with(procedure_code=HANDED_OVER),
    _recoded("CL-"),
    _recoded("H32.40.01-261231-"),
    _with(procedure_code="1.1193"),
    _with(procedure_code="9.999999"),
    _with(channel=str(Channel.ONLINE), service_level=str(ServiceLevel.INFORMATION)),
    _with(status=None),
    _with(channel=None),
    _with(status=_DONE, end_date=pd.NaT),
    _with(status=str(Status.STOPPED), end_date=pd.NaT),
    _with(status=str(Status.PAUSED), end_date=pd.NaT, paused_undated=True),
    lambda frame, rows: _set(frame, rows, status=_OPEN, end_date=frame["received_date"]),
    _with(due_date=pd.NaT, unparsed="due_date"),
    _with(received_date=pd.NaT),
    _with(status=_OPEN, end_date=pd.NaT, received_date=_LATER),
    _with(status=_DONE, end_date=_LATER),
    _moved("end_date"),
    _with(due_date=pd.NaT),
    _moved("due_date"),
    _with(service_level=None, service_level_local="9"),
    _with(fee_due=False, paid_online=True),
    _with(limit_days=0),
    _like_the_one_before("dossier_code"),
    _like_the_one_before(*_FACTS, "unparsed"),
    _with(dossier_code=None),
)

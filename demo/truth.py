"""What the generator put in, written down for the tests: the whole world, its defects, and form II.06 counted
from the lives themselves. Shares no code with what reads the systems."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from contracts.codes import Channel, Status
from demo.defects import ERRORS
from demo.mix import Mix

COLUMNS = {
    "received_online": "(4)",
    "received_in_person": "(5) trực tiếp",
    "received_postal": "(5) bưu chính",
    "carried_over": "(6)",
    "early": "(8)",
    "on_time": "(9)",
    "overdue": "(10)",
    "open_in_time": "(12)",
    "open_overdue": "(13)",
}


def write_dossiers(world: pd.DataFrame, folder: Path) -> None:
    """dossiers.parquet: one row a dossier with its whole life, whatever is known of it on any day."""
    columns = [
        "source", "code", "agency_code", "unit_code", "procedure_code", "field", "channel", "registered", "received",
        "due", "end", "returned", "fate", "linked", "supplement_from", "supplement_to", "payment_from", "payment_to",
        "deleted", "fee_due", "paid_online", "service_level", "return_channel", "result_electronic", "digitised",
        "reused", "number", "defect",
    ]  # fmt: skip
    named = world[columns].rename(columns={"code": "dossier_code", "fate": "status"})
    named.to_parquet(folder / "dossiers.parquet", index=False)


def write_defects(world: pd.DataFrame, addresses: dict[tuple[str, int], str], folder: Path) -> None:
    """defects.csv: source, dossier_code as it should have been, address in the system, defect.

    addresses: of (source, number), where the number is not the address itself."""
    spoilt = world.loc[world["defect"] != "", ["source", "code", "number", "defect"]]
    keys = zip(spoilt["source"], spoilt["number"], strict=True)
    address = [addresses.get(key, str(key[1])) for key in keys]
    table = spoilt.assign(address=address).rename(columns={"code": "dossier_code"})
    table[["source", "dossier_code", "address", "defect"]].to_csv(folder / "defects.csv", index=False)


def named(world: pd.DataFrame, mix: Mix, unit_codes: dict[str, str]) -> pd.DataFrame:
    """The world with unit_code, procedure_code and field."""
    about = mix.procedures[["procedure_code", "field"]].astype("category").take(world["procedure"].to_numpy())
    unit_code = world["agency_code"].cat.rename_categories(unit_codes)
    codes = {"procedure_code": about["procedure_code"].to_numpy(), "field": about["field"].to_numpy()}
    return world.assign(unit_code=unit_code, **codes)


def form_ii06(world: pd.DataFrame, *, first: date, last: date) -> pd.DataFrame:
    """Columns (4)–(13) by unit_code, field and procedure_code, of the days first–last, as things stood on last.

    Stopped is backlog, in time; withdrawn is column (9): the policies of both demonstration provinces."""
    begin, cut_off = pd.Timestamp(first), pd.Timestamp(last)
    real = (world["fate"] != Status.NOT_RECEIVED) & (world["received"] <= cut_off)
    mine = world[real & ~world["defect"].isin(list(ERRORS)) & ~(world["deleted"] <= cut_off)]
    resolved = (mine["end"] <= cut_off) & (mine["fate"] != Status.STOPPED)
    mine = mine[~(resolved & (mine["end"] < begin))]
    cells = {name: _cell(name, mine, begin, cut_off) for name in COLUMNS}
    counted = mine[["unit_code", "field", "procedure_code"]].assign(**cells)
    return counted.groupby(["unit_code", "field", "procedure_code"], sort=True, observed=True).sum().reset_index()


def _cell(name: str, mine: pd.DataFrame, begin: pd.Timestamp, cut_off: pd.Timestamp) -> pd.Series:
    """Whether a dossier stands in that column."""
    in_period = mine["received"] >= begin
    due = mine["due"].fillna(pd.Timestamp.max.as_unit("s"))
    stopped = (mine["fate"] == Status.STOPPED) & (mine["end"] <= cut_off)
    resolved = (mine["end"] <= cut_off) & ~stopped
    withdrawn = resolved & (mine["fate"] == Status.WITHDRAWN)
    by_date = resolved & ~withdrawn
    late = ~resolved & ~stopped & ~_paused(mine, cut_off) & (due < cut_off)
    match name:
        case "received_online" | "received_in_person" | "received_postal":
            return in_period & (mine["channel"] == Channel(name.removeprefix("received_")))
        case "carried_over":
            return ~in_period
        case "early":
            return by_date & mine["due"].notna() & (mine["end"] < due)
        case "on_time":
            return withdrawn | by_date & (mine["due"].isna() | (mine["end"] == due))
        case "overdue":
            return by_date & (mine["end"] > due)
        case "open_overdue":
            return late
        case _:
            return ~resolved & ~late


def _paused(mine: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """Asked by that day and not answered on it."""
    paused = pd.Series(data=False, index=mine.index)
    for name in ("supplement", "payment"):
        asked = mine[f"{name}_from"] <= day
        paused |= asked & ~(mine[f"{name}_to"] <= day)
    return paused


def write_form(world: pd.DataFrame, folder: Path, *, period: str, first: date, last: date) -> None:
    """form_II06_<period>.csv of the forms' days."""
    form_ii06(world, first=first, last=last).to_csv(folder / f"form_II06_{period}.csv", index=False)

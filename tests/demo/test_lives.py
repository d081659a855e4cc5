"""What must hold in every life, so that a dossier's state on a day never depends on a later one."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from contracts.codes import Channel, Status
from contracts.settings import REPOSITORY
from demo.lives import SAME_DAY_UNTIL, promised_days
from demo.mix import read_mix
from demo.workdays import WorkingDays
from tests.demo.conftest import province

WORKING_DAY_EXAMPLES = """
received    days  promised
2026-08-20     5  2026-08-26
2026-02-12     5  2026-02-26
2026-08-28     3  2026-09-07
2026-11-20     5  2026-11-30
2024-08-30     1  2024-09-04
2024-05-03     1  2024-05-04
"""


@pytest.fixture(params=["khanh_hoa", "phu_tho"])
def sound(request: pytest.FixtureRequest) -> pd.DataFrame:
    world: pd.DataFrame = request.getfixturevalue(request.param)
    return world[world["defect"] == ""]


@pytest.mark.parametrize("line", WORKING_DAY_EXAMPLES.strip().splitlines()[1:])
def test_working_days_follow_the_calendar(line: str) -> None:
    received, count, promised = line.split()
    days = WorkingDays(province("khanh-hoa").rest_days, first=date(2024, 1, 1), last=date(2026, 12, 31))
    number = days.number(date.fromisoformat(received)) + int(count)
    assert str(days.day(np.array(number))) == promised


def test_what_is_filed_after_three_is_promised_for_the_next_working_day() -> None:
    at = np.array([SAME_DAY_UNTIL - 1, SAME_DAY_UNTIL, SAME_DAY_UNTIL])
    assert promised_days(np.array([0, 0, 3]), at).tolist() == [0, 1, 3]


def test_days_stand_in_their_order(sound: pd.DataFrame) -> None:
    ordered = ["registered", "received", "end", "returned"]
    for before, after in pairwise(ordered):
        assert not (sound[after] < sound[before]).any(), (before, after)
    assert not (sound["due_first"] < sound["received"]).any()
    assert not (sound["due_second"] < sound["due_first"]).any()
    assert not (sound["due"] < sound["due_second"]).any()


def test_a_pause_begins_by_the_promised_day_and_ends_by_the_end(sound: pd.DataFrame) -> None:
    for kind, promised in (("supplement", "due_first"), ("payment", "due_second")):
        begun, over = sound[f"{kind}_from"], sound[f"{kind}_to"]
        assert begun.notna().sum() > 100
        assert not (begun > sound[promised]).any(), kind
        assert not (begun < sound["received"]).any(), kind
        assert not (over < begun).any(), kind
        assert not (over > sound["end"]).any(), kind


def test_a_pushed_promise_means_an_answered_request(sound: pd.DataFrame) -> None:
    pushed = sound["due"] > sound["due_first"]
    answered = sound["supplement_to"].notna() | sound["payment_to"].notna()
    assert pushed.any()
    assert not (pushed & ~answered & sound["deleted"].isna()).any()


def test_only_what_the_office_handles_is_dated(sound: pd.DataFrame) -> None:
    refused = sound[sound["fate"] == Status.NOT_RECEIVED]
    assert not refused.empty
    assert refused[["due", "end", "returned", "supplement_from"]].isna().all(axis=None)
    assert sound.loc[sound["fate"].isin([Status.DONE, Status.WITHDRAWN, Status.STOPPED]), "end"].notna().all()
    assert sound.loc[sound["fate"] == Status.OPEN, "end"].isna().all()


def test_nothing_served_by_information_alone_comes_online(sound: pd.DataFrame) -> None:
    assert not ((sound["service_level"] == 2) & (sound["channel"] == Channel.ONLINE)).any()


def test_codes_are_unique_and_tell_the_day_of_filing(sound: pd.DataFrame) -> None:
    assert sound["code"].is_unique
    some = sound.iloc[:: max(len(sound) // 5000, 1)]
    assert (some["code"].str.extract(r"-(\d{6})-\d{4,}$")[0] == some["registered"].dt.strftime("%y%m%d")).all()


def test_shares_are_those_of_a_province(khanh_hoa: pd.DataFrame) -> None:
    real = khanh_hoa[khanh_hoa["fate"] != Status.NOT_RECEIVED]
    quarter = real["received"].between("2024-09-15", "2024-12-14").sum() / 0.2
    assert 55_000 < quarter < 70_000
    ended = real[real["end"].notna() & (real["fate"] == Status.DONE)]
    assert 0.02 < (ended["end"] > ended["due"]).mean() < 0.06
    assert 0.3 < (ended["end"] < ended["due"]).mean() < 0.7
    assert 0.4 < (real["channel"] == Channel.ONLINE).mean() < 0.75
    assert real["procedure"].nunique() >= 60
    fields = read_mix(province("khanh-hoa")).procedures["field"].to_numpy()[real["procedure"].to_numpy()]
    assert len(set(fields)) >= 12


def test_the_catalogue_is_known_and_says_what_is_verified() -> None:
    lines = (REPOSITORY / "contracts/data/procedures.csv").read_text(encoding="utf-8").splitlines()
    known = province("khanh-hoa").procedures
    assert len(known) == len(lines) - 1 >= 65
    assert sum(p.verified for p in known.values()) >= 41
    assert len({p.field for p in known.values()}) >= 12
    assert [code for code in known if not pd.Series([code]).str.fullmatch(r"\d\.\d{6}").all()] == []

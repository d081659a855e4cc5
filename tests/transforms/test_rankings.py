"""What imported places say together, and what they do not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contracts.rankings import IndexName, Ranking, RankingKind
from tests.transforms.tables import read_table
from transforms.rankings import moved, outcomes, runs_of, series_of

PROVINCES = "tỉnh, thành phố"


def ranking(year: int, place: str = "", *, kind: RankingKind = RankingKind.RESULT, **more: object) -> Ranking:
    """place: «41/63», «1/?» where it is not known how many were ranked."""
    of, _, size = place.partition("/")
    given: dict[str, object] = {"base_group": PROVINCES if place else ""} | more
    return Ranking(
        kind=kind,
        index=IndexName.PAR_INDEX,
        year=year,
        unit_code="91",
        unit_name="Tỉnh Kiên Giang",
        source="thử",
        place=int(of) if of else None,
        base_size=int(size) if size.isdigit() else None,
        **given,  # type: ignore[arg-type]
    )


MOVES = """
| năm trước | năm nay | công bố | số bậc | theo công bố | vì sao                               |
| 63/63     | 41/63   | -       | 22     | không        |                                      |
| 63/63     | 41/63   | 22      | 22     | không        |                                      |
| -         | 41/63   | 22      | 22     | có           |                                      |
| -         | 41/63   | -       | -      | không        |                                      |
| 63/63     | 41/63   | 20      | -      | không        | Công bố tăng 20 bậc                  |
| 41/63     | 11/34   | -       | -      | không        | (63 và 34 tỉnh, thành phố)           |
| 41/63     | 11/34   | 3       | 3      | có           | (63 và 34 tỉnh, thành phố)           |
| 1/?       | 1/?     | -       | -      | không        | không rõ số đơn vị                   |
| 5/63      | 9/63    | -       | -4     | không        |                                      |
"""


@pytest.mark.parametrize("row", read_table(MOVES), ids=lambda row: f"{row['năm trước']} → {row['năm nay']}")
def test_places_gained(row: dict[str, str]) -> None:
    before = [] if row["năm trước"] == "-" else [ranking(2021, row["năm trước"])]
    now = ranking(2022, row["năm nay"], gained=None if row["công bố"] == "-" else int(row["công bố"]))
    found = moved(now, [now, *before])
    assert ("-" if found.places is None else str(found.places)) == row["số bậc"]
    assert found.published is (row["theo công bố"] == "có")
    assert (row["vì sao"] in found.why) if row["vì sao"] else found.why == ""


def test_a_gap_of_a_year_is_not_the_year_before() -> None:
    assert moved(ranking(2022, "41/63"), [ranking(2020, "50/63")]).places is None


def test_a_place_is_compared_in_its_own_group() -> None:
    city = {"base_group": "xã, phường của thành phố Bắc Kạn"}
    among = [ranking(2018, "12/122"), ranking(2018, "1/8", **city)]
    assert moved(ranking(2019, "9/122"), among).places == 3
    assert moved(ranking(2019, "2/8", **city), among).places == -1


YEARS_OF_MERGER = ((2024, "41/63"), (2025, "11/34"))

RUNS = """
| năm: xếp loại                                                        | giai đoạn                              |
| 2016:TB 2017:TB 2018:Tốt 2019:Tốt 2020:Tốt 2021:Tốt 2022:Tốt         | TB 2016–2017 ×2, Tốt 2018–2022 ×5      |
| 2022:Tốt 2021:Tốt                                                    | Tốt 2021–2022 ×2                       |
| 2019:Tốt 2021:Tốt                                                    | Tốt 2019–2019 ×1, Tốt 2021–2021 ×1     |
| 2019:Tốt 2020:Khá                                           | Tốt 2019–2019 ×1, Khá 2020–2020 ×1 |
| 2019:Tốt 2020:Khá 2020:Tốt 2021:Tốt                                  | Tốt 2019–2019 ×1, Tốt 2021–2021 ×1     |
"""


@pytest.mark.parametrize("row", read_table(RUNS), ids=lambda row: row["giai đoạn"])
def test_runs_of_a_class(row: dict[str, str]) -> None:
    given = [one.split(":") for one in row["năm: xếp loại"].split()]
    found = runs_of(ranking(int(year), rating=rating) for year, rating in given)
    assert ", ".join(f"{r.rating} {r.first}–{r.last} ×{r.years}" for r in found) == row["giai đoạn"]


TARGETS = """
| mục tiêu          | kết quả     | đạt |
| nhóm Khá;Tốt      | xếp Khá     | có  |
| nhóm Khá;Tốt      | xếp TB      | không |
| nhóm Khá          | 41/63       | ?   |
| nhóm Khá          | -           | ?   |
| tăng hạng         | 41/63       | có  |
| tăng hạng         | 63/63       | không |
| tăng hạng         | 11/34       | ?   |
| 45/63             | 41/63       | có  |
| 40/63             | 41/63       | không |
| 40/63             | 11/34       | ?   |
"""


@pytest.mark.parametrize("row", read_table(TARGETS), ids=lambda row: f"{row['mục tiêu']} · {row['kết quả']}")
def test_targets(row: dict[str, str]) -> None:
    wanted, got = row["mục tiêu"], row["kết quả"]
    target: dict[str, object] = {"kind": RankingKind.TARGET}
    if wanted.startswith("nhóm "):
        made = ranking(2022, rating=wanted.removeprefix("nhóm "), **target)  # type: ignore[arg-type]
    elif wanted == "tăng hạng":
        made = ranking(2022, aim="raise", **target)  # type: ignore[arg-type]
    else:
        made = ranking(2022, wanted, **target)  # type: ignore[arg-type]
    results = [ranking(2021, "60/63")]
    if got.startswith("xếp "):
        results.append(ranking(2022, rating=got.removeprefix("xếp ")))
    elif got != "-":
        results.append(ranking(2022, got))
    (found,) = outcomes([made, *results])
    assert {True: "có", False: "không", None: "?"}[found.met] == row["đạt"]
    assert (found.met is None) == bool(found.why), "what cannot be told says why"


def test_a_code_that_was_given_to_another_unit_does_not_go_on() -> None:
    """91 was Kiên Giang up to 30/6/2025, and is An Giang since: its classes are not one run."""
    years = [ranking(year, rating="Khá") for year in (2023, 2024, 2025, 2026)]
    assert [(r.first, r.last) for r in runs_of(series_of(years[0], years))] == [(2023, 2024)]
    assert [(r.first, r.last) for r in runs_of(series_of(years[3], years))] == [(2025, 2026)]


def test_a_province_that_was_made_anew_is_not_held_against_the_one_of_its_name() -> None:
    """Phú Thọ kept code and name through the merger of 1/7/2025."""
    years = [replace(ranking(y, place), unit_code="25", unit_name="Tỉnh Phú Thọ") for y, place in YEARS_OF_MERGER]
    assert "(63 và 34 tỉnh, thành phố)" in moved(years[1], years).why
    alike = [years[0], replace(years[1], base_size=63)]
    found = moved(alike[1], alike)
    assert found.places is None and "sắp xếp lại" in found.why

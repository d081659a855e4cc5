"""Which texts are days, and which are not: a wrong day is worse than none."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tried import tried
from transforms.parsing import clean, days, first_known, long_texts, nothing, texts

READ = """
    format             | written                           | day
    iso                | 2024-12-15                        | 2024-12-15
    iso                | 2024-12-15 08:30                  | 2024-12-15
    iso                | 2024-12-15 08:30:59               | 2024-12-15
    iso                | 2024-12-15T08:30:59               | 2024-12-15
    iso                | 2024-12-15 08:30:59.123           | 2024-12-15
    iso                | 2024-12-15T23:59:59.1234567       | 2024-12-15
    iso                | 2024-12-14T23:30:00Z              | 2024-12-15
    iso                | 2024-12-15 00:30:00+07:00         | 2024-12-15
    iso                | 2024-12-15 00:30:00+0900          | 2024-12-14
    iso                | 2024-12-15 00:30:00+07            | 2024-12-15
    iso                | 2024-12-15 00:30:00.123456+07     | 2024-12-15
    iso                | 2024-12-14 23:30:00+00            | 2024-12-15
    iso                | 2024-12-15 00:30:00.0000000 +07:00 | 2024-12-15
    iso                | 2024-12-15 00:30:00.0000000 +09:00 | 2024-12-14
    iso                | 2024-02-30 00:30:00+07            | ?
    iso                | 2024-12-15 00:30:00+7             | ?
    iso                | 2024-02-29                        | 2024-02-29
    iso                | 2023-02-29                        | ?
    iso                | 2024-12-15 24:00:00               | ?
    iso                | 2024-12-15 08:60                  | ?
    iso                | 2024-13-01                        | ?
    iso                | 2024-00-10                        | ?
    iso                | 0000-00-00                        | ?
    iso                | 2024-0:-15                        | ?
    iso                | 15/12/2024                        | ?
    iso                | 20241215                          | ?
    iso                | 2024-12-15x08:30                  | ?
    iso                | 2024-W50-7                        | ?
    iso                | 1989-12-31                        | ?
    iso                | 1990-01-01                        | 1990-01-01
    iso                | 2100-12-31                        | 2100-12-31
    iso                | 2101-01-01                        | ?
    iso                | 45641                             | ?
    iso                | #N/A                              | ?
                       | 2024-12-15                        | 2024-12-15
    %d/%m/%Y %H:%M     | 15/12/2024 08:30                  | 2024-12-15
    %d/%m/%Y %H:%M     | 5/2/2024 8:05                     | 2024-02-05
    %d/%m/%Y %H:%M     | 31/02/2024 08:30                  | ?
    %d/%m/%Y %H:%M     | 12/15/2024 08:30                  | ?
    %d/%m/%Y %H:%M     | 15/12/2024                        | ?
    %d/%m/%Y %H:%M     | 15/12/2024 08:30:00               | ?
    %d/%m/%Y %H:%M     | 15-12-2024 08:30                  | ?
    %d/%m/%Y           | 15/12/2024                        | 2024-12-15
    %d/%m/%Y           | 15/12/0024                        | ?
    %d/%m/%y           | 15/12/24                          | 2024-12-15
    Ngày %d/%m/%Y      | Ngày 15/12/2024                   | 2024-12-15
    yyyyMMddHHmmss     | 20241215083000                    | 2024-12-15
    yyyyMMddHHmmss     | 2024115083000                     | ?
    yyyyMMddHHmmss     | 202412150830                      | ?
    yyyyMMddHHmmss     | 20240231083000                    | ?
    %d/%m/%YT%H:%M:%S%z | 14/12/2024T23:30:00Z             | 2024-12-15
    %d/%m/%YT%H:%M:%S%z | 14/12/2024T23:30:00+00:00        | 2024-12-15
    %d/%m/%YT%H:%M:%S%z | 14/12/2024T23:30:00+0000         | 2024-12-15
    %d/%m/%YT%H:%M:%S%z | 15/12/2024T00:30:00+07:00        | 2024-12-15
    %d/%m/%YT%H:%M:%S%z | 15/12/2024T00:30:00+0900         | 2024-12-14
    %d/%m/%YT%H:%M:%S%z | 15/12/2024T00:30:00              | ?
    %d/%m/%YT%H:%M:%S%z | 15/12/2024T00:30:00+7            | ?
    %d/%m/%Y %H:%M %z  | 14/12/2024 23:30 Z                | 2024-12-15
    %d/%m/%Y %H:%M %z  | 15/12/2024 00:30 -0500            | 2024-12-15
    %Y%m%d%H%M%S%z     | 20241214233000Z                   | 2024-12-15
    %Y%m%d%H%M%S%z     | 20241214233000+00:00              | 2024-12-15
    %Y%m%d%H%M%S%z     | 2024124233000Z                    | ?
    %Y%m%d%H%M%S%z     | 2024124233000+0000                | ?
    %Y%m%d             | 20241215                          | 2024-12-15
    %Y%m%d             | 2024115                           | ?
"""
CASES = [tuple(cell.strip() for cell in line.split("|")) for line in READ.strip().splitlines()[1:]]


def read(written: str | None, *formats: str) -> tuple[object, bool]:
    column = pa.chunked_array([pa.array([written], pa.string()).dictionary_encode()])
    found, bad = days(column, formats)
    return found[0], bool(bad[0])


@pytest.mark.parametrize(("pattern", "written", "day"), CASES)
def test_a_text_is_that_day_or_told(pattern: str, written: str, day: str) -> None:
    for text in (written, f" {written}\n"):
        found, bad = read(text, pattern)
        assert bad is (day == "?")
        assert np.isnat(found) if bad else found == np.datetime64(day)


@pytest.mark.parametrize("written", [None, "", "  ", "\n", "\u00a0"])
def test_blank_is_missing_and_not_told(written: str | None) -> None:
    found, bad = read(written, "iso")
    assert np.isnat(found)
    assert bad is False


def test_the_first_format_that_reads_it_wins() -> None:
    assert read("2024-12-15", "%d/%m/%Y", "iso") == (np.datetime64("2024-12-15"), False)
    assert read("2024-02-01", "%Y-%d-%m", "iso") == (np.datetime64("2024-01-02"), False)


MOMENTS = st.datetimes(datetime(1985, 1, 1), datetime(2105, 12, 31))
PATTERNS = ["%d/%m/%Y %H:%M", "%d-%m-%Y", "%Y/%m/%d %H:%M:%S", "%Y%m%d%H%M%S", "%H:%M %d.%m.%Y"]


@settings(deadline=None)
@given(st.sampled_from(PATTERNS), st.lists(MOMENTS, max_size=20))
def test_what_a_pattern_writes_it_reads(pattern: str, moments: list[datetime]) -> None:
    column = pa.chunked_array([pa.array([m.strftime(pattern) for m in moments], pa.string()).dictionary_encode()])
    found, bad = days(column, [pattern])
    expected = [m.date() if 1990 <= m.year <= 2100 else None for m in moments]
    assert found.astype("datetime64[D]").tolist() == expected
    assert bad.tolist() == [day is None for day in expected]


DIGITS = st.text("0123456789-: T/", min_size=8, max_size=19)


@settings(max_examples=tried(300), deadline=None)
@given(DIGITS | st.from_regex(r"[12][09]\d\d-[01]\d-[0-3]\d([ T][012]\d:[0-6]\d(:[0-6]\d)?)?", fullmatch=True))
def test_the_fast_way_agrees_with_python(written: str) -> None:
    found, _ = read(written, "iso")
    try:
        shaped = len(written) >= 10 and written[4] == written[7] == "-" and written[10:11] in ("", " ", "T")
        expected = datetime.fromisoformat(written.strip()).date() if shaped else None
    except ValueError:
        expected = None
    if expected is not None and len(written) not in (10, 16, 19):
        return
    known = expected is not None and date(1990, 1, 1) <= expected <= date(2100, 12, 31)
    assert found == np.datetime64(expected) if known else np.isnat(found)


def test_chunks_with_dictionaries_of_their_own_are_one_column() -> None:
    chunks = [pa.array(["b", "a", None]).dictionary_encode(), pa.array([" a ", "c"]).dictionary_encode()]
    column = texts(pa.chunked_array(chunks))
    assert column.values == ["a", "b", "c"]
    assert column.codes.tolist() == [1, 0, -1, 0, 2]
    assert long_texts(pa.chunked_array(chunks)).fillna("–").tolist() == ["b", "a", "–", "a", "c"]


def test_plain_strings_are_read_like_encoded_ones() -> None:
    assert texts(pa.chunked_array([pa.array(["x", " x", ""])])).codes.tolist() == [0, 0, -1]


def test_a_slice_is_read_as_itself() -> None:
    column = pa.chunked_array([pa.array(["2024-01-01", "2024-01-02", "2024-01-03"]).dictionary_encode()])
    found, _ = days(column.slice(2), ["iso"])
    assert found.astype("datetime64[D]").tolist() == [date(2024, 1, 3)]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    column = long_texts(pa.chunked_array([pa.array([text], pa.string())]))
    assert column.fillna("")[0] == clean(text)


def test_the_first_known_of_several_columns() -> None:
    one = texts(pa.chunked_array([pa.array(["a", None, None])]))
    other = texts(pa.chunked_array([pa.array(["x", "a", None])]))
    found = first_known(one, nothing(3), other, otherwise="z")
    assert [found.values[code] for code in found.codes] == ["a", "a", "z"]


def test_half_a_million_days_are_read_at_once() -> None:
    start = datetime(2024, 1, 1)
    written = [(start + timedelta(seconds=31 * n)).isoformat(" ") for n in range(500_000)]
    found, bad = days(pa.chunked_array([pa.array(written)]), ["iso"])
    assert not bad.any()
    assert (found[0], found[-1]) == (np.datetime64("2024-01-01"), np.datetime64(written[-1][:10]))

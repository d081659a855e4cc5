"""The pages of an interface fit together, or nothing of them lands; and reading goes on where it broke off."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from contracts.errors import SourceChanged, SourceDrift, SourceUnreachable
from contracts.rest_spec import Paging
from contracts.source_config import SourceConfig
from sources.reader import ResumableReader, open_reader
from tests.servers.http import (
    Act,
    JsonServer,
    answer,
    as_json,
    broken_off,
    first,
    json_server,
    usual,
)
from tests.sources.rest_systems import (
    RETRIES,
    STYLES,
    all_codes,
    asking,
    codes,
    dossier,
    dossiers,
    read,
    rest_source,
    waits,
)
from tests.sources.systems import PERIOD, landed, rows_of

__all__ = ["json_server", "waits"]


def test_every_row_comes_once_in_every_style(json_server: JsonServer) -> None:
    for style, paging in STYLES.items():
        for count in (0, 1, 9, 10, 11, 20, 35):
            json_server.style, json_server.rows = style, dossiers(count)
            assert codes(rest_source(json_server, paging)) == all_codes(json_server), (style, count)
    assert json_server.most_at_once == 1


@pytest.mark.parametrize("style", ["page", "offset"])
@pytest.mark.parametrize("said", [{}, {"pages": "data.pages"}, {"size_param": "size", "size": 10}])
def test_without_a_total_the_end_is_still_found(json_server: JsonServer, style: str, said: dict[str, Any]) -> None:
    json_server.style, json_server.size = style, 10
    paging = Paging(style=style, param=style, **said)
    for count in (0, 9, 10, 20, 25):
        json_server.rows = dossiers(count)
        assert codes(rest_source(json_server, paging)) == all_codes(json_server), count


def test_a_server_that_gives_less_a_page_than_asked_is_read_to_its_end(json_server: JsonServer) -> None:
    json_server.largest, json_server.rows = 10, dossiers(35)
    uncounted = STYLES["page"].model_copy(update={"total": "", "size": 500})
    assert codes(rest_source(json_server, uncounted)) == all_codes(json_server)
    assert codes(rest_source(json_server)) == all_codes(json_server)


@pytest.mark.parametrize(
    "beyond", [answer(b"{}", 404), lambda server, _: as_json({"data": {"items": server.rows[10:], "total": 20}})]
)
def test_what_a_server_says_beyond_its_last_page_does_not_matter(json_server: JsonServer, beyond: Act) -> None:
    json_server.rows = dossiers(20)
    json_server.then(usual, usual, beyond)
    assert codes(rest_source(json_server)) == all_codes(json_server)
    assert len(json_server.asked) == 3


def test_beyond_the_last_page_only_not_found_means_the_end(json_server: JsonServer) -> None:
    json_server.rows = dossiers(20)
    json_server.then(usual, usual, answer(b"", 400))
    with pytest.raises(SourceDrift, match="HTTP 400"):
        codes(rest_source(json_server))


def test_a_cursor_that_stays_after_the_last_row_is_the_end(json_server: JsonServer) -> None:
    json_server.style, json_server.rows = "cursor", dossiers(20)
    stays = lambda items: lambda s, a: as_json({"data": {"items": items, "total": 20}, "next": "c20"})  # noqa: E731
    json_server.then(usual, stays(dossiers(10, after=10)), stays([]))
    assert codes(rest_source(json_server)) == all_codes(json_server)


def _set(name: str, value: Any) -> Act:
    return first(lambda server: setattr(server, name, value))


def _total(total: Any) -> Act:
    return _set("total", lambda: total)


INCONSISTENT: dict[str, tuple[str, list[Act], str]] = {
    "total too high": ("page", [_total(26)], "nói có 26 dòng nhưng chỉ trả 25"),
    "total too low": ("page", [_total(24)], "nói có 24 dòng nhưng đã trả 25"),
    "total too low by a whole page": ("page", [_total(20)], "nói có 20 dòng nhưng đã trả 25"),
    "total too high by link": ("link", [_total(26)], "nói có 26 dòng nhưng chỉ trả 25"),
    "a row comes while reading": ("page", [usual, _set("rows", dossiers(26))], "đổi từ 25 thành 26"),
    "a row goes while reading": ("offset", [usual, _set("rows", dossiers(24, after=1))], "đổi từ 25 thành 24"),
    "one comes and one goes": ("page", [usual, _set("rows", [dossier(99), *dossiers(24)])], "lặp lại 1 dòng"),
    "the same page again": ("page", [usual, lambda s, a: s._page({**a.query, "page": 1})], "lặp lại 10 dòng"),
    "a row from two pages before": (
        *("page", [usual, usual, lambda s, a: as_json({"data": {"items": dossiers(5), "total": 25}})]),
        "5 dòng có mặt ở hai trang",
    ),
    "a short page in the middle": (
        *("offset", [usual, lambda s, a: as_json({"data": {"items": dossiers(4, after=10), "total": 25}})]),
        "trang thứ 2 chỉ có 4 dòng",
    ),
    "a page longer than the first": (
        *("page", [usual, lambda s, a: as_json({"data": {"items": dossiers(12, after=10), "total": 25}})]),
        "trang thứ 2 có 12 dòng, nhiều hơn trang đầu",
    ),
    "an empty page that says there is more": (
        *("cursor", [usual, lambda s, a: as_json({"data": {"items": [], "total": 25}, "next": "c20"})]),
        "không có dòng nào nhưng vẫn nói còn trang sau",
    ),
    "an empty page in the middle": (
        *("page", [usual, lambda s, a: as_json({"data": {"items": [], "total": 25}})]),
        "nói có 25 dòng nhưng chỉ trả 10",
    ),
    "a cursor that stands still": (
        *(
            "cursor",
            [usual, lambda s, a: as_json({"data": {"items": dossiers(5, after=50), "total": 25}, "next": "c10"})],
        ),
        "chính là trang vừa đọc",
    ),
    "a cursor that ends too soon": (
        *("cursor", [usual, lambda s, a: as_json({"data": {"items": dossiers(5, after=50), "total": 25}})]),
        "nói có 25 dòng nhưng chỉ trả 15",
    ),
}


@pytest.mark.parametrize(("style", "script", "said"), INCONSISTENT.values(), ids=INCONSISTENT)
def test_pages_that_do_not_fit_together_are_refused(
    json_server: JsonServer, style: str, script: list[Act], said: str
) -> None:
    json_server.style, json_server.rows = style, dossiers(25)
    json_server.then(*script)
    with pytest.raises(SourceChanged, match=said):
        read(rest_source(json_server))


@pytest.mark.parametrize("pages", [2, 4])
def test_a_number_of_pages_that_lies_is_noticed(json_server: JsonServer, pages: int) -> None:
    json_server.rows, json_server.pages = dossiers(30), lambda _size: pages
    paging = STYLES["page"].model_copy(update={"total": "", "pages": "data.pages"})
    with pytest.raises(SourceChanged, match=f"nói có {pages} trang nhưng đã trả 3 trang"):
        read(rest_source(json_server, paging))


def test_the_same_row_twice_on_one_page_is_for_the_quarantine(json_server: JsonServer) -> None:
    json_server.rows = [dossier(1), dossier(1), dossier(2)]
    assert len(read(rest_source(json_server))) == 3


@pytest.mark.parametrize("style", ["cursor", "link", "head"])
def test_a_first_answer_that_lost_its_way_on_is_drift(json_server: JsonServer, style: str) -> None:
    """Without it, the first page would be taken for all."""
    json_server.style, json_server.rows = style, dossiers(25)
    json_server.then(lambda s, a: as_json({"data": {"items": s.rows[:10]}}))
    with pytest.raises(SourceDrift, match="để đọc trang sau"):
        read(rest_source(json_server, STYLES[style].model_copy(update={"total": ""})))


def read_on(config: SourceConfig, mark: str) -> tuple[list[str], list[str]]:
    """Codes and marks of what follows the mark."""
    with open_reader(config) as reader:
        assert isinstance(reader, ResumableReader)
        given = list(reader.read_from(config.tables["dossiers"], PERIOD.window, mark))
    return [row[0] for batch, _ in given for row in rows_of(batch)], [mark for _, mark in given]  # type: ignore[misc]


@pytest.mark.parametrize("style", STYLES)
def test_reading_goes_on_at_the_page_that_failed(json_server: JsonServer, style: str, waits: list[float]) -> None:
    json_server.style, json_server.rows = style, dossiers(35)
    config = rest_source(json_server, STYLES[style])
    whole, marks = read_on(config, "")
    assert whole == all_codes(json_server)
    for pages, mark in enumerate(marks, start=1):
        json_server.asked.clear()
        assert read_on(config, mark)[0] == whole[10 * pages :]
        assert len(json_server.asked) == 4 - pages
        assert not any(code in mark for code in whole)


def test_an_extract_that_broke_keeps_its_last_mark(json_server: JsonServer, waits: list[float]) -> None:
    json_server.rows = dossiers(35)
    json_server.then(usual, usual, *[broken_off] * RETRIES)
    config = rest_source(json_server)
    given: list[str] = []
    with open_reader(config) as reader, pytest.raises(SourceUnreachable, match="đứt giữa chừng"):
        assert isinstance(reader, ResumableReader)
        for _, mark in reader.read_from(config.tables["dossiers"], PERIOD.window, ""):
            given.append(mark)
    json_server.asked.clear()
    assert read_on(config, given[-1])[0] == all_codes(json_server)[20:]
    assert json_server.asked[0].query["page"] == "3"


def test_a_mark_of_another_question_is_refused(json_server: JsonServer) -> None:
    json_server.rows = dossiers(25)
    config = rest_source(json_server)
    mark = read_on(config, "")[1][0]
    for other, given in [
        (asking(config, params={"x": "y"}), mark),
        (config, mark[:-5]),
        (config, "x"),
        (config, mark.replace('"rows":10', '"rows":"x"')),
    ]:
        with pytest.raises(SourceChanged, match="chỗ dừng của lần đọc trước"):
            read_on(other, given)


def test_a_mark_of_another_day_is_refused_where_the_question_names_the_day(
    json_server: JsonServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    json_server.rows = dossiers(25)
    config = asking(rest_source(json_server), params={"den": "{today}"})
    monkeypatch.setenv("CCHC_NOW", "2024-12-16T08:00:00+07:00")
    mark = read_on(config, "")[1][0]
    assert len(read_on(config, mark)[0]) == 15
    monkeypatch.setenv("CCHC_NOW", "2024-12-17T08:00:00+07:00")
    with pytest.raises(SourceChanged, match="câu hỏi khác"):
        read_on(config, mark)


def test_rows_that_came_between_two_runs_are_noticed(json_server: JsonServer) -> None:
    json_server.rows = dossiers(25)
    config = rest_source(json_server, STYLES["page"].model_copy(update={"total": ""}))
    mark = read_on(config, "")[1][0]
    json_server.rows = [dossier(99), *json_server.rows]
    with pytest.raises(SourceChanged, match="lặp lại 1 dòng"):
        read_on(config, mark)


def test_a_single_answer_without_paging(json_server: JsonServer) -> None:
    json_server.style, json_server.rows = "none", dossiers(25)
    plain = rest_source(json_server, Paging(total="data.total"))
    assert codes(plain) == all_codes(json_server)
    json_server.rows = dossiers(150)
    with pytest.raises(SourceChanged, match="nói có 150 dòng nhưng chỉ trả 100"):
        read(plain)


def test_a_landing_goes_on_where_the_interface_broke_off(
    json_server: JsonServer, waits: list[float], tmp_path: Path
) -> None:
    json_server.rows = dossiers(35)
    config = rest_source(json_server)
    json_server.then(usual, usual, usual, *[broken_off] * RETRIES)
    with pytest.raises(SourceUnreachable):
        landed(config, tmp_path)
    json_server.asked.clear()
    landing = landed(config, tmp_path)
    assert [row[0] for row in rows_of(landing.table("dossiers"))] == all_codes(json_server)
    look, *pages = json_server.asked
    assert [one.query["page"] for one in pages] == ["2", "3", "4"], look


def test_a_landing_begins_anew_where_the_rows_have_moved(
    json_server: JsonServer, waits: list[float], tmp_path: Path
) -> None:
    json_server.rows = dossiers(35)
    config = rest_source(json_server)
    json_server.then(usual, usual, usual, *[broken_off] * RETRIES)
    with pytest.raises(SourceUnreachable):
        landed(config, tmp_path)
    json_server.rows = [dossier(99), *json_server.rows]
    landing = landed(config, tmp_path)
    assert [row[0] for row in rows_of(landing.table("dossiers"))] == all_codes(json_server)

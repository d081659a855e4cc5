"""Places then and now: of the units of a provincial index, and those that others published.

Two places are joined only where as many units of the same group were ranked both times; each line has the scale of its
own base, from the last place to the first. Set by the page itself, in a table, for names are long."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from contracts.rankings import Ranking
from reporting import standing_texts as texts
from reporting.charts._scale import percent_of, widest
from reporting.fonts import printable
from reporting.formats import count_text, listed
from reporting.page import Note, PlaceRow, PlacesChart
from reporting.wording import inline, place_of
from transforms.criteria import IndexTable, Standing
from transforms.rankings import compared_with, rank_of
from transforms.ranks import Rank

MOST_ROWS = 30
_ROUND = "Vòng tròn rỗng: hạng năm trước; chấm đặc: hạng năm sau; mỗi dòng theo thang riêng, từ hạng cuối đến hạng 1."


@dataclass(frozen=True)
class _Pair:
    """Two places in one base. group: what the line stands under; name: of the line; unit: as a sentence has it."""

    group: str
    name: str
    unit: str
    years: tuple[int, int]
    before: Rank
    now: Rank

    @property
    def gained(self) -> int:
        return self.before.place - self.now.place


def index_chart(table: IndexTable, members: Collection[Standing]) -> PlacesChart | None:
    """Of the units of an index, by the ranks that its files have for two years. None where no two are compared."""
    pairs = [pair for place in range(len(table.index.file.ranking)) for pair in _index_pairs(table, members, place)]
    name = printable(table.index.file.name)
    return _chart(
        pairs,
        caption=f"Thứ hạng năm {table.index.year - 1} và năm {table.index.year}: {name}",
        head="Đơn vị",
        left_out=len(members) * len(table.index.file.ranking) - len(pairs),
        source=f"Nguồn: điểm thẩm định theo {printable(table.index.file.decision)}, nhập vào phần mềm.",
    )


def published_chart(newest: Collection[Ranking], among: Collection[Ranking]) -> PlacesChart | None:
    """Of the newest published places those with one of the year before in the same base. None where there are none."""
    placed = [one for one in newest if one.place is not None]
    pairs = [pair for one in placed for pair in _published_pair(one, among)]
    return _chart(
        pairs,
        caption="Thứ hạng do cơ quan khác công bố, năm trước và năm gần nhất",
        head="Đơn vị, chỉ số",
        left_out=len(placed) - len(pairs),
        source="Nguồn: kết quả đã công bố, nhập nguyên văn, như bảng trên.",
    )


def _index_pairs(table: IndexTable, members: Collection[Standing], place: int) -> Iterator[_Pair]:
    """By one of the rankings of the index: groups in the order of the units, in each the best first."""
    found = list(_index_pair(table, members, place))
    groups = list(dict.fromkeys(pair.group for pair in found))
    yield from sorted(found, key=lambda pair: (groups.index(pair.group), pair.now.place))


def _index_pair(table: IndexTable, members: Collection[Standing], place: int) -> Iterator[_Pair]:
    years = (table.index.year - 1, table.index.year)
    for one in members:
        rank, gained = one.ranks[place], table.changes[one.unit.agency_code].places[place]
        if rank is not None and gained is not None:
            before = Rank(rank.place + gained, rank.base)
            yield _Pair(printable(rank.base.text), place_of(one.unit), inline(one.unit), years, before, rank)


def _published_pair(one: Ranking, among: Collection[Ranking]) -> Iterator[_Pair]:
    before = compared_with(one, among)
    old, new = (rank_of(before) if before else None), rank_of(one)
    if before is not None and old is not None and new is not None:
        unit, name = printable(one.unit_name), printable(texts.index_text(one))
        yield _Pair(unit, name, f"{unit}, {texts.inline_index(one)}", (before.year, one.year), old, new)


def _chart(pairs: list[_Pair], *, caption: str, head: str, left_out: int, source: str) -> PlacesChart | None:
    if not pairs:
        return None
    shown = _most_moved(pairs)
    notes = [_ROUND]
    if len(shown) < len(pairs):
        many = count_text(len(pairs))
        notes.append(f"Nêu {count_text(len(shown))} dòng thay đổi nhiều bậc nhất trong {many} dòng so sánh được.")
    if left_out:
        notes.append(f"Không vẽ {count_text(left_out)} thứ hạng không có hạng năm trước trên cùng cơ sở xếp hạng.")
    return PlacesChart(
        caption=caption,
        alt=_alt(pairs),
        head=head,
        rows=tuple(_rows(shown)),
        place_width=widest(("999/99", *(rank.text for pair in shown for rank in (pair.before, pair.now)))),
        notes=tuple(Note("", text) for text in notes),
        source=source,
    )


def _most_moved(pairs: Sequence[_Pair]) -> list[_Pair]:
    """In the order given."""
    places = sorted(range(len(pairs)), key=lambda n: (-abs(pairs[n].gained), n))[:MOST_ROWS]
    return [pairs[n] for n in sorted(places)]


def _rows(pairs: Sequence[_Pair]) -> Iterator[PlaceRow]:
    for group, members in groupby(pairs, key=lambda pair: pair.group):
        yield PlaceRow("group", group, "", "", "", "", "", "", "", "")
        for pair in members:
            before, now = _share(pair.before), _share(pair.now)
            yield PlaceRow(
                kind="unit",
                name=pair.name,
                years=", ".join(map(str, pair.years)),
                before=percent_of(before),
                now=percent_of(now),
                left=percent_of(min(before, now)),
                width=percent_of(abs(now - before)),
                before_text=texts.rank_text(pair.before),
                now_text=texts.rank_text(pair.now),
                change=texts.places_text(pair.gained),
            )


def _share(rank: Rank) -> Fraction:
    """In percent of the scale: the first place at 100, the last at 0."""
    size = rank.base.size or rank.place
    return Fraction(100 * (size - rank.place), size - 1) if size > 1 else Fraction(100)


def _alt(pairs: Sequence[_Pair]) -> str:
    """How many rose and fell, and who the most."""
    if len(pairs) == 1:
        return f"{_told(pairs[0])}."
    counted = (
        ("tăng", [p for p in pairs if p.gained > 0]),
        ("giảm", [p for p in pairs if p.gained < 0]),
        ("giữ nguyên", [p for p in pairs if not p.gained]),
    )
    said = listed([f"{count_text(len(found))} {word}" for word, found in counted if found])
    most = [_most(word, found) for word, found in counted[:2] if found]
    return f"So sánh {count_text(len(pairs))} thứ hạng với năm trước: {'; '.join([f'{said} hạng', *most])}."


def _most(word: str, found: Sequence[_Pair]) -> str:
    top = max(abs(pair.gained) for pair in found)
    named = [_told(pair) for pair in found if abs(pair.gained) == top]
    more = f" và {count_text(len(named) - 3)} dòng khác" if len(named) > 3 else ""
    return f"{word} nhiều nhất: {'; '.join(named[:3])}{more}"


def _told(pair: _Pair) -> str:
    """Xã Sơn Trung, hạng 7/8 năm 2021, 1/8 năm 2022, tăng 6 bậc."""
    places = f"hạng {pair.before.text} năm {pair.years[0]}, {pair.now.text} năm {pair.years[1]}"
    return f"{pair.unit}, {places}, {texts.places_text(pair.gained)}"

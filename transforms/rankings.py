"""What imported places say together: changes between two years, runs of a class, targets that were met.

Nothing here is derived that was not published: where only «up 22 places» is known, the place of the year before is
not made of it (it is a check alone).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter

from contracts.configfile import plain
from contracts.rankings import Ranking, RankingKind
from transforms import ranks
from transforms.ranks import Base, Rank


@dataclass(frozen=True)
class Moved:
    """Places gained since the year before, None where not known. published: as the publication itself says, not
    computed from two places. why: a sentence, where two places are not compared or contradict what was published."""

    places: int | None = None
    published: bool = False
    why: str = ""


@dataclass(frozen=True)
class Run:
    """A class that was held in each of these years."""

    rating: str
    first: int
    last: int

    @property
    def years(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True)
class Outcome:
    """A target and what became of it: result None while nothing was published; met None where it cannot be told."""

    target: Ranking
    result: Ranking | None
    met: bool | None
    why: str = ""


def rank_of(ranking: Ranking) -> Rank | None:
    if ranking.place is None:
        return None
    return Rank(ranking.place, Base(ranking.base_size, ranking.base_group))


def results(rankings: Iterable[Ranking]) -> list[Ranking]:
    return [r for r in rankings if r.kind is RankingKind.RESULT]


def series_of(ranking: Ranking, among: Iterable[Ranking]) -> list[Ranking]:
    """Results of the same unit in the same index and area, the oldest first."""
    same = [r for r in results(among) if (r.unit, r.index, r.area) == (ranking.unit, ranking.index, ranking.area)]
    return sorted(same, key=attrgetter("year"))


def moved(now: Ranking, among: Collection[Ranking]) -> Moved:
    """Against the year before, in the same base; else as was published; else why not.

    A unit that was ranked in several groups that year is compared in the same group alone."""
    rank = rank_of(now)
    same = _year_before(now, among)
    old = rank_of(same) if same else None
    if rank is None:
        return Moved()
    published = Moved(now.gained, published=now.gained is not None)
    if old is None:
        return replace(published, why=_made_anew(now, rank, among))
    if why := ranks.why_no_change(rank, old):
        return replace(published, why=why)
    gained = old.place - rank.place
    if now.gained not in {None, gained}:
        said = f"Công bố {_signed(now.gained)} bậc, nhưng hạng {old.text} và {rank.text} chênh {_signed(gained)} bậc"
        return Moved(why=said)
    return Moved(gained)


def compared_with(now: Ranking, among: Collection[Ranking]) -> Ranking | None:
    """The result of the year before whose place is subtracted from this one's; None where none is."""
    change = moved(now, among)
    return None if change.places is None or change.published else _year_before(now, among)


def _year_before(now: Ranking, among: Collection[Ranking]) -> Ranking | None:
    before = [r for r in series_of(now, among) if r.year == now.year - 1 and r.place is not None]
    return next((r for r in before if r.base_group == now.base_group), before[0] if len(before) == 1 else None)


def _made_anew(now: Ranking, rank: Rank, among: Collection[Ranking]) -> str:
    """Why a unit is not held against the one of its name a year before, where units were merged in between."""
    named = (r for r in results(among) if (r.unit_name, r.index, r.area) == (now.unit_name, now.index, now.area))
    found = (r for r in named if (r.year, r.base_group) == (now.year - 1, now.base_group))
    old = next((rank_of(r) for r in found if r.unit != now.unit), None)
    if old is None:
        return ""
    return ranks.why_no_change(rank, old) or "Không so sánh thứ hạng do đơn vị được sắp xếp lại trong năm"


def _signed(places: int | None) -> str:
    return "0" if not places else f"{'tăng' if places > 0 else 'giảm'} {abs(places)}"


def runs_of(rankings: Iterable[Ranking]) -> tuple[Run, ...]:
    """Classes through the years, one run where a class was held in years that follow one another; the oldest first.
    A year that is missing, or has two classes, ends a run. rankings: of one unit, index and area."""
    found: list[Run] = []
    rated = sorted((r for r in results(rankings) if r.rating), key=attrgetter("year"))
    for year, of_year in groupby(rated, key=attrgetter("year")):
        ratings = {plain(r.rating) for r in of_year}
        if len(ratings) > 1:
            continue
        rating = ratings.pop()
        if found and (found[-1].rating, found[-1].last) == (rating, year - 1):
            found[-1] = Run(rating, found[-1].first, year)
        else:
            found.append(Run(rating, year, year))
    return tuple(found)


def outcomes(rankings: Collection[Ranking]) -> tuple[Outcome, ...]:
    """Every target with the result of its year, in the order given."""
    return tuple(_outcome(r, rankings) for r in rankings if r.kind is RankingKind.TARGET)


def _outcome(target: Ranking, among: Collection[Ranking]) -> Outcome:
    of_year = [r for r in series_of(target, among) if r.year == target.year]
    result = next((r for r in of_year if not target.base_group or r.base_group == target.base_group), None)
    if result is None:
        return Outcome(target, None, None, "chưa có kết quả công bố")
    if target.aim == "raise":
        return _raised(target, result, among)
    if target.rating:
        accepted = {plain(one).casefold() for one in target.rating.split(";")}
        met = plain(result.rating).casefold() in accepted if result.rating else None
        return Outcome(target, result, met, "" if met is not None else "kết quả không công bố xếp loại")
    return _reached(target, result)


def _raised(target: Ranking, result: Ranking, among: Collection[Ranking]) -> Outcome:
    change = moved(result, among)
    if change.places is None:
        return Outcome(target, result, None, change.why or "chưa có thứ hạng năm trước để so sánh")
    return Outcome(target, result, change.places > 0)


def _reached(target: Ranking, result: Ranking) -> Outcome:
    wanted, rank = rank_of(target), rank_of(result)
    if wanted and rank:
        why = ranks.why_no_change(rank, wanted)
        return Outcome(target, result, None if why else rank.place <= wanted.place, why)
    if target.score is not None and result.score is not None and target.score_unit == result.score_unit:
        return Outcome(target, result, result.score >= target.score)
    return Outcome(target, result, None, "kết quả không có số để đối chiếu")

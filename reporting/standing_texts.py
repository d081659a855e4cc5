"""Scores, places and changes of indices as a table and a sentence print them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal
from fractions import Fraction

from contracts.decimals import plain_decimal
from contracts.rankings import INDEX_LABELS, Ranking
from reporting.formats import MISSING, date_text, decimal_text, points_text, with_unit
from transforms.criteria import Part
from transforms.rankings import Moved, Run, rank_of, results, runs_of, series_of
from transforms.ranks import Rank
from transforms.rounding import round_half_up


def score_text(score: Fraction | None) -> str:
    """89,20%: two decimals, half up; – where there is no index."""
    return MISSING if score is None else with_unit(decimal_text(round_half_up(score)), "%")


def short_score(score: Fraction) -> str:
    """89,2%: as a sentence writes it, without zeros at the end."""
    return f"{decimal_text(Decimal(plain_decimal(round_half_up(score))))}%"


def part_text(part: Part) -> str:
    """62,44/70: points over the maximum; – where nothing is verified yet."""
    if not part.verified:
        return MISSING
    return f"{decimal_text(_two_places(part.points))}/{decimal_text(Decimal(plain_decimal(part.maximum)))}"


def _two_places(points: Decimal) -> Decimal:
    """At least two decimals, and all there are: 56.7 → 56.70, 62.4375 as it is."""
    exact = Decimal(plain_decimal(points))
    return exact.quantize(Decimal("0.01")) if int(exact.as_tuple().exponent) >= -2 else exact


def change_text(points: Fraction | None) -> str:
    """+14,20, in percentage points."""
    return MISSING if points is None else points_text(points, Fraction(0))


def rank_text(rank: Rank | None) -> str:
    return MISSING if rank is None else rank.text


def places_text(places: int | None) -> str:
    """tăng 6 bậc, giảm 2 bậc, giữ nguyên."""
    if places is None:
        return MISSING
    return f"{'tăng' if places > 0 else 'giảm'} {abs(places)} bậc" if places else "giữ nguyên"


def moved_text(moved: Moved) -> str:
    said = places_text(moved.places)
    return f"{said} (theo công bố)" if moved.published else said


def published_score(ranking: Ranking) -> str:
    """83,07%: as it was published, with its own decimals."""
    if ranking.score is None:
        return MISSING
    unit = "%" if ranking.score_unit == "%" else f" {ranking.score_unit}"
    return with_unit(decimal_text(ranking.score), unit)


def published_rank(ranking: Ranking) -> str:
    return rank_text(rank_of(ranking))


def index_text(ranking: Ranking) -> str:
    """Chỉ số cải cách hành chính (PAR INDEX), lĩnh vực cải cách thể chế."""
    label = INDEX_LABELS[ranking.index]
    return f"{label}, lĩnh vực {ranking.area[:1].lower()}{ranking.area[1:]}" if ranking.area else label


def origin_text(ranking: Ranking) -> str:
    """The base in words, the source, the day, and whether it was held against the document."""
    rank = rank_of(ranking)
    base = f"Xếp hạng trong {rank.base.text}. " if rank else ""
    unknown = " (nguồn không nêu số đơn vị được xếp hạng)" if rank and rank.base.size is None else ""
    day = f", công bố ngày {date_text(ranking.published_on)}" if ranking.published_on else ""
    unverified = "" if ranking.verified else " (chưa đối chiếu với văn bản)"
    return f"{base.rstrip('. ')}{unknown}{'. ' if base else ''}Nguồn: {ranking.source}{day}{unverified}."


def inline_index(ranking: Ranking) -> str:
    """As within a sentence: chỉ số cải cách hành chính (PAR INDEX)."""
    label = index_text(ranking)
    return label[:1].lower() + label[1:]


def runs_text(runs: tuple[Run, ...]) -> str:
    """Trung bình 2016–2017 (2 năm), Tốt 2018–2022 (5 năm liền)."""
    said = []
    for run in runs:
        years = f"{run.first}–{run.last}" if run.years > 1 else f"{run.first}"
        count = f" ({run.years} năm liền)" if run.years > 1 else ""
        said.append(f"{run.rating} {years}{count}")
    return "; ".join(said)


def run_sentences(rankings: Collection[Ranking]) -> Iterator[str]:
    """Huyện Khánh Sơn, chỉ số …: Trung bình 2016–2017 (2 năm liền); Tốt 2018–2022 (5 năm liền). Of each unit and index
    of which a class was held for two years or more."""
    first = {(one.unit, one.index, one.area): one for one in reversed(results(rankings))}
    for one in reversed(first.values()):
        runs = runs_of(series_of(one, rankings))
        if any(run.years > 1 for run in runs):
            yield f"{one.unit_name}, {inline_index(one)}: {runs_text(runs)}."


def target_text(target: Ranking) -> str:
    """What is aimed at: nhóm Khá hoặc Tốt; tăng hạng so với năm trước; trong 40/63; từ 85%."""
    if target.aim == "raise":
        return "tăng hạng so với năm trước"
    if target.rating:
        return " hoặc ".join(one.strip() for one in target.rating.split(";"))
    if target.place is not None:
        return f"từ hạng {published_rank(target)} trở lên"
    return f"từ {published_score(target)} trở lên"


def result_text(ranking: Ranking) -> str:
    """What a year brought: hạng 41/63; 83,07%; xếp loại Khá."""
    rank = f"hạng {published_rank(ranking)}" if ranking.place is not None else ""
    score = published_score(ranking) if ranking.score is not None else ""
    rating = f"xếp loại {ranking.rating}" if ranking.rating else ""
    return ", ".join(part for part in (rank, score, rating) if part)

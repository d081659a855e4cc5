"""cchc score 766 --period: a stored period's scores, published beside estimated, with both bases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli import console, score_words
from cli.console import err, out, plain
from cli.export import check_name, with_period, write
from cli.score_words import shows_tables
from contracts.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

_RIGHT = ("Tối\nđa", "Công bố", "Theo\ncông thức", "Ước tính từ\nhồ sơ của tỉnh", "Chênh\nlệch")


def score(period: str, *, agency: str | None, out_file: Path | None) -> None:
    """Write the scores of all agencies (or one), or show those of one; as CSV where another program reads."""
    if out_file is not None:
        check_name(out_file)
    from flows.place import find_place
    from flows.scorecard import period_scores

    place = find_place(period)
    found = period_scores(place.open_warehouse(), place)
    if out_file is None and shows_tables():
        agency = agency or place.province.units.root.agency_code
    table = _of(found.table, agency, period)
    if out_file is not None:
        write(_plain(table), out_file, period_id=place.period.id, has_codes=False)
    elif shows_tables():
        _show(table, title=f"{agency} – kỳ {period}")
    else:
        out.file.write(with_period(_plain(table), place.period.id).to_csv(index=False))
    for remark in (*found.remarks, *score_words.remarks(found.formulas_of)):
        err.print(f"[yellow]Lưu ý:[/] {plain(remark)}", soft_wrap=True)


def _of(table: pd.DataFrame, agency: str | None, period: str) -> pd.DataFrame:
    chosen = table if agency is None else table[table["agency_code"] == agency]
    if chosen.empty:
        raise UsageError(
            f"kỳ {period} không có số nào của cơ quan «{agency}»",
            advice=f"xem mọi cơ quan: cchc score 766 --period {period} --out TỆP",
        )
    return chosen


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    """The table with moments as text."""
    return table.assign(fetched_at=table["fetched_at"].map(lambda moment: moment.isoformat(), na_action="ignore"))


def _show(table: pd.DataFrame, *, title: str) -> None:
    made = console.table("Nhóm, chỉ tiêu", *_RIGHT, right=_RIGHT, title=title)
    for row in score_words.records(table):
        made.add_row(*_cells(row), style="" if row["indicator"] else "bold")
    out.print(made)
    for said in _notes(table):
        out.print(f"* {plain(said)}", soft_wrap=True)


def _cells(row: dict[str, Any]) -> list[str]:
    name = row["label"] or row["indicator"] or score_words.group_label(row["group_id"])
    mark = " *" if row["quality_flag"] or row["refused"] or row["complete"] is False else ""
    formula = score_words.points(row["formula_score"])
    if not row["indicator"] and row["known_items"] and row["known_items"] < row["items"]:
        formula = f"mới có {row['known_items']}/{row['items']}\nchỉ tiêu"
    return [
        plain(name) + mark,
        score_words.most(row["max_score"]),
        _score_on_basis(row, "published"),
        formula + (" ≠" if row["disagrees"] else ""),
        _score_on_basis(row, "our"),
        _signed(row["difference"]),
    ]


def _score_on_basis(row: dict[str, Any], side: str) -> str:
    """The score, and below it what it is made of, so that nothing is cut off on a narrow screen."""
    basis = _basis(row, side)
    under = f"\n{basis}" if basis not in {"", score_words.MISSING} else ""
    return score_words.points(row[f"{side}_score"]) + under


def _basis(row: dict[str, Any], side: str) -> str:
    counts = [row[f"{side}_{name}"] for name in ("numerator", "denominator")]
    if row["indicator"] == "":
        return ""
    if counts == [None, None]:
        ratio = row["published_ratio"] if side == "published" else None
        return score_words.MISSING if ratio is None else f"tỷ lệ {ratio:.15g}".replace(".", ",")
    return "/".join(score_words.MISSING if count is None else console.figure(int(count)) for count in counts)


def _signed(value: float | None) -> str:
    return score_words.MISSING if value is None else f"{value:{'+' if value else ''}.2f}".replace(".", ",")


def _notes(table: pd.DataFrame) -> Iterator[str]:
    for row in score_words.records(table):
        if row["refused"]:
            yield f"{row['label']}: {row['refused']}"
        if row["quality_flag"]:
            yield f"{row['label']}: {row['quality_flag']} – {row['quality_message'] or 'không kèm giải thích'}"
        if row["indicator"] and row["complete"] is False:
            why = "số của tỉnh còn thiếu nguồn, hoặc có hồ sơ mà nguồn không ghi mục này"
            yield f"{row['label']}: {why}, nên không tính chênh lệch"

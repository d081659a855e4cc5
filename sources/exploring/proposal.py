"""What a system that nobody has described seems to be: which table holds the dossiers, which column is which.

Everything here is a proposal by name (contracts/data/column_names.toml); the meaning of a number is never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from contracts.codes import Status
from contracts.columns import TABLES, Column
from contracts.errors import UsageError
from contracts.known_names import Match, label_column, matches, status_of, table_rank
from contracts.personal import is_forbidden
from sources.exploring.explore import BELOW, Code, DateColumn, Explorer, FoundTable, WindowColumns
from sources.exploring.joins import is_join, joined, mentions

PLEASE_CHECK = "đề nghị kiểm tra"
_FEWEST = 4
"""A table in which fewer of our required columns are found holds no dossiers."""

_YES = {"boolean": "true", "bool": "TRUE"}
"""Type of a column that holds yes or no → how yes is landed."""

CODED = ("status", "channel", "service_level", "agency")


@dataclass(frozen=True)
class ProposedColumn:
    """A line of column_map.csv. source_column: empty where nothing fits. note: what a person has to do."""

    column: str
    source_column: str
    format: str
    note: str


@dataclass(frozen=True)
class ProposedTable:
    """A table of ours and where it seems to be.

    where: empty where nothing is left out. further: what could be added to it, once the codes «…» that close a dossier
    are known. unused: columns there that are not read; personal: those that never will be."""

    name: str
    found: FoundTable
    columns: tuple[ProposedColumn, ...]
    where: str = ""
    further: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(c.column for c in self.columns if not c.source_column)

    @property
    def personal(self) -> tuple[str, ...]:
        return tuple(name for name in self.found.columns if is_forbidden(name))

    @property
    def unused(self) -> tuple[str, ...]:
        used = {c.source_column for c in self.columns}
        return tuple(name for name in self.found.columns if name not in used and not is_forbidden(name))


@dataclass(frozen=True)
class Proposal:
    """codes: of CODED → the codes found; None where the column is no list of codes, or there is none.
    others: tables that could hold dossiers as well, or a column that is missing, with what each seems to have."""

    dossiers: ProposedTable
    pauses: ProposedTable | None
    codes: dict[str, list[Code] | None]
    others: tuple[tuple[FoundTable, tuple[Match, ...]], ...] = ()


def propose(explorer: Explorer, *, table: str = "") -> Proposal:
    """table: name of the dossiers' table, where a person knows it. Raises UsageError where there is none, or none looks
    like dossiers."""
    there = explorer.tables(table)
    named = _named(there, table) if table else _likeliest(there)
    chosen = _called_by_what_it_shows(explorer, named)
    there = [chosen if one is named else one for one in there]
    found = _matched(explorer, chosen, "dossiers")
    codes = {name: _codes(explorer, chosen, found.get(name)) for name in CODED}
    dates = _dates(explorer, chosen, found, "dossiers")
    status = found["status"].found if "status" in found else ""
    window = WindowColumns(dates.get("received_date"), dates.get("end_date"), status, _closed(codes["status"]))
    where = explorer.where(window)
    further = "" if window.closed else explorer.where(replace(window, closed=("…",))).removeprefix(where).strip()
    dossiers = ProposedTable("dossiers", chosen, _columns("dossiers", chosen, found, dates), where, further)
    return Proposal(dossiers, _pauses(explorer, there, chosen), codes, _others(there, dossiers))


def _others(there: list[FoundTable], dossiers: ProposedTable) -> tuple[tuple[FoundTable, tuple[Match, ...]], ...]:
    found = []
    for table in there:
        known = matches("dossiers", table.columns)
        if not _is_part(table, dossiers.found) and (len(known) >= _FEWEST or set(known) & set(dossiers.missing)):
            found.append((table, tuple(known.values())))
    return tuple(found)


def _is_part(table: FoundTable, chosen: FoundTable) -> bool:
    """Files that one pattern reads have one description."""
    return table is chosen or table.spec == chosen.spec or mentions(chosen.name, table)


def _named(there: list[FoundTable], name: str) -> FoundTable:
    """The table that a person named, or the lists of rows below that path, or a join of tables as SQL writes it."""
    fitting = [t for t in there if t.name.casefold() == name.casefold() or t.name.startswith(f"{name}{BELOW}")]
    if fitting:
        return max(fitting, key=_score)
    if is_join(name):
        return joined(there, name)
    raise UsageError(f"hệ thống không có bảng «{name}»", advice=f"các bảng: {_listed(there)}")


def _likeliest(there: list[FoundTable]) -> FoundTable:
    best = max(there, key=_score, default=None)
    if best is None:
        raise UsageError(
            "không thấy bảng nào trong hệ thống",
            advice="kiểm tra tài khoản có quyền đọc (SELECT) và địa chỉ trỏ đúng cơ sở dữ liệu",
        )
    if _score(best)[0] < _FEWEST:
        raise UsageError(
            "không bảng nào có tên cột giống bảng hồ sơ",
            advice=f"hỏi nhà cung cấp bảng nào giữ hồ sơ rồi thêm --table TÊN; các bảng: {_listed(there)}",
        )
    return best


def _listed(there: list[FoundTable]) -> str:
    names = [t.name for t in there[:30]]
    return ", ".join(names) + (f" … ({len(there)} bảng)" if len(there) > len(names) else "")


def _score(found: FoundTable) -> tuple[int, int, int]:
    """Required columns found, then the table's own name, then all columns found."""
    known = matches("dossiers", found.columns)
    required = sum(c.required for c in TABLES["dossiers"] if c.name in known)
    return required, table_rank("dossiers", found.name), len(known)


def _called_by_what_it_shows(explorer: Explorer, found: FoundTable) -> FoundTable:
    """Without a key that the account may not read: rows are then called by their dossier code."""
    if not found.spec.key or not explorer.unreadable(found, [found.spec.key]):
        return found
    return replace(found, spec=found.spec.model_copy(update={"key": ""}))


def _matched(explorer: Explorer, found: FoundTable, name: str) -> dict[str, Match]:
    """Our columns → theirs, without those that the account may not read."""
    known = matches(name, found.columns)
    closed = explorer.unreadable(found, [m.found for m in known.values()])
    return {column: match for column, match in known.items() if match.found not in closed}


def _codes(explorer: Explorer, found: FoundTable, match: Match | None) -> list[Code] | None:
    if match is None:
        return None
    return explorer.codes(found, match.found, label_column(match.column, found.columns))


def _closed(codes: list[Code] | None) -> tuple[str, ...]:
    """Those that are known, word for word, to close a dossier; `stopped` is not one of them."""
    return tuple(c.code for c in codes or () if status_of(c.label or c.code) in {Status.DONE, Status.WITHDRAWN})


def _dates(explorer: Explorer, found: FoundTable, known: dict[str, Match], name: str) -> dict[str, DateColumn]:
    dated = [c.name for c in TABLES[name] if c.kind == "date" and c.name in known]
    return {column: explorer.date(found, known[column].found) for column in dated}


def _columns(
    name: str, found: FoundTable, known: dict[str, Match], dates: dict[str, DateColumn]
) -> tuple[ProposedColumn, ...]:
    """Every required column of ours, and the others that were found."""
    wanted = [c for c in TABLES[name] if c.required or c.name in known]
    there = matches(name, found.columns)
    return tuple(
        _column(c, known[c.name], dates.get(c.name), found)
        if c.name in known
        else _lacking(c, there.get(c.name), found)
        for c in wanted
    )


def _lacking(column: Column, closed: Match | None, found: FoundTable) -> ProposedColumn:
    """closed: a column that the account may not read."""
    if closed is None:
        return ProposedColumn(column.name, "", "", f"CHƯA TÌM THẤY: ghi tên cột giữ {column.label}")
    or_join = " (hoặc các cột nối của JOIN)" if is_join(found.name) else ""
    note = f"CHƯA CÓ QUYỀN ĐỌC cột «{closed.found}»{or_join}: xin quyền, rồi ghi tên cột này"
    return ProposedColumn(column.name, "", "", note)


def _column(column: Column, match: Match, day: DateColumn | None, found: FoundTable) -> ProposedColumn:
    notes = [PLEASE_CHECK]
    if match.also:
        notes.append(f"cũng giống: {', '.join(match.also)}")
    written = day.format if day else ""
    if day and day.note:
        notes.append(day.note)
    if column.kind == "flag":
        written = _YES.get(found.columns[match.found], "")
        notes.append("" if written else "ghi các giá trị nghĩa là có, cách nhau bằng |, hoặc xóa dòng này")
    if column.kind == "pause_kind":
        notes.append("ghi mã=supplement|mã=payment, hoặc xóa dòng này")
    return ProposedColumn(column.name, match.found, written, "; ".join(n for n in notes if n))


def _pauses(explorer: Explorer, there: list[FoundTable], dossiers: FoundTable) -> ProposedTable | None:
    """The table that keeps intervals, if one has all that they need."""
    needed = {c.name for c in TABLES["pauses"] if c.required}
    fitting = [t for t in there if t is not dossiers and needed <= set(matches("pauses", t.columns))]
    if not fitting:
        return None
    chosen = max(fitting, key=lambda t: (table_rank("pauses", t.name), -len(matches("dossiers", t.columns))))
    if not table_rank("pauses", chosen.name) and len(matches("dossiers", chosen.columns)) >= _FEWEST:
        return None
    chosen = _called_by_what_it_shows(explorer, chosen)
    known = _matched(explorer, chosen, "pauses")
    dates = _dates(explorer, chosen, known, "pauses")
    return ProposedTable("pauses", chosen, _columns("pauses", chosen, known, dates))

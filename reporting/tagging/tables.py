"""Which heads speak for which cells of a table. ISO 32000-1:2008, 14.8.5.7; PDF/UA-1, 7.5."""

from __future__ import annotations

from collections.abc import Iterator

from reporting.tagging.tree import Node

Grid = dict[tuple[int, int], Node]


def head(table: Node, number: int) -> None:
    """Give every head its scope, and in a table with heads over heads every cell the names of its heads.
    number: of the table in the document."""
    rows = [row for group in _groups(table) for row in group]
    heads = {id(row) for group in table.nodes if group.tag == "THead" for row in group.nodes}
    for row in rows:
        for cell in row.nodes:
            if cell.is_row_head:
                cell.tag = "TH"
            if cell.tag == "TH":
                cell.scope = "Column" if id(row) in heads else "Row"
    if len(heads) > 1:
        _name_heads(grid_of(rows), number)


def _groups(table: Node) -> Iterator[list[Node]]:
    """Rows, group by group."""
    for group in table.nodes:
        if group.tag in {"THead", "TBody", "TFoot"}:
            yield group.nodes
        elif group.tag == "TR":
            yield [group]


def grid_of(rows: list[Node]) -> Grid:
    """(row, column) → the cell that covers it."""
    grid: Grid = {}
    for line, row in enumerate(rows):
        column = 0
        for cell in row.nodes:
            while (line, column) in grid:
                column += 1
            for down in range(cell.rows):
                for right in range(cell.columns):
                    grid[line + down, column + right] = cell
            column += cell.columns
    return grid


def _name_heads(grid: Grid, number: int) -> None:
    """A head speaks for the columns, or the rows, that it covers."""
    above: dict[int, list[str]] = {}
    beside: dict[int, list[str]] = {}
    for (line, column), cell in sorted(grid.items(), key=lambda place: place[0]):
        if cell.tag == "TH":
            cell.name = cell.name or f"b{number}-{line}-{column}"
            known = above.setdefault(column, []) if cell.scope == "Column" else beside.setdefault(line, [])
            if cell.name not in known:
                known.append(cell.name)
    for (line, column), cell in grid.items():
        if cell.tag == "TD":
            found = (*cell.headers, *beside.get(line, ()), *above.get(column, ()))
            cell.headers = tuple(dict.fromkeys(found))

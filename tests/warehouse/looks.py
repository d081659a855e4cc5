"""What happens between two looks at the warehouse, whoever takes them and however."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


@contextmanager
def looked(
    engine: Engine, number: int = 0, happens: Callable[[], object] = lambda: None, *, table: str = "partition"
) -> Iterator[list[str]]:
    """Each look at the table, as it is taken: at how sources stand, where no other is named. Something happens after
    that one."""
    steps: list[str] = []

    def after(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith((f"SELECT {table}.", f"SELECT DISTINCT {table}.")):
            steps.append(statement)
            if len(steps) == number:
                happens()

    event.listen(engine, "after_cursor_execute", after)
    try:
        yield steps
    finally:
        event.remove(engine, "after_cursor_execute", after)

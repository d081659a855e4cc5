"""What the checks found, for an operator on a small screen, and for monitoring."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from rich.text import Text

from cli.console import out
from cli.doctor.bounded import Told
from contracts import clock
from contracts.fitness import Fit

_MARKS = {Fit.GOOD: ("tốt", "green"), Fit.WARNING: ("LƯU Ý", "bold yellow"), Fit.ERROR: ("LỖI", "bold red")}
_MARK_WIDTH, _NAME_WIDTH = 6, 18


def show(told: Iterable[Told]) -> list[Told]:
    """A line a check, as soon as it and all before it are known; below it what mends it. Commands stand alone on their
    lines and are never broken, so that they can be copied."""
    shown = []
    for one in told:
        _show(one)
        shown.append(one)
    return shown


def _show(one: Told) -> None:
    word, style = _MARKS[one.found.state]
    name = one.check.name.ljust(_NAME_WIDTH - 1) + " "
    _beside(Text(word.ljust(_MARK_WIDTH), style=style) + Text(name, style="bold"), one.found.said)
    if one.found.advice:
        _beside(Text(f"{' ' * _MARK_WIDTH}→ "), one.found.advice)
    if one.found.command:
        out.print(Text(f"{' ' * _MARK_WIDTH}$ {one.found.command}", style="bold"), soft_wrap=True)


def _beside(head: Text, said: str) -> None:
    """The words beside their head, and below themselves where they need more than a line."""
    indent = len(head)
    for number, line in enumerate(Text(said).wrap(out, max(out.width - indent, 20))):
        line.rstrip()
        out.print((head if number == 0 else Text(" " * indent)) + line, soft_wrap=True)


def summary(told: list[Told], seconds: float) -> str:
    counted = Counter(one.found.state for one in told)
    parts = [f"{counted[Fit.ERROR]} lỗi", f"{counted[Fit.WARNING]} lưu ý", f"{counted[Fit.GOOD]} tốt"]
    return f"{', '.join(parts)} · {seconds:.1f} giây".replace(".", ",")


def document(told: list[Told]) -> str:
    """state: the worst of all. seconds: of each check."""
    states = {one.found.state for one in told}
    worst = next((state for state in (Fit.ERROR, Fit.WARNING) if state in states), Fit.GOOD)
    said: dict[str, Any] = {"at": clock.now().isoformat(), "state": worst, "checks": [_entry(one) for one in told]}
    return json.dumps(said, ensure_ascii=False, indent=2)


def _entry(one: Told) -> dict[str, Any]:
    return {
        "id": one.check.id,
        "name": one.check.name,
        "state": one.found.state,
        "said": one.found.said,
        "advice": one.found.advice or None,
        "command": one.found.command or None,
        "seconds": round(one.seconds, 2),
    }

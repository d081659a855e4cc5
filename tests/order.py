"""Which tests run by one worker, and in which order all of them run.

A test that looks at what its file made once stays with the others of that file: three workers would make it three
times. What is made for tests of several files is made by one worker, and the others would wait for it with nothing to
do: its tests stay together, too. The demonstrations that most need are begun by the first test and take minutes;
meanwhile the others do what needs none."""

from __future__ import annotations

import pytest

DEMONSTRATIONS = {"khanh_hoa_unread", "khanh_hoa_q3", "khanh_hoa", "khanh_hoa_lacking", "phu_tho"}
TOGETHER = ("phu_tho", "of_three")
"""Homes of which each is needed by few tests."""
LONG = "tests/reporting/"
"""What needs no demonstration and is long enough to be done while they are made; the rest fills the end."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Before the workers read the groups."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None and (group := _group(item)):
            item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=_place)
    first = next((n for n, item in enumerate(items) if "khanh_hoa" in _fixtures(item)), None)
    if first is not None:
        items.insert(0, items.pop(first))


def _place(item: pytest.Item) -> int:
    if _fixtures(item) & DEMONSTRATIONS:
        return 1 if item.get_closest_marker("xdist_group") else 2
    return 0 if item.location[0].startswith(LONG) else 3


def _group(item: pytest.Item) -> str:
    """The tests that one worker runs together with this one; "" where any may."""
    home = next((home for home in TOGETHER if home in _fixtures(item)), "")
    return home or (item.location[0] if _has_of_its_file(item) else "")


def _fixtures(item: pytest.Item) -> set[str]:
    return set(getattr(item, "fixturenames", ()))


def _has_of_its_file(item: pytest.Item) -> bool:
    """Whether a fixture that it needs, of itself or by others, is made once for a file."""
    info = getattr(item, "_fixtureinfo", None)
    return info is not None and any(made[-1].scope == "module" for made in info.name2fixturedefs.values())

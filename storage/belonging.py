"""Which warehouse a shared store belongs to: two in one folder would put their reports in each other's place, and each
would take away the other's lists of dossiers.

The store keeps the mark of its warehouse, a file a province. Whoever opens a warehouse says its mark (`works_for`);
before a process writes into the store for the first time, or removes something, the two are compared. A store without a
mark gets that of the first who writes. Only reading needs none: what is fetched has its SHA-256 to answer for it."""

from __future__ import annotations

from contracts import home
from contracts.errors import UsageError
from storage.shared import Store

FILE = ".owner"
SHORT = 8
_works_for: dict[tuple[str, str], str] = {}
"""(home, province) → mark of the warehouse whose files lie there."""
_compared: set[tuple[str, str, str]] = set()
"""(store, province, mark): once a process is enough."""


def works_for(province_id: str, mark: str) -> None:
    """This process makes files of that warehouse, below the present home."""
    _works_for[str(home.home()), province_id] = mark


def check(store: Store, province_id: str, *, doing: str | None = None) -> None:
    """Raises UsageError where the store is another warehouse's, StoreError. doing: for whoever reads the latter."""
    mark = _works_for.get((str(home.home()), province_id))
    if mark is None or (store.name, province_id, mark) in _compared:
        return
    if (found := mark_of(store, province_id, doing=doing)) is None:
        give(store, province_id, mark)
        found = mark_of(store, province_id, doing=doing)  # somebody else may have done so at the same moment
    compare(store, found, mark)
    _compared.add((store.name, province_id, mark))


def compare(store: Store, found: str | None, mark: str) -> None:
    """Raises UsageError where that is another warehouse's mark."""
    if found is not None and found != mark:
        raise UsageError(
            f"kho tệp dùng chung {store.name} là của kho dữ liệu {short(found)}, không phải kho dữ liệu đang dùng"
            f" ({short(mark)})",
            advice="mỗi kho dữ liệu một thư mục riêng: sửa CCHC_STORE; hoặc trỏ CCHC_WAREHOUSE_URL về đúng kho dữ liệu;"
            f" chỉ khi kho dữ liệu kia không bao giờ dùng nữa: cchc store take {short(found)}",
        )


def mark_of(store: Store, province_id: str, *, doing: str | None = None) -> str | None:
    """Of the warehouse that the store belongs to; None where nobody has written into it yet."""
    said = store.text(f"{province_id}/{FILE}", doing=doing)
    return said.strip() or None if said else None


def give(store: Store, province_id: str, mark: str) -> None:
    """The store to that warehouse, whosever it was."""
    store.put_text(f"{mark}\n", f"{province_id}/{FILE}")


def short(mark: str) -> str:
    """For people."""
    return mark[:SHORT]

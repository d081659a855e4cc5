"""The dossiers behind a figure, codes alone: a page of them, or all of them in a file. Each look is entered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response, StreamingResponse

from contracts.errors import CriticalCheckError
from contracts.roles import Right
from portal.asked import Asked, Field, Whose, asked, whose_of
from portal.dossier_lists import PAGE, Choice, Lists, columns_of, lists_of
from portal.explained import explained
from portal.figures import codes_address, figure_address
from portal.house import house_of
from portal.pages import page
from portal.people import Person, needs
from portal.refusals import NotFound
from portal.safe_csv import lines
from reporting.opened import Opened
from warehouse import audit

router = APIRouter()
Reader = Annotated[Person, Depends(needs(Right.SEE_CODES))]
Part = Annotated[str, Query(alias="phan", max_length=10)]


@router.get("/ky/{period}/so-lieu/{unit}/{indicator}/ho-so")
def dossiers(
    request: Request,
    *,
    person: Reader,
    period: str,
    unit: str,
    indicator: str,
    linh_vuc: Field = "",
    pham_vi: Whose = "tree",
    part: Part = "tu-so",
    number: Annotated[int, Query(alias="trang", ge=1, le=1_000_000)] = 1,
) -> Response:
    one = asked(request, period, unit)
    found = one.figure(indicator, whose=whose_of(pham_vi), field=linh_vuc)
    lists = _lists(one, found)
    choice = lists.choices.get(part) if lists else None
    listed = lists.page(choice, number) if lists and choice else []
    if choice:
        _entered(request, person, one, found, choice, look=f"trang {number}", many=len(listed))
    return page(
        request,
        "dossiers.html",
        period=one.quarter.place.period,
        unit=one.unit,
        code=one.code,
        one=found,
        said=explained(one.seen, one.quarter.partitions, found),
        lists=lists,
        choice=choice,
        listed=[(row, lists.sides(row), columns_of(row)) for row in listed] if lists else [],
        names={s.id: s.name for s in one.seen.input.sources},
        agencies=one.seen.province.units,
        number=number,
        pages=-(-(choice.number or 0) // PAGE) if choice else 0,
        size=PAGE,
        back=figure_address(period, one.code, indicator, whose=found.whose, field=linh_vuc),
        address=lambda **more: codes_address(period, one.code, found, **more),
        download=codes_address(period, one.code, found, phan=part).replace("/ho-so", "/ho-so.csv", 1) if choice else "",
    )


@router.get("/ky/{period}/so-lieu/{unit}/{indicator}/ho-so.csv")
def dossiers_file(
    request: Request,
    *,
    person: Reader,
    period: str,
    unit: str,
    indicator: str,
    linh_vuc: Field = "",
    pham_vi: Whose = "tree",
    part: Part = "tu-so",
) -> Response:
    """Raises CriticalCheckError where the list is not as long as the figure says: a file does not carry a warning."""
    one = asked(request, period, unit)
    found = one.figure(indicator, whose=whose_of(pham_vi), field=linh_vuc)
    lists = _lists(one, found)
    choice = lists.choices.get(part) if lists else None
    if lists is None or choice is None:
        raise NotFound
    if not choice.agrees:
        raise CriticalCheckError(
            f"danh sách có {choice.number if choice.number is not None else 'chưa rõ bao nhiêu'} hồ sơ,"
            f" số liệu là {choice.expected}: không tải được",
            advice="báo người vận hành đọc lại các nguồn của đơn vị này",
        )
    _entered(request, person, one, found, choice, look="tải tệp", many=choice.expected)
    name = f"ho-so-{period}-{one.code}-{indicator}-{part}.csv"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return StreamingResponse(lines(_rows(one, lists, choice)), media_type="text/csv; charset=utf-8", headers=headers)


def _lists(one: Asked, found: Opened) -> Lists | None:
    """None where the figure is not known: there is nothing behind it."""
    if found.counts is None:
        return None
    names = {s.id: s.name for s in one.seen.input.sources}
    root = one.quarter.place.home / "counted"
    return lists_of(found, root, list(one.quarter.partitions.values()), names=names)


def _entered(
    request: Request, person: Person, one: Asked, found: Opened, choice: Choice, *, look: str, many: int
) -> None:
    """Every look at codes and every file of them, also one that is repeated."""
    said = {
        "page": "Danh sách hồ sơ",
        "chỉ tiêu": found.indicator.id,
        "lĩnh vực": found.field,
        "phần": choice.key,
        "cách xem": look,
        "số hồ sơ": many,
    }
    deed = person.deed("codes", period_id=one.period, unit_code=one.code, about=said)
    audit.enter(house_of(request).engine, deed)


_HEADS = ("Mã hồ sơ", "Đơn vị tiếp nhận", "Lĩnh vực", "Nguồn", "Cột của biểu", "Tính vào")


def _rows(one: Asked, lists: Lists, choice: Choice) -> Iterator[tuple[str, ...]]:
    """With the head. Raises CriticalCheckError at its end where a source was counted again meanwhile: a download that
    breaks off is better than one that lacks dossiers."""
    yield _HEADS
    names, tree, many = {s.id: s.name for s in one.seen.input.sources}, one.seen.province.units, 0
    for row in lists.dossiers(choice):
        many += 1
        agency = tree.by_agency(row.agency_code).name
        yield row.dossier_code, agency, row.field, names[row.source_id], columns_of(row), lists.sides(row)
    if many != choice.expected:
        raise CriticalCheckError("danh sách thay đổi trong khi tải", advice="tải lại tệp")

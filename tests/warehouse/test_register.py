"""The register of reports: versions are added, never overwritten."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from contracts import clock, home
from tests.warehouse.examples import Q4
from warehouse import register
from warehouse.register import ReportVersion, Scope


def add(engine: Engine, *, scope: Scope = "province", unit_code: str = "56", period_id: str = Q4) -> ReportVersion:
    return register.add(
        engine,
        period_id=period_id,
        scope=scope,
        unit_code=unit_code,
        path=lambda version: home.lies_at(f"reports/{unit_code}-v{version}.pdf"),
        sha256="e3b0c442",
        pages=38,
        input_digest="0f343b09",
        reason="nguồn cam-lam đã có số liệu",
    )


def test_a_report_that_was_never_made(engine: Engine) -> None:
    assert register.newest(engine, Q4, "province", "56") is None
    assert register.versions(engine, Q4) == []


def test_a_version_comes_back_as_it_was_entered(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCHC_NOW", "2024-12-16T08:00:00+07:00")
    entered = add(engine)
    assert entered == register.newest(engine, Q4, "province", "56")
    assert entered == ReportVersion(
        period_id=Q4,
        scope="province",
        unit_code="56",
        version=1,
        status="draft",
        path=home.lies_at("reports/56-v1.pdf"),
        sha256="e3b0c442",
        pages=38,
        input_digest="0f343b09",
        created_at=clock.now(),
        reason="nguồn cam-lam đã có số liệu",
    )


def test_each_report_counts_its_own_versions(engine: Engine) -> None:
    first = add(engine)
    add(engine, scope="unit", unit_code="570")
    add(engine, period_id="2024Q3")
    second = add(engine)
    assert [v.version for v in (first, second)] == [1, 2]
    assert register.newest(engine, Q4, "province", "56") == second
    assert [(v.scope, v.unit_code, v.version) for v in register.versions(engine, Q4)] == [
        ("province", "56", 1),
        ("province", "56", 2),
        ("unit", "570", 1),
    ]
    assert replace(register.versions(engine, Q4)[0]) == first, "the first version is as it was"


def test_a_file_that_cannot_be_put_in_its_place_is_no_version(engine: Engine) -> None:
    def disk_is_full(version: int) -> str:
        raise OSError(f"no space for version {version}")

    add(engine)
    with pytest.raises(OSError, match="no space for version 2"):
        register.add(
            engine,
            period_id=Q4,
            scope="province",
            unit_code="56",
            path=disk_is_full,
            sha256="",
            pages=1,
            input_digest="",
            reason="",
        )
    assert len(register.versions(engine, Q4)) == 1
    assert add(engine).version == 2


def test_writers_at_once_never_get_the_same_version(engine: Engine) -> None:
    with ThreadPoolExecutor(4) as threads:
        entered = list(threads.map(lambda _: add(engine), range(12)))
    assert sorted(v.version for v in entered) == list(range(1, 13))
    assert [v.path for v in register.versions(engine, Q4)] == [
        home.lies_at(f"reports/56-v{n}.pdf") for n in range(1, 13)
    ]


def test_the_path_may_be_known_before(engine: Engine, tmp_path: Path) -> None:
    known = {"sha256": "", "pages": 1, "input_digest": "", "reason": "", "path": str(tmp_path / "Báo cáo.pdf")}
    entered = register.add(engine, period_id=Q4, scope="unit", unit_code="575", **known)
    assert entered.path == str(tmp_path / "Báo cáo.pdf")

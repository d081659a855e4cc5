"""A frame that lacks a column, or holds it in another type, is drift of the source: it stops, its rows are not at
fault."""

from __future__ import annotations

import re
from datetime import date

import pandas as pd
import pytest

from contracts.columns import DERIVED_DOSSIER_COLUMNS, DOSSIER_COLUMNS, PAUSE_COLUMNS
from contracts.errors import Exit, SourceDrift
from expectations.dossiers import check_contract, check_dossiers
from expectations.schema import describe
from expectations.suites import DOSSIER_RULES, contract
from tests.expectations.tables import PROVINCE, SNAPSHOT, dossier_frame, pause_frame

ONE = [{"mã hồ sơ": "H32.40-241001-0001"}]


def test_a_batch_without_any_row_is_checked_by_every_rule() -> None:
    verdict = check_dossiers(dossier_frame([]), pause_frame([]), province=PROVINCE, snapshot=SNAPSHOT)
    assert verdict.evaluated == len(DOSSIER_RULES) + len(contract.RULES)
    assert len(verdict.accepted) == len(verdict.findings) == len(verdict.rejected) == len(verdict.warned) == 0
    assert list(verdict.rejected) == ["row", "address", "dossier_code", "agency_code", "rules"]


@pytest.mark.parametrize("column", ["received_date", "unparsed"])
def test_a_missing_column_is_named_with_its_source(column: str) -> None:
    dossiers = dossier_frame(ONE).drop(columns=column)
    with pytest.raises(SourceDrift, match=rf"dossiers\.{column}") as caught:
        check_dossiers(dossiers, pause_frame([]), province=PROVINCE, snapshot=SNAPSHOT, source_id="cam-lam")
    assert caught.value.source_id == "cam-lam"
    assert caught.value.exit_code is Exit.SOURCES_MISSING


def test_a_missing_column_of_pauses_is_named() -> None:
    with pytest.raises(SourceDrift, match=r"«ngày hết tạm dừng» \(pauses\.pause_to\)"):
        check_contract(dossier_frame(ONE), pause_frame([]).drop(columns="pause_to"), source_id="cam-lam")


@pytest.mark.parametrize(
    ("column", "dtype"),
    [("received_date", "str"), ("status", "str"), ("linked", "int64"), ("row", "float64"), ("dossier_code", "object")],
)
def test_a_column_of_another_type_is_named(column: str, dtype: str) -> None:
    dossiers = dossier_frame(ONE).astype({column: dtype})
    with pytest.raises(SourceDrift) as caught:
        check_contract(dossiers, pause_frame([]), source_id="cam-lam")
    assert re.fullmatch(rf"contract\.column_typed: «[^»]+» \(dossiers\.{column}\)", caught.value.cause)


def test_every_declared_column_is_looked_at() -> None:
    described = describe(pd.DataFrame(), pd.DataFrame())
    assert described["type"].isna().all()
    declared = [c.name for c in (*DOSSIER_COLUMNS, *DERIVED_DOSSIER_COLUMNS, *PAUSE_COLUMNS)]
    assert described["column"].tolist() == declared


def test_codes_may_be_text_or_category() -> None:
    as_text = dossier_frame(ONE)
    as_category = as_text.astype(dict.fromkeys(("dossier_code", "procedure_code", "agency_code"), "category"))
    for frame in (as_text, as_category):
        verdict = check_dossiers(frame, pause_frame([]), province=PROVINCE, snapshot=SNAPSHOT)
        assert verdict.accepted.all()
        assert verdict.findings.empty


def test_a_late_run_cites_the_law_of_the_cut_off() -> None:
    """NĐ 61/2018/NĐ-CP held for 2024Q4, NĐ 118/2025/NĐ-CP when it was read again two years later."""
    frame = dossier_frame([{**ONE[0], "hẹn trả": "-"}])
    cited = [
        set(
            check_dossiers(
                frame, pause_frame([]), province=PROVINCE, snapshot=snapshot, cut_off=date(2024, 12, 14)
            ).findings["regulation"]
        )
        for snapshot in (date(2024, 12, 16), date(2026, 11, 21))
    ]
    assert cited[0] == cited[1]
    assert any("61/2018" in text for text in cited[0])

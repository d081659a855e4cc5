"""No run counts a source by fewer rules than are declared."""

from __future__ import annotations

import pytest

from contracts.codes import Series
from expectations import dossiers
from expectations.engine import RuleNotEvaluatedError
from flows.counting import count
from flows.partition import last_landing
from flows.place import find_place
from tests.quarter.command import Office
from warehouse import ledger, read


def test_a_rule_that_was_left_out_stops_the_source_before_anything_is_written(
    khanh_hoa: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CCHC_HOME", str(khanh_hoa.home))
    monkeypatch.setenv("CCHC_NOW", khanh_hoa.now)
    place = find_place("2024Q4", province=khanh_hoa.province)
    engine = place.open_warehouse()
    job = place.job(engine, place.source("cam-lam"))
    before, facts = ledger.partition(engine, **job.key), read.facts(engine, "2024Q4", ["cam-lam"], series=Series.FORMS)
    assert before.extracted_at is not None
    monkeypatch.setattr(dossiers, "DOSSIER_RULES", dossiers.DOSSIER_RULES[1:])
    with pytest.raises(RuleNotEvaluatedError, match="declared rules"):
        count(engine, job, last_landing(job, before), snapshot=before.extracted_at.date())
    assert ledger.partition(engine, **job.key) == before
    assert read.facts(engine, "2024Q4", ["cam-lam"], series=Series.FORMS).equals(facts)

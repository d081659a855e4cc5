"""No figure of the articles is left out: every row of docs/article_metrics.csv has a test that holds it."""

from __future__ import annotations

import pytest

from tests.articles.rows import article, claimed, rows


def test_every_row_has_a_test() -> None:
    missing = {row_id: said for row_id, said in rows().items() if row_id not in claimed()}
    listed = "\n".join(
        f"{row_id}  {said['source_kind']}, {said['pipeline_action']}: {said['metric_vi']} = {said['value']}"
        for row_id, said in missing.items()
    )
    assert not missing, f"{len(missing)} of {len(rows())} rows have no test in tests/articles/test_*.py:\n{listed}"


def test_a_test_cannot_claim_a_row_that_is_not_there() -> None:
    with pytest.raises(KeyError):
        article("A9-99")(test_every_row_has_a_test)

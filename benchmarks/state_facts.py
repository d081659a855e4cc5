"""State at the cut-off and facts of three million dossiers, for both series: ours, plain pandas, DuckDB.

All three read the same canonical Parquet files and must give the same facts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb as engine
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks import _state_facts_input as synthetic
from benchmarks.measure import Result, side_by_side
from contracts.codes import Series
from contracts.columns import FACT_KEYS, MEASURES, MEMOS
from contracts.periods import Span
from contracts.province import Policy
from transforms.counts import COLUMNS, facts_of
from transforms.deadlines import WorkingCalendar

SPANS = {
    Series.FORMS: Span(date(2026, 6, 15), date(2026, 9, 14)),
    Series.INDEX: Span(date(2026, 7, 1), date(2026, 9, 14)),
}
KEYS = FACT_KEYS[1:]
COUNTS = (*MEASURES, *MEMOS)


def run() -> list[Result]:
    with TemporaryDirectory() as folder:
        synthetic.write(Path(folder))
        ways = {way: f"{__name__}:{way}" for way in ("ours", "obvious", "duckdb")}
        found = side_by_side(ways, folder, summary=f"{__name__}:summary")
    answers = {way: one.answer for way, one in found.items()}
    if len({str(answer) for answer in answers.values()}) != 1:
        raise AssertionError(f"the ways differ: {answers}")
    return [
        Result(
            stage="state and facts",
            case=f"{synthetic.ROWS:,} dossiers, two series",
            ours_s=found["ours"].seconds,
            ours_peak_mb=found["ours"].peak_mb,
            obvious_s=found["obvious"].seconds,
            peers={"duckdb": found["duckdb"].seconds},
        )
    ]


def ours(folder: str) -> pd.DataFrame:
    """Needed columns only, dictionaries kept as categoricals, one pass a series."""
    pa.set_memory_pool(pa.system_memory_pool())  # the default one keeps 150 MB that it no longer needs
    table = pq.read_table(Path(folder, "dossiers.parquet"), columns=list(COLUMNS))
    dossiers = table.to_pandas(split_blocks=True, self_destruct=True)
    del table
    pauses = pd.read_parquet(Path(folder, "pauses.parquet"))
    calendar = WorkingCalendar(synthetic.REST_DAYS)
    return facts_of(dossiers, pauses, spans=SPANS, policy=Policy(), calendar=calendar)


def obvious(folder: str) -> pd.DataFrame:
    """All columns, a boolean column a measure, one groupby a series."""
    dossiers = pd.read_parquet(Path(folder, "dossiers.parquet"))
    pauses = pd.read_parquet(Path(folder, "pauses.parquet"))
    upto = pd.read_parquet(Path(folder, "calendar.parquet")).set_index("day")["upto"]
    dossiers = dossiers.assign(took=_took(dossiers, pauses, upto))
    return pd.concat([_obvious_series(dossiers, pauses, series, span) for series, span in SPANS.items()])


def _took(dossiers: pd.DataFrame, pauses: pd.DataFrame, upto: pd.Series) -> pd.Series:
    """Working days of what is done, those of its pauses taken out once."""
    done = dossiers[(dossiers.status == "done") & dossiers.end_date.notna()]
    took = done.end_date.map(upto) - done.received_date.map(upto)
    its = pauses.merge(done[["dossier_code", "received_date", "end_date"]], on="dossier_code")
    its["first"] = its[["pause_from", "received_date"]].max(axis=1)
    its["last"] = its[["pause_to", "end_date"]].min(axis=1)
    its = its.sort_values(["dossier_code", "first", "last"])
    before = its.groupby("dossier_code")["last"].cummax().groupby(its.dossier_code).shift()
    its["first"] = its[["first"]].assign(before=before).max(axis=1)
    its = its[its["last"] > its["first"]]
    paused = (its["last"].map(upto) - its["first"].map(upto)).groupby(its.dossier_code).sum()
    return took - done.dossier_code.map(paused).fillna(0)


def _obvious_series(dossiers: pd.DataFrame, pauses: pd.DataFrame, series: Series, span: Span) -> pd.DataFrame:
    first, last = pd.Timestamp(span.first_day), pd.Timestamp(span.last_day)
    lasting = pauses[(pauses.pause_from <= last) & ~(pauses.pause_to <= last)]
    d = dossiers.assign(in_pause=dossiers.dossier_code.isin(lasting.dossier_code))
    d = d[(d.status != "not_received") & (d.received_date <= last) & ~(d.deleted_date <= last)]
    is_stopped = (d.status == "stopped") & (d.end_date <= last)
    ended = (d.end_date <= last) & (d.status != "stopped")
    resolved, is_open = ended & (d.end_date >= first), ~ended
    withdrawn = resolved & (d.status == "withdrawn")
    new = d.received_date >= first
    is_paused = is_open & ~is_stopped & d.in_pause
    in_time = is_open & (is_stopped | is_paused | ~(d.due_date < last))
    early = resolved & ~withdrawn & (d.end_date < d.due_date)
    overdue = resolved & ~withdrawn & (d.end_date > d.due_date)
    on_time = resolved & ~early & ~overdue
    return (
        d.assign(
            received_online=new & (d.channel == "online"),
            received_in_person=new & (d.channel == "in_person"),
            received_postal=new & (d.channel == "postal"),
            carried_over=~new & (resolved | is_open),
            early=early,
            on_time=on_time,
            overdue=overdue,
            open_in_time=in_time,
            open_overdue=is_open & ~in_time,
            withdrawn=withdrawn,
            stopped=is_stopped,
            paused=is_paused,
            no_due_date=d.due_date.isna() & (on_time | in_time),
            linked_known=d.linked.notna() & resolved,
            linked_received=d.linked & new,
            linked_resolved=d.linked & resolved,
            linked_overdue=d.linked & overdue,
            **_obvious_memos(d, new=new, handled=resolved | is_open, resolved=resolved),
        )
        .groupby(list(KEYS), observed=True)[list(COUNTS)]
        .sum()
        .reset_index()
        .assign(series=str(series))
    )


def _obvious_memos(d: pd.DataFrame, *, new: pd.Series, handled: pd.Series, resolved: pd.Series) -> dict[str, pd.Series]:
    online, post = new & (d.channel == "online"), new & (d.channel == "postal")
    offered, full = new & d.service_level.isin(["partial", "full"]), new & (d.service_level == "full")
    known, returned = resolved & d.return_channel.notna(), resolved & (d.return_channel == "postal")
    fee_due, timed = handled & d.fee_due, resolved & d.took.notna() & d.limit_days.notna()
    return {
        "level_known": new & d.service_level.notna(),
        "offered": offered,
        "offered_online": offered & online,
        "offered_full": full,
        "offered_full_online": full & online,
        "returned_known": known,
        "returned_by_post": returned,
        "by_post_known": (new & ~resolved) | known | post,
        "by_post": post | returned,
        "fee_known": handled,
        "fee_due": fee_due,
        "paid_known": fee_due,
        "paid_online": fee_due & d.paid_online,
        "result_known": resolved,
        "result_electronic": resolved & d.result_electronic,
        "digitised_known": new,
        "digitised": new & d.digitised,
        "reused_known": new,
        "reused": new & d.reused,
        "processed": resolved & d.took.notna(),
        "processing_days": d.took.where(resolved, 0).fillna(0).astype("int64"),
        "timed": timed,
        "timed_days": d.took.where(timed, 0).astype("int64"),
        "timed_limit_days": d.limit_days.where(timed, 0).astype("int64"),
    }


def duckdb(folder: str) -> pd.DataFrame:
    """The same rules as one SQL statement over the files, in two threads."""
    with engine.connect(config={"threads": 2}) as connection:
        parts = [_SQL.format(folder=folder, series=s, first=x.first_day, last=x.last_day) for s, x in SPANS.items()]
        return connection.execute(" UNION ALL ".join(parts)).df()


_SQL = """
SELECT '{series}' AS series, agency_code, unit_code, field, procedure_code,
    count(*) FILTER (is_new AND channel = 'online') AS received_online,
    count(*) FILTER (is_new AND channel = 'in_person') AS received_in_person,
    count(*) FILTER (is_new AND channel = 'postal') AS received_postal,
    count(*) FILTER (NOT is_new AND (resolved OR is_open)) AS carried_over,
    count(*) FILTER (timing = 'early') AS early,
    count(*) FILTER (timing = 'on_time') AS on_time,
    count(*) FILTER (timing = 'overdue') AS overdue,
    count(*) FILTER (in_time) AS open_in_time,
    count(*) FILTER (is_open AND NOT in_time) AS open_overdue,
    count(*) FILTER (resolved AND status = 'withdrawn') AS withdrawn,
    count(*) FILTER (is_stopped) AS stopped,
    count(*) FILTER (is_paused) AS paused,
    count(*) FILTER (due_date IS NULL AND (timing = 'on_time' OR in_time)) AS no_due_date,
    count(*) FILTER (linked IS NOT NULL AND resolved) AS linked_known,
    count(*) FILTER (linked AND is_new) AS linked_received,
    count(*) FILTER (linked AND resolved) AS linked_resolved,
    count(*) FILTER (linked AND timing = 'overdue') AS linked_overdue,
    count(*) FILTER (is_new AND service_level IS NOT NULL) AS level_known,
    count(*) FILTER (is_new AND service_level IN ('partial', 'full')) AS offered,
    count(*) FILTER (is_new AND service_level IN ('partial', 'full') AND channel = 'online') AS offered_online,
    count(*) FILTER (is_new AND service_level = 'full') AS offered_full,
    count(*) FILTER (is_new AND service_level = 'full' AND channel = 'online') AS offered_full_online,
    count(*) FILTER (resolved AND return_channel IS NOT NULL) AS returned_known,
    count(*) FILTER (resolved AND return_channel = 'postal') AS returned_by_post,
    count(*) FILTER (is_new AND (NOT resolved OR channel = 'postal') OR resolved AND return_channel IS NOT NULL)
        AS by_post_known,
    count(*) FILTER (is_new AND channel = 'postal' OR resolved AND return_channel = 'postal') AS by_post,
    count(*) FILTER (resolved OR is_open) AS fee_known,
    count(*) FILTER ((resolved OR is_open) AND fee_due) AS fee_due,
    count(*) FILTER ((resolved OR is_open) AND fee_due) AS paid_known,
    count(*) FILTER ((resolved OR is_open) AND fee_due AND paid_online) AS paid_online,
    count(*) FILTER (resolved) AS result_known,
    count(*) FILTER (resolved AND result_electronic) AS result_electronic,
    count(*) FILTER (is_new) AS digitised_known,
    count(*) FILTER (is_new AND digitised) AS digitised,
    count(*) FILTER (is_new) AS reused_known,
    count(*) FILTER (is_new AND reused) AS reused,
    count(*) FILTER (resolved AND status = 'done') AS processed,
    coalesce(sum(took) FILTER (resolved AND status = 'done'), 0)::BIGINT AS processing_days,
    count(*) FILTER (resolved AND status = 'done' AND limit_days IS NOT NULL) AS timed,
    coalesce(sum(took) FILTER (resolved AND status = 'done' AND limit_days IS NOT NULL), 0)::BIGINT AS timed_days,
    coalesce(sum(limit_days) FILTER (resolved AND status = 'done' AND limit_days IS NOT NULL), 0)::BIGINT
        AS timed_limit_days
FROM (
    SELECT *, NOT ended AS is_open,
        NOT ended AND NOT is_stopped AND in_pause AS is_paused,
        NOT ended AND (is_stopped OR in_pause OR due_date IS NULL OR due_date >= DATE '{last}') AS in_time,
        CASE WHEN NOT resolved THEN NULL
             WHEN status = 'withdrawn' OR due_date IS NULL OR end_date = due_date THEN 'on_time'
             WHEN end_date < due_date THEN 'early' ELSE 'overdue' END AS timing
    FROM (
        SELECT agency_code, unit_code, field, procedure_code, status, channel, linked, due_date, end_date,
            service_level, return_channel, fee_due, paid_online, result_electronic, digitised, reused, limit_days,
            upto_end - upto_received - coalesce(paused_days, 0) AS took,
            received_date >= DATE '{first}' AS is_new,
            status = 'stopped' AND end_date IS NOT NULL AND end_date <= DATE '{last}' AS is_stopped,
            status <> 'stopped' AND end_date IS NOT NULL AND end_date <= DATE '{last}' AS ended,
            ended AND end_date >= DATE '{first}' AS resolved,
            dossier_code IN (
                SELECT dossier_code FROM '{folder}/pauses.parquet'
                WHERE pause_from <= DATE '{last}' AND (pause_to IS NULL OR pause_to > DATE '{last}')
            ) AS in_pause
        FROM '{folder}/dossiers.parquet'
        LEFT JOIN (SELECT day AS end_date, upto AS upto_end FROM '{folder}/calendar.parquet') USING (end_date)
        LEFT JOIN (SELECT day AS received_date, upto AS upto_received FROM '{folder}/calendar.parquet')
            USING (received_date)
        LEFT JOIN (
            SELECT dossier_code, sum(b.upto - a.upto) AS paused_days
            FROM (
                SELECT dossier_code, last, greatest(first, max(last) OVER (PARTITION BY dossier_code
                    ORDER BY first, last ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS first
                FROM (
                    SELECT dossier_code, greatest(pause_from, received_date) AS first,
                        least(pause_to, end_date) AS last
                    FROM '{folder}/pauses.parquet' JOIN '{folder}/dossiers.parquet' USING (dossier_code)
                    WHERE end_date IS NOT NULL
                )
            )
            JOIN '{folder}/calendar.parquet' AS a ON a.day = first
            JOIN '{folder}/calendar.parquet' AS b ON b.day = last
            WHERE last > first
            GROUP BY dossier_code
        ) USING (dossier_code)
        WHERE status <> 'not_received' AND received_date <= DATE '{last}'
            AND (deleted_date IS NULL OR deleted_date > DATE '{last}')
    )
)
GROUP BY ALL
"""


def summary(facts: pd.DataFrame) -> dict[str, Any]:
    """Number of rows, totals, and a digest of every row that is not all zero."""
    counts = facts.loc[facts[list(COUNTS)].any(axis=1), [*FACT_KEYS, *COUNTS]]
    ordered = counts.astype(_TEXT).sort_values(list(FACT_KEYS)).astype(dict.fromkeys(COUNTS, "int64"))
    digest = hashlib.sha256(ordered.to_csv(index=False).encode()).hexdigest()
    totals: Mapping[str, int] = {c: int(ordered[c].sum()) for c in COUNTS}
    return {"rows": len(ordered), "digest": digest, **totals}


_TEXT = dict.fromkeys(FACT_KEYS, "str")

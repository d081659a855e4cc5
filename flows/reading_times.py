"""At which times of day the schedule reads the sources of a closed quarter: rules of prefect.yaml, without Prefect."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import yaml  # type: ignore[import-untyped]

READING = frozenset({"quarter", "retry"})
"""Deployments by which a quarter is read; of a preview nothing is reported."""


def reading_times(file: Path) -> list[time]:
    """file: prefect.yaml. Ascending; empty where an hour of it is no number, as in `*/2`: then it is not known."""
    deployments = yaml.safe_load(file.read_text(encoding="utf-8"))["deployments"]
    crons = [
        schedule["cron"].split()[:2] for one in deployments if one["name"] in READING for schedule in one["schedules"]
    ]
    if not all(part.isdigit() for minutes, hours in crons for part in (*minutes.split(","), *hours.split(","))):
        return []
    return sorted(
        {time(int(h), int(m)) for minutes, hours in crons for h in hours.split(",") for m in minutes.split(",")}
    )

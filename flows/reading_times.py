"""At which times of day the schedule reads the sources of a closed quarter: rules of prefect.yaml, without Prefect."""

from __future__ import annotations

from collections.abc import Collection
from datetime import time
from pathlib import Path

import yaml  # type: ignore[import-untyped]

QUARTER, RETRY = "quarter", "retry"
"""Deployments by which a quarter is read; of a preview nothing is reported."""


def reading_times(file: Path, of: Collection[str]) -> list[time]:
    """file: prefect.yaml. of: those deployments. Ascending; empty where an hour of theirs is no number, as in `*/2`: it
    is not known then."""
    deployments = yaml.safe_load(file.read_text(encoding="utf-8"))["deployments"]
    crons = [schedule["cron"].split()[:2] for one in deployments if one["name"] in of for schedule in one["schedules"]]
    if not all(part.isdigit() for minutes, hours in crons for part in (*minutes.split(","), *hours.split(","))):
        return []
    return sorted(
        {time(int(h), int(m)) for minutes, hours in crons for h in hours.split(",") for m in minutes.split(",")}
    )

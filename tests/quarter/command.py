"""Running the real command as an operator does: another process, its own words, its exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
CCHC = Path(sys.executable).with_name("cchc")


@dataclass(frozen=True)
class Office:
    """A machine of its own: a home, the systems that it reads, and a clock."""

    home: Path
    now: str = "2024-12-16T08:00:00+07:00"
    province: str = "provinces/khanh-hoa"
    settings: dict[str, str] = field(default_factory=dict)

    def cchc(self, *words: str, expect: int | None = 0) -> subprocess.CompletedProcess[str]:
        """Run the command; fail the test where its exit code is not the expected one."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("CCHC_", "PREFECT_"))}
        environment |= {"CCHC_HOME": str(self.home), "CCHC_NOW": self.now, "CCHC_PROVINCE": self.province}
        environment |= {"COLUMNS": "200"} | self.settings
        done = subprocess.run(
            [str(CCHC), *words], cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
        )
        if expect is not None:
            assert done.returncode == expect, (
                f"cchc {' '.join(words)} left with {done.returncode}\n{done.stdout}\n{done.stderr}"
            )
        return done

    def status(self, period: str) -> dict[str, Any]:
        return json.loads(self.cchc("status", period, "--json").stdout)  # type: ignore[no-any-return]

    def export(self, period: str, what: str, *more: str) -> Path:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "")  # two may look at one home
        path = self.home / "export" / worker / f"{period}-{what}{'-'.join(more)}.csv"
        self.cchc("export", period, "--what", what, "--out", str(path), *more)
        return path

    def report(self, period: str, unit_code: str | None = None) -> dict[str, Any]:
        """The newest version of the province's report, or of a unit's."""
        wanted = ("province", None) if unit_code is None else ("unit", unit_code)
        found = [r for r in self.status(period)["reports"] if r["scope"] == wanted[0]]
        return next(r for r in found if unit_code is None or r["unit_code"] == unit_code)

    @property
    def systems(self) -> Path:
        return self.home / "systems"

"""Running the real command as an operator does: another process, its own words, its exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from tests.servers.warm import can_start_warm, start_warm

REPOSITORY = Path(__file__).resolve().parents[2]
CCHC = Path(sys.executable).with_name("cchc")


@dataclass(frozen=True)
class Office:
    """A machine of its own: a home, the systems that it reads, and a clock."""

    home: Path
    now: str = "2024-12-16T08:00:00+07:00"
    province: str = "provinces/khanh-hoa"
    settings: dict[str, str] = field(default_factory=dict)
    own_prefect: bool = False
    """A run starts a Prefect server of its own, which writes into this home."""

    def cchc(self, *words: str, expect: int | None = 0) -> subprocess.CompletedProcess[str]:
        """Run the command; fail the test where its exit code is not the expected one."""
        code, out, err = self._warm(words) if self._can_start_warm else self._cold(words)
        if expect is not None:
            assert code == expect, f"cchc {' '.join(words)} left with {code}\n{out}\n{err}"
        return subprocess.CompletedProcess(words, code, out, err)

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("CCHC_", "PREFECT_"))}
        kept |= {"CCHC_HOME": str(self.home), "CCHC_NOW": self.now, "CCHC_PROVINCE": self.province}
        return kept | {"COLUMNS": "200"} | self.settings

    @property
    def _can_start_warm(self) -> bool:
        return can_start_warm(self.settings) and not self.own_prefect

    def _warm(self, words: Sequence[str]) -> tuple[int, str, str]:
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            code = start_warm([*words], self.environment, out=out, err=err).wait()
            return code, _text(out), _text(err)

    def _cold(self, words: Sequence[str]) -> tuple[int, str, str]:
        """Where settings are the interpreter's, or are read by imports: as from a shell, with a server of its own."""
        command, environment = [str(CCHC), *words], self.environment
        done = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

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


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()

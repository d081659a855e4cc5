"""Simulated district systems that stand in for the real ones: real files, invented dossiers, known defects."""

from __future__ import annotations

from demo.systems import SEED, BuildReport, break_source, build, mend_source

__all__ = ["SEED", "BuildReport", "break_source", "build", "mend_source"]

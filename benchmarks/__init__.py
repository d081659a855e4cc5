"""Benchmarks: ours, the obvious way and a peer side by side on the same input, with peak memory.

A benchmark is a module here with `run() -> list[Result]`; `python -m benchmarks [NAME…]` runs them.
"""

import contracts  # noqa: F401  # before Arrow, as in every run

"""How a partition may go from state to state.

expected → landed → validated → loaded; from anywhere to failed or not received. A new attempt starts at expected,
or at landed where the last good landing is counted again; see ledger.begin_attempt.
"""

from __future__ import annotations

from contracts.codes import PartitionState as S
from contracts.errors import CchcError

_AFTER = {
    S.LANDED: {S.EXPECTED, S.LANDED, S.VALIDATED},
    S.VALIDATED: {S.EXPECTED, S.LANDED, S.VALIDATED},  # from expected: only with a good landing, see check_step
    S.LOADED: {S.VALIDATED, S.LOADED},
}
_ALWAYS = {S.FAILED, S.NOT_RECEIVED}


class StepRefused(RuntimeError):
    """A bug of ours: a partition was to take a step that skips a check."""


class AttemptOver(CchcError):
    """Another process began the partition anew while this one was thought dead: what this one made is not wanted."""


def check_step(before: S, after: S, *, landed: bool) -> None:
    """Raises StepRefused. landed: whether the partition has a good landing."""
    allowed = after in _ALWAYS or before in _AFTER.get(after, set())
    if not allowed or (after is S.VALIDATED and not landed):
        raise StepRefused(f"a partition cannot go from {before} to {after} (landed: {landed})")

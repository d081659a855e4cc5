"""What can go wrong with the shared store, told to whoever keeps the machines."""

from __future__ import annotations

from contracts.errors import CchcError


class StoreError(CchcError):
    """The shared store (CCHC_STORE) cannot be used, and something needs it: nothing is entered that names a file which
    is not there."""


class StoreAway(StoreError):
    """No answer, or broken off. May answer later."""


class StoredFileDamaged(StoreError):
    """A file of the store is not the one that was put there."""

"""How a command's process ends: nothing that only its end is waiting for keeps an operator waiting."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import NoReturn


def leave(code: int) -> NoReturn:
    """Without looking through all of its objects once more: that would take a second and find nothing that the end
    does not free. At once where Prefect's server is gone, whatever else befell the work."""
    server = sys.modules.get("flows.server")  # to import it takes seconds: who has not done so has no server
    if server is not None and server.is_gone():
        _leave_at_once(code)
    gc.freeze()
    sys.exit(code)


def _leave_at_once(code: int) -> NoReturn:
    """With threads under way that still try to tell something to somebody who is gone: the interpreter would wait for
    them (Prefect's for half a minute). All has been said, and whatever had to be put away was."""
    for said in (sys.stdout, sys.stderr):
        with suppress(OSError):  # nobody reads it any more
            said.flush()
    os._exit(code)

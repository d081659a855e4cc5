"""The process of a flow run, which a worker started, ends with that worker: killed outright, that would leave it
behind, at work for a server that is gone, too."""

from __future__ import annotations

import os
import signal
import threading
import time

GRACE_SECONDS = 10.0
"""To note in the warehouse that the run was stopped. Prefect would try for minutes to tell its server."""
_LOOK_EVERY = 0.5
_OF_A_WORKER = "PREFECT__FLOW_RUN_ID"
"""Prefect sets it for the process of a flow run."""


def end_with_worker() -> None:
    """Does nothing in any other process."""
    if _OF_A_WORKER in os.environ:
        threading.Thread(target=_end_after, args=(os.getppid(),), daemon=True).start()


def _end_after(worker: int) -> None:
    while os.getppid() == worker:
        time.sleep(_LOOK_EVERY)
    os.kill(os.getpid(), signal.SIGTERM)  # as the worker itself stops a run
    time.sleep(GRACE_SECONDS)
    os._exit(1)

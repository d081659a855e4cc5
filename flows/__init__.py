"""Prefect: order, retries, time-outs and concurrency of a quarter. What is done lies in the layers below.

Settings that must stand before Prefect is imported are set here, once. A value that the operator has set
already stays; nothing phones home whatever is set elsewhere.
"""

import os
import warnings
from contextlib import suppress
from pathlib import Path

from contracts.settings import Settings
from flows.near import never_by_proxy
from flows.secrets import use_blocks
from flows.worker_process import end_with_worker

_home = Settings().home.resolve()

os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
os.environ["DO_NOT_TRACK"] = "1"
os.environ["GX_ANALYTICS_ENABLED"] = "false"
os.environ.setdefault("PREFECT_HOME", str(_home / "prefect"))
os.environ.setdefault("PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT", "false")
# A temporary server needs up to 20 s on a slow machine; the default limit is shorter than that.
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "180")
# The ledger and the command's own words tell what happened; Prefect's log would say it again, in English.
os.environ.setdefault("PREFECT_LOGGING_LEVEL", "CRITICAL")
os.environ.setdefault("PREFECT_INTERNAL_LOGGING_LEVEL", "CRITICAL")

with suppress(OSError):  # where nothing can be written, the warehouse says so in words of ours
    Path(os.environ["PREFECT_HOME"]).mkdir(mode=0o700, parents=True, exist_ok=True)
warnings.filterwarnings("ignore", message="Failed to create the Prefect home")
never_by_proxy()
use_blocks()
end_with_worker()

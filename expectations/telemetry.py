"""What Great Expectations makes of our settings, without the six seconds that its import takes."""

from __future__ import annotations

import os
from importlib.util import find_spec


def reports_usage() -> bool:
    """It sends through PostHog, where that is installed, unless it is told not to."""
    is_off = os.environ.get("GX_ANALYTICS_ENABLED", "").lower() in {"false", "0", "no", "off"}
    return find_spec("posthog") is not None and not is_off

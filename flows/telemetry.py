"""What Prefect itself makes of our settings; `flows` has set them by the time this is imported."""

from __future__ import annotations

import os


def reports_usage() -> bool:
    """Whether a server or a client of this process would send statistics. In a CI environment a client sends none
    either, which is not asked: what holds there must hold elsewhere."""
    from prefect.settings import get_current_settings

    client_is_off = os.environ.get("DO_NOT_TRACK", "").lower() in {"1", "true", "yes"}
    return bool(get_current_settings().server.analytics_enabled) or not client_is_off

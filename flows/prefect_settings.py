"""Prefect's settings as they hold in this process: what the environment says, and no heartbeats of a flow run.

Nobody hears them: a run that died is known by its lock. The thread that sends them sleeps a second at a time, and a run
that is done waits for it. No word of the environment means «none» to that setting, so it is set here."""

from __future__ import annotations

from prefect import context
from prefect.settings import get_current_settings

_HEARTBEATS = "heartbeat_frequency"


def take_environment() -> None:
    """After a change of the environment."""
    context.refresh_global_settings_context()
    without_heartbeats()


def without_heartbeats() -> None:
    """But where an operator has said how often he wants them."""
    known = get_current_settings()
    if _HEARTBEATS in known.flows.model_fields_set:
        return
    silent = known.model_copy(update={"flows": known.flows.model_copy(update={_HEARTBEATS: None})})
    profile = context.GLOBAL_SETTINGS_CONTEXT.profile
    context.GLOBAL_SETTINGS_CONTEXT = context.SettingsContext(profile=profile, settings=silent)

"""Whoever the machine says runs a command, for the audit trail: LOGNAME and USER say whatever somebody writes there."""

from __future__ import annotations

import os
import pwd


def machine_user() -> str:
    """Name, or the number where there is no name: a container's user need not have one."""
    number = os.geteuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)

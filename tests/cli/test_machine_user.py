"""Who a command was run by, as the audit trail has it: what the machine says, whatever the environment says."""

from __future__ import annotations

import os
import pwd

import pytest

from cli.approve import officer_of
from cli.machine_user import machine_user


def test_the_environment_does_not_make_somebody_else_of_the_machines_user(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "lan")
    who = pwd.getpwuid(os.geteuid()).pw_name
    assert who != "lan"
    assert (machine_user(), officer_of("Phạm Văn Đức").machine_user) == (who, who)


def test_a_user_without_a_name_is_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4_000_000_000)
    assert machine_user() == "4000000000"

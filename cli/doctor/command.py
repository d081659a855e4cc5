"""The command itself: what is asked for, how it is shown, and with which code it leaves."""

from __future__ import annotations

import os
import sys
import time
from typing import Annotated

import typer

from cli.console import out
from cli.doctor.bounded import told
from cli.doctor.checks import checks
from cli.doctor.shown import document, show, summary
from contracts.errors import Exit
from contracts.fitness import Fit


def doctor(
    *,
    local: Annotated[
        bool, typer.Option("--local", help="Chỉ kiểm tra máy này, không hỏi hệ thống nào của các đơn vị.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON cho phần mềm giám sát.")] = False,
) -> None:
    """Kiểm tra máy này: phần mềm, phông chữ, quyền, đĩa, đồng hồ, kho số liệu, các nguồn; nói rõ cách sửa."""
    began = time.monotonic()
    if as_json:
        found = list(told(checks(local=local)))
        typer.echo(document(found))
    else:
        found = show(told(checks(local=local)))
        out.print(f"\n{summary(found, time.monotonic() - began)}")
    failed = any(one.found.state is Fit.ERROR for one in found)
    code = int(Exit.USAGE if failed else Exit.DONE)
    if any(one.hung for one in found):
        _leave(code)
    raise typer.Exit(code)


def _leave(code: int) -> None:
    """At once: the way out would wait for the thread of a check that hangs."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)

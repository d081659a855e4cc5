"""The command's entrance: options that hold for all commands, and the one place where errors become words."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Annotated

import typer
from typer._click import exceptions as usage  # Typer keeps its Click to itself

from cli import (
    approve,
    audit,
    backup,
    compare,
    console,
    demo,
    doctor,
    export,
    feedback,
    index,
    indicators,
    notices,
    publish,
    published,
    quality,
    quarantine,
    rankings,
    rates,
    restated,
    retention,
    returns,
    run,
    schedule,
    score,
    serve,
    signed,
    sources,
    status,
    store,
    text,
    up,
    user,
    verify,
    watchdog,
    words,
    worker,
)
from cli.leaving import leave
from contracts.errors import CchcError, Exit, machine_error
from contracts.settings import Settings

STOPPED = 130
"""What a shell expects of a command that was told to stop."""

app = words.App(
    name="cchc", help="Báo cáo cải cách hành chính hằng quý của tỉnh: đọc hồ sơ, kiểm tra, tổng hợp, in báo cáo."
)
app.command("run")(run.run)
app.command("rerun")(run.rerun)
app.command("report")(run.report)
app.command("status")(status.status)
app.command("check")(approve.check)
app.command("approve")(approve.approve)
app.command("unlock")(approve.unlock)
app.command("publish")(publish.publish)
app.command("restated")(restated.restated)
app.command("rates")(rates.rates)
app.command("verify")(verify.verify)
app.command("export")(export.export)
app.command("quality")(quality.quality)
app.command("feedback")(feedback.feedback)
app.command("compare")(compare.compare)
app.command("serve")(serve.serve)
app.command("up")(up.up)
app.command("worker")(worker.worker)
app.command("watchdog")(watchdog.watchdog)
app.command("restore")(backup.restore)
app.command("retention")(retention.retention)
app.command("doctor")(doctor.doctor)
app.add_typer(backup.app, name="backup")
app.add_typer(schedule.app, name="schedule")
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(sources.app, name="sources")
app.add_typer(signed.app, name="signed")
app.add_typer(store.app, name="store")
app.add_typer(published.app, name="published")
app.add_typer(returns.app, name="returns")
app.add_typer(text.app, name="text")
app.add_typer(indicators.app, name="indicators")
app.add_typer(score.app, name="score")
app.add_typer(index.app, name="index")
app.add_typer(rankings.app, name="rankings")
app.add_typer(user.app, name="user")
app.add_typer(audit.app, name="audit")
app.add_typer(notices.app, name="notices")
app.add_typer(demo.app, name="demo")


@app.callback()
def everywhere(
    province: Annotated[
        Path | None,
        typer.Option(
            metavar="THƯ_MỤC", help="Thư mục cấu hình tỉnh (mặc định: CCHC_PROVINCE hoặc provinces/khanh-hoa)."
        ),
    ] = None,
) -> None:
    if province is not None:
        os.environ["CCHC_PROVINCE"] = str(province)


def main() -> None:
    """Run the command; leave with its exit code (see contracts.errors.Exit)."""
    signal.signal(signal.SIGTERM, _stop)
    os.umask(0o027)  # landing, warehouse and quarantine hold dossier codes: not for everybody on the machine
    code: int = Exit.BUG
    try:
        code = app(prog_name="cchc", standalone_mode=False) or Exit.DONE  # Typer returns the code of a raised Exit
    except CchcError as error:
        console.say_error(error)
        code = error.exit_code
    except usage.NoArgsIsHelpError:  # the help was printed
        code = Exit.USAGE
    except usage.UsageError as error:
        console.say_error(words.translated(error))
        code = Exit.USAGE
    except (KeyboardInterrupt, typer.Abort):
        code = STOPPED
    except Exception as bug:
        code = _say_bug(bug)
    if code == STOPPED:
        console.err.print("Đã dừng theo yêu cầu. Chạy lại lệnh để làm tiếp phần còn lại.")
    leave(code)


def _stop(_signal: int, _frame: object) -> None:
    """SIGTERM ends a run as Ctrl-C does: what is done stays, and nothing is left running."""
    raise KeyboardInterrupt


def _say_bug(bug: Exception) -> Exit:
    """What nobody foresaw: the machine's fault where it says so, otherwise ours."""
    if isinstance(bug, OSError) and (told := machine_error(bug)):
        console.say_error(told)
        return told.exit_code
    from flows import trace

    path = trace.write_trace(bug, Settings().home / "logs")
    cause = f"lỗi của phần mềm cchc: {trace.describe(bug)}"
    console.say_error(CchcError(cause, advice=f"số liệu đã lưu vẫn nguyên; gửi tệp {path} cho nhóm phát triển"))
    return Exit.BUG


if __name__ == "__main__":
    main()

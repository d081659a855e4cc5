"""The command's entrance: options that hold for all commands, and the one place where errors become words."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from typer import rich_utils
from typer._click import exceptions as usage  # Typer keeps its Click to itself

from cli import console, demo, doctor, export, run, sources, status
from contracts.errors import CchcError, Exit
from contracts.settings import Settings

rich_utils.OPTIONS_PANEL_TITLE = "Tùy chọn"
rich_utils.ARGUMENTS_PANEL_TITLE = "Tham số"
rich_utils.COMMANDS_PANEL_TITLE = "Lệnh"

app = typer.Typer(
    name="cchc",
    help="Báo cáo cải cách hành chính hằng quý của tỉnh: đọc hồ sơ, kiểm tra, tổng hợp, in báo cáo.",
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("run")(run.run)
app.command("rerun")(run.rerun)
app.command("report")(run.report)
app.command("status")(status.status)
app.command("export")(export.export)
app.command("doctor")(doctor.doctor)
app.add_typer(sources.app, name="sources")
app.add_typer(demo.app, name="demo")


@app.callback()
def everywhere(
    province: Annotated[
        Path | None,
        typer.Option(help="Thư mục cấu hình tỉnh (mặc định: CCHC_PROVINCE hoặc provinces/khanh-hoa)."),
    ] = None,
) -> None:
    if province is not None:
        os.environ["CCHC_PROVINCE"] = str(province)


def main() -> None:
    """Run the command; leave with its exit code (see contracts.errors.Exit)."""
    try:
        sys.exit(app(standalone_mode=False) or Exit.DONE)  # Typer returns the code of a raised Exit
    except CchcError as error:
        console.say_error(error)
        sys.exit(error.exit_code)
    except usage.UsageError as error:
        _say_usage(error)
        sys.exit(Exit.USAGE)
    except (KeyboardInterrupt, typer.Abort):
        console.err.print("Đã dừng theo yêu cầu. Chạy lại lệnh để làm tiếp phần còn lại.")
        sys.exit(130)
    except Exception as bug:
        _say_bug(bug)
        sys.exit(Exit.BUG)


def _say_usage(error: usage.UsageError) -> None:
    if isinstance(error, usage.NoSuchOption):
        cause = f"không có tùy chọn {error.option_name}"
    elif isinstance(error, usage.MissingParameter):
        cause = f"thiếu tham số {getattr(error.param, 'human_readable_name', '')}".rstrip()
    else:
        cause = f"lệnh chưa đúng ({error.format_message()})"
    path = error.ctx.command_path if error.ctx else "cchc"
    console.say_error(CchcError(cause, advice=f"xem {path} --help"))


def _say_bug(bug: Exception) -> None:
    from flows import trace

    path = trace.write_trace(bug, Settings().home / "logs")
    console.say_error(
        CchcError(
            f"lỗi của phần mềm cchc: {trace.describe(bug)}",
            advice=f"số liệu đã lưu vẫn nguyên; gửi tệp {path} cho nhóm phát triển",
        )
    )


if __name__ == "__main__":
    main()

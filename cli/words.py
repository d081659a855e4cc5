"""Help and usage errors in Vietnamese; Typer has its own words in English alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import typer
from rich.table import Table
from typer._click import Command, Context, HelpFormatter  # Typer keeps its Click to itself
from typer._click import exceptions as usage
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from cli import console
from contracts.errors import UsageError

Rows = Iterable[tuple[str, str]]


class App(typer.Typer):
    """A group of commands whose help is Vietnamese; alone it says what it offers."""

    def __init__(self, *, help: str, name: str | None = None) -> None:
        super().__init__(
            name=name,
            help=help,
            cls=_Group,
            no_args_is_help=True,
            add_completion=False,
            context_settings={"help_option_names": ["-h", "--help"]},
        )

    def command(self, name: str | None = None, **more: Any) -> Callable[[Any], Any]:
        return super().command(name, cls=_Command, **more)


class _Command(TyperCommand):
    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        _say_help(self, ctx, commands=())


class _Group(TyperGroup):
    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        _say_help(self, ctx, commands=[(name, command.help or "") for name, command in self.commands.items()])

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, Command | None, list[str]]:
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            raise UsageError(f"không có lệnh «{args[0]}»", advice=f"các lệnh: {', '.join(self.commands)}")
        return super().resolve_command(ctx, args)


def _say_help(command: Command, ctx: Context, *, commands: Rows) -> None:
    params = command.get_params(ctx)
    arguments = [p for p in params if isinstance(p, TyperArgument)]
    options = [p for p in params if isinstance(p, TyperOption)]
    pieces = [p.display_name_raw if p.required else f"[{p.display_name_raw}]" for p in arguments]
    line = " ".join([ctx.command_path, "[TÙY CHỌN]", *pieces, *(["LỆNH …"] if commands else [])])
    console.out.print(f"[bold]Cách dùng:[/] {console.plain(line)}\n\n{console.plain(command.help or '')}")
    _say_rows("Lệnh", commands)
    _say_rows("Tham số", ((p.display_name_raw, _explained(p)) for p in arguments))
    _say_rows("Tùy chọn", ((_called(p), _explained(p)) for p in options))


def _say_rows(title: str, rows: Rows) -> None:
    grid = Table.grid(padding=(0, 3, 0, 0))
    for name, explanation in rows:
        grid.add_row(f"  [cyan]{console.plain(name)}[/]", console.plain(explanation))
    if grid.row_count:
        console.out.print(f"\n[bold]{title}[/]", grid, sep="\n")


def _called(option: TyperOption) -> str:
    return ", ".join(sorted(option.opts)) + (f" {option.metavar}" if option.metavar and not option.is_flag else "")


def _explained(param: TyperArgument | TyperOption) -> str:
    return " ".join(_explanation(param))


def _explanation(param: TyperArgument | TyperOption) -> Iterator[str]:
    yield "In hướng dẫn này." if "--help" in param.opts else param.help or ""
    if choices := param.type_descriptor.choices:
        yield f"Một trong: {', '.join(choices)}."
    if param.required:
        yield "Bắt buộc."
    elif param.default and not callable(param.default):
        yield f"Mặc định: {param.default}."


def translated(error: usage.UsageError) -> UsageError:
    """Typer's usage error as ours."""
    path = error.ctx.command_path if error.ctx else "cchc"
    return UsageError(_cause(error), advice=f"xem {path} --help")


def _cause(error: usage.UsageError) -> str:
    if isinstance(error, usage.NoSuchOption):
        return f"không có tùy chọn {error.option_name}"
    if isinstance(error, usage.BadOptionUsage):
        return f"tùy chọn {error.option_name} viết chưa đúng: thiếu hoặc thừa giá trị"
    if isinstance(error, usage.BadParameter):
        name = _name(error.param)
        return f"thiếu {name}" if isinstance(error, usage.MissingParameter) else f"giá trị của {name} không hợp lệ"
    extra = re.search(r"\((?P<words>[^()]*)\)$", error.format_message())
    return f"thừa tham số: {extra['words']}" if extra else "lệnh viết chưa đúng"


def _name(param: Any) -> str:
    if isinstance(param, TyperOption):
        return f"tùy chọn {param.opts[-1]}"
    return f"tham số {param.display_name_raw}" if isinstance(param, TyperArgument) else "tham số"

"""docs/add-a-source.md names every key that a source's folder may hold, and no command or option that is not there."""

from __future__ import annotations

import re
import shlex
from typing import get_args

import pytest
import typer

from cli.main import app
from contracts.code_maps import REJECT
from contracts.codes import Channel, PauseKind, Status
from contracts.columns import TABLES
from contracts.configfile import Strict
from contracts.corrections import Correction
from contracts.hosts import Host
from contracts.responsibility import Elsewhere
from contracts.rest_spec import Paging, RestConnection, RestTable
from contracts.secrets import Secret
from contracts.settings import REPOSITORY
from contracts.source_folder import SourceFile
from contracts.table_spec import FileConnection, FileTable, Kind, SqlConnection, SqlTable

TEXT = (REPOSITORY / "docs" / "add-a-source.md").read_text(encoding="utf-8")
WORDS = set(re.findall(r"[\w.-]+", TEXT))
MODELS: list[type[Strict]] = [
    SourceFile, SqlConnection, FileConnection, RestConnection, SqlTable, FileTable, RestTable, Elsewhere, Host,
    Correction, Secret,
]  # fmt: skip
NOT_WRITTEN = {"query"}
"""Filled in from query.sql."""


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_key_is_named(model: type[Strict]) -> None:
    keys = {name.rstrip("_") for name in model.model_fields} - NOT_WRITTEN
    assert keys <= WORDS, f"docs/add-a-source.md says nothing of {sorted(keys - WORDS)}"


def test_every_key_of_paging_is_named() -> None:
    assert {f"paging.{name}" for name in Paging.model_fields} <= WORDS


def test_where_several_files_are_read_the_guide_says_to_write_how_many() -> None:
    """Nothing else tells that a commune's file was not sent."""
    told = [part for part in TEXT.split("\n\n") if "-*.csv" in part]
    assert told
    assert all("`files = " in part for part in told)


def test_every_column_and_every_meaning_is_named() -> None:
    columns = {column.name for table in TABLES.values() for column in table}
    assert columns | set(Status) | set(Channel) | set(PauseKind) | {REJECT} <= WORDS


def test_every_kind_has_an_account_and_a_first_command() -> None:
    for kind in get_args(Kind):
        assert f"**`{kind}`**" in TEXT, kind
    drafted = {words[words.index("--kind") + 1] for words in commands() if "--kind" in words}
    assert drafted == set(get_args(Kind)) - {"mysql"}


def commands() -> list[list[str]]:
    return [shlex.split(line) for line in TEXT.splitlines() if line.startswith("cchc ")]


def test_the_commands_are_there_as_they_are_written() -> None:
    """Every command and every option of the steps is one that the program has."""
    root = typer.main.get_command(app)
    assert len(commands()) > 10
    for words in commands():
        command, rest = root, words[1:]
        while hasattr(command, "commands"):
            command, rest = command.commands[rest[0]], rest[1:]
        known = {option for param in command.params for option in param.opts}
        assert {word for word in rest if word.startswith("--")} <= known, words


def test_its_own_links_lead_somewhere() -> None:
    heads = {_anchor(line.lstrip("# ")) for line in TEXT.splitlines() if line.startswith("#")}
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) <= heads


def _anchor(head: str) -> str:
    return re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-")

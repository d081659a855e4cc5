"""What docs/deploy tells an operator to type and to set is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from cli.main import app
from contracts.settings import REPOSITORY, Settings
from tests.servers.proxy import DEPLOY

FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file())
BESIDE = {"CCHC_NOW"}
"""Settings that are read elsewhere: contracts.clock."""
_SECRET = "CCHC_SECRET_"
_TYPED = re.compile(r"(?:^|[`\s(])cchc((?: [a-z][a-z-]*| --[a-z-]+(?: [A-Z0-9./]+)?| [0-9A-Z.:]+)+)", re.MULTILINE)


def text_of(file: Path) -> str:
    return file.read_text(encoding="utf-8")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_settings_are_those_that_there_are(file: Path) -> None:
    known = {f"CCHC_{name.upper()}" for name in Settings.model_fields} | BESIDE
    said = set(re.findall(r"\bCCHC_[A-Z_]+[A-Z]", text_of(file)))
    assert {name for name in said if not name.startswith(_SECRET)} <= known


def test_every_setting_is_told() -> None:
    known = {f"CCHC_{name.upper()}" for name in Settings.model_fields}
    assert not [name for name in known if name not in text_of(DEPLOY / "README.md")]


def offered(command: Any, name: str = "") -> Iterator[tuple[str, set[str]]]:
    """«user add» → its options."""
    yield name, {word for parameter in command.params for word in parameter.opts}
    for below, further in getattr(command, "commands", {}).items():
        yield from offered(further, f"{name} {below}".strip())


COMMANDS = dict(offered(typer.main.get_command(app)))


def typed(text: str) -> Iterator[list[str]]:
    """What stands in code and is typed, word by word."""
    code = re.findall(r"```sh\n(.*?)```|`([^`\n]+)`|ExecStart=\S*/(cchc [^\n]*)", text, re.DOTALL)
    for pieces in code:
        for found in _TYPED.finditer("\n".join(pieces)):
            yield found[1].split()


@pytest.mark.parametrize("file", [*FILES, REPOSITORY / "docs/operate/portal.md"], ids=lambda file: file.name)
def test_commands_are_those_that_there_are(file: Path) -> None:
    for words in typed(text_of(file)):
        known = [" ".join(words[:n]) for n in (2, 1) if " ".join(words[:n]) in COMMANDS]
        assert known, f"cchc {' '.join(words)}"
        options = {word for word in words if word.startswith("--")}
        assert options <= COMMANDS[known[0]] | {"--help"}, f"cchc {' '.join(words)}"


def test_the_search_finds_what_is_typed() -> None:
    found = {" ".join(words[:2]) for words in typed(text_of(DEPLOY / "README.md"))}
    assert {"doctor", "user add", "notices test", "run 2024Q4"} <= found | {one.split()[0] for one in found}


@pytest.mark.parametrize("file", sorted(DEPLOY.glob("*.md")), ids=lambda file: file.name)
def test_links_and_files_lead_somewhere(file: Path) -> None:
    text = text_of(file)
    for link in re.findall(r"\]\(([^)#:]+)[^)]*\)", text):
        assert (file.parent / link).exists(), link
    for named in re.findall(r"/opt/cchc/(docs/deploy/[^\s*`]+)", text):
        assert list(REPOSITORY.glob(f"{named}*")), named

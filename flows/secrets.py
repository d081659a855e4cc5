"""Secrets kept as Prefect blocks: asked for by name where neither environment nor files have one."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from contracts import secrets
from contracts.errors import SecretError


def use_blocks() -> None:
    """Let `contracts.secrets` ask Prefect's Secret blocks last. Prefect is imported when one is asked for."""
    secrets.also_ask(from_block)


def from_block(name: str) -> Mapping[str, Any] | None:
    """The parts in the Secret block of that name: a JSON object, or a text, which is the password. None where no
    lasting Prefect server is configured, or it has no such block. A block's name has neither dots nor underscores: it
    has hyphens there. Raises SecretError, without a value."""
    from flows.server import has_lasting_server

    if not has_lasting_server():
        return None
    from prefect.blocks.system import Secret

    try:
        block: Any = Secret.load(re.sub(r"[._]", "-", name), _sync=True)  # type: ignore[call-arg]
        found = block.get()
    except ValueError:  # Prefect's word for a block that is not there
        return None
    except Exception as error:
        raise SecretError(
            f"không hỏi được Prefect về bí mật «{name}» ({type(error).__name__})",
            advice="kiểm tra PREFECT_API_URL, hoặc đặt bí mật vào biến môi trường hay tệp",
        ) from None
    return _parts(found)


def _parts(found: Any) -> Mapping[str, Any]:
    if isinstance(found, Mapping):
        return found
    try:
        parts = json.loads(str(found))
    except ValueError:
        return {"password": str(found)}
    return parts if isinstance(parts, dict) else {"password": str(found)}

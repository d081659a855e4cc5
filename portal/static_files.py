"""Style sheet, script and pictures: kept by browsers for a year, under an address that changes with their content."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path

from fastapi.staticfiles import StaticFiles
from starlette.responses import Response
from starlette.types import Scope

AT = "/tinh"
FOLDER = Path(__file__).parent / "static"
KEPT = "public, max-age=31536000, immutable"


@cache
def static(name: str) -> str:
    """Address of that file, as it is now."""
    return f"{AT}/{name}?v={hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:12]}"


class KeptFiles(StaticFiles):
    """Asked for without the address of its content, a file is compared again each time (ETag)."""

    def __init__(self) -> None:
        super().__init__(directory=FOLDER)

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        answer = super().file_response(full_path, stat_result, scope, status_code)
        asked = f"{scope['path']}?{scope['query_string'].decode('latin-1')}"
        answer.headers["Cache-Control"] = KEPT if asked == static(Path(full_path).name) else "no-cache"
        return answer

"""What belongs to an extract: not what happens to lie in its folder, but what its manifest says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from flows.backups.copying import Before
from flows.backups.shelf import visible
from sources.landing.manifest import FORMAT, MANIFEST, Manifest

UNKNOWN = ""
"""No file has this SHA-256: where even the manifest is lost or altered, nothing that lies there passes for it."""


def landed_files(folder: Path, before: Before | None, at: str) -> Iterator[tuple[str, str | None]]:
    """Every file of an extract, with its SHA-256; None where an older form told none. A manifest that is lost or was
    altered is taken as the backup before has it, where the extract lies at the path `at`."""
    found = _content(folder / MANIFEST), before.content(f"{at}/{MANIFEST}") if before else None
    for content in found:
        if content is not None and (sums := sums_of(content, folder.name)) is not None:
            yield MANIFEST, hashlib.sha256(content).hexdigest()
            break
    else:
        sums = {}
        yield MANIFEST, UNKNOWN
    for name in sorted({*sums, *visible(folder)} - {MANIFEST}):
        yield name, sums.get(name)


def sums_of(content: bytes, landing_id: str) -> dict[str, str] | None:
    """Parts and their SHA-256, by a manifest; None where it is not the one that was written, none of an older form."""
    try:
        said = json.loads(content)
        if isinstance(said, dict) and "content" in said and said.get("format", 0) != FORMAT:
            return {}
        manifest = Manifest.model_validate(said)
    except ValueError:
        return None
    if manifest.digest() != manifest.content or manifest.id != landing_id:
        return None
    return {name: part.sha256 for name, part in manifest.files()}


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None

"""What the manifests of published files say of them."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from sources.interfaces.portal import MANIFEST


def published_sums(root: Path) -> dict[str, str]:
    """File, told from the folder of all published files → SHA-256. Of a manifest that cannot be read: nothing."""
    found = {}
    for manifest in root.glob(f"[!.]*/[!.]*/{MANIFEST}"):
        folder = manifest.parent.relative_to(root).as_posix()
        with suppress(OSError, ValueError, TypeError, KeyError):
            said = json.loads(manifest.read_bytes())
            found.update({f"{folder}/{one['name']}": str(one["sha256"]) for one in said["files"]})
    return found

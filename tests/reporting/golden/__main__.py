"""Makes the pictures anew: look at them before they are committed."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.reporting import golden


def main() -> None:
    kept = {page.path for page in golden.PAGES}
    with tempfile.TemporaryDirectory() as folder:
        for page, picture in golden.pictures(golden.print_reports(Path(folder))):
            picture.quantize(32).save(page.path, optimize=True)
            print(f"{page.path.name}: {page.path.stat().st_size:,} bytes")
    for path in golden.FOLDER.glob("*.png"):
        if path not in kept:
            path.unlink()


if __name__ == "__main__":
    main()

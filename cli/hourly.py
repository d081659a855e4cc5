"""`python -m cli.hourly WORDS`: calls `cchc WORDS` at once and then every hour, for ever. Whatever becomes of one call,
the next one is made; one that hangs is ended after an hour."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import suppress

EVERY_SECONDS = 3600.0


def main() -> None:
    while True:
        with suppress(subprocess.TimeoutExpired):
            subprocess.run(  # noqa: S603  words of ours
                [sys.executable, "-m", "cli.main", *sys.argv[1:]], check=False, timeout=EVERY_SECONDS
            )
        time.sleep(EVERY_SECONDS)


if __name__ == "__main__":
    main()

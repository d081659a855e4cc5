"""`python -m cli.hourly WORDS`: calls `cchc WORDS` at once and then every hour, for ever. Whatever becomes of one call,
the next one is made."""

from __future__ import annotations

import subprocess
import sys
import time

EVERY_SECONDS = 3600.0


def main() -> None:
    while True:
        subprocess.run([sys.executable, "-m", "cli.main", *sys.argv[1:]], check=False)  # noqa: S603  words of ours
        time.sleep(EVERY_SECONDS)


if __name__ == "__main__":
    main()

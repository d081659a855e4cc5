"""`python -m cli.hourly WORDS`: calls `cchc WORDS` at once and then every hour, for ever. Whatever becomes of one call,
the next one is made; one that hangs is ended after an hour."""

from __future__ import annotations

import subprocess
import sys
import time

EVERY_SECONDS = 3600.0


def main() -> None:
    while True:
        command = [sys.executable, "-m", "cli.main", *sys.argv[1:]]
        try:
            subprocess.run(command, check=False, timeout=EVERY_SECONDS)  # noqa: S603  words of ours
        except subprocess.TimeoutExpired:
            print(f"cchc {' '.join(sys.argv[1:])}: một giờ chưa xong, đã dừng", file=sys.stderr, flush=True)
        time.sleep(EVERY_SECONDS)


if __name__ == "__main__":
    main()

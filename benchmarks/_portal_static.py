"""The same files from Starlette's own StaticFiles: what an HTTP server in Python allows at best."""

from __future__ import annotations

import os

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

app = Starlette(routes=[Mount("/", StaticFiles(directory=os.environ["BENCH_FOLDER"]))])

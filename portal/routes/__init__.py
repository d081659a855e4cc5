"""The routes, a file a subject. Each route names what it demands of who asks; see portal.people."""

from __future__ import annotations

from fastapi import APIRouter

from portal.routes import entry, reports, single_sign_on

ROUTERS: tuple[APIRouter, ...] = (entry.router, reports.router, single_sign_on.router)

"""The routes, a file a subject. Each route names what it demands of who asks; see portal.people."""

from __future__ import annotations

from fastapi import APIRouter

from portal.routes import (
    accounts,
    approvals,
    audit,
    dossiers,
    entry,
    feed,
    figures,
    files,
    find,
    machine,
    own_account,
    quarantine,
    quarters,
    reruns,
    single_sign_on,
    sources,
    zips,
)

ROUTERS: tuple[APIRouter, ...] = (
    entry.router,
    own_account.router,
    accounts.router,
    find.router,
    approvals.router,  # before the files: a step is no kind of file
    files.router,
    zips.router,
    feed.router,
    single_sign_on.router,
    quarters.router,
    figures.router,
    dossiers.router,
    audit.router,
    machine.router,
    sources.router,
    reruns.router,
    quarantine.router,
)

"""The obvious way: FastAPI and pandas. Every page reads the whole register into a frame and filters it there; a file is
handed out as it lies. It asks nobody who he is, enters nothing in an audit trail, and knows no stages."""

from __future__ import annotations

import os
import unicodedata
from typing import Any

import pandas as pd
import sqlalchemy
from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse
from jinja2 import Environment

from contracts.settings import Settings

app = FastAPI()
engine = sqlalchemy.create_engine(f"sqlite:///{os.environ['BENCH_DATABASE']}")
ROWS = """<!doctype html><html lang="vi"><title>Báo cáo</title><table>{% for r in rows %}
<tr><td>{{ r.period_id }}<td>{{ r.unit }}<td>{{ r.version }}<td>{{ r.event }}<td>{{ r.created_at }}<td>{{ r.reason }}
<td><a href="/tep/{{ r.period_id }}/{{ r.unit_code }}/{{ r.version }}">PDF</a>{% endfor %}</table></html>"""
template = Environment(autoescape=True).from_string(ROWS)


def names() -> pd.DataFrame:
    """The catalogue of units, read as it lies."""
    from contracts.province import read_province
    from reporting.scope import code_of

    units = read_province(Settings().province_folder).units
    return pd.DataFrame([{"unit_code": code_of(unit, units), "unit": unit.name} for unit in units])


NAMES = names()


def frame() -> pd.DataFrame:
    versions = pd.read_sql("SELECT * FROM report_version", engine)
    events = pd.read_sql("SELECT * FROM publication ORDER BY id", engine)
    key = ["period_id", "scope", "unit_code", "version"]
    last = events.drop_duplicates(key, keep="last")[[*key, "event"]]
    return versions.merge(NAMES, on="unit_code", how="left").merge(last, on=key, how="left")


def plain(text: str) -> str:
    split = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in split if not unicodedata.combining(letter))


@app.get("/bao-cao", response_class=HTMLResponse)
def reports(ky: str = "", tim: str = "") -> Any:
    rows = frame()
    if ky:
        rows = rows[rows.period_id == ky]
    if tim:
        rows = rows[rows.unit.map(plain).str.contains(plain(tim), regex=False)]
    rows = rows.sort_values(["period_id", "unit_code", "version"], ascending=[False, True, False])
    return template.render(rows=rows.itertuples())


@app.get("/tep/{period}/{unit}/{version}")
def file(period: str, unit: str, version: int) -> FileResponse:
    rows = frame()
    found = rows[(rows.period_id == period) & (rows.unit_code == unit) & (rows.version == version)]
    return FileResponse(found.path.iloc[0], media_type="application/pdf")

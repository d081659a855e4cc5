"""A password and the people in a district's rows stay where they are: in no file that a run writes, in no word that a
command says, also where it fails."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import psycopg
import pyarrow.parquet as pq
import pytest
from psycopg import sql
from pypdf import PdfReader

from tests.quarter.command import Office
from tests.quarter.moved import configure, province
from tests.quarter.test_planning import DOSSIER
from tests.servers import DATABASE, PostgresServer, postgres, postgres_database

__all__ = ["postgres", "postgres_database"]

CANARY = "Kenari#71/@ổ khóa"
WRONG = "Sai#72/@kenari"
PEOPLE = ("Trương Canary Bạch Yến", "0905777123", "yen.canary@example.vn", "Xóm Canary, thôn Đông")
PERSONAL = ("ChuHoSo", "SoDienThoaiChuHoSo", "EmailChuHoSo", "DiaChiChuHoSo")
COLUMNS = {
    "dossiers": (
        *("Id", "MaHoSo", "MaTTHC", "TenLinhVuc", "MaCoQuanTiepNhan", "TrangThai", "KenhThucHien", "NgayTiepNhan"),
        *("NgayHenTra", "NgayKetThucXuLy", "NgayTraKetQua", "DeletedOn", "MucDoDVC", "LienThong"),
        *("CoNghiaVuTaiChinh", "DuocThanhToanTrucTuyen", "KenhTraKetQua", "CoKetQuaDienTu", "DuocSoHoa"),
        *("DuocTaiSuDung", "SoNgayQuyDinh"),
    ),
    "pauses": ("Id", "MaHoSo", "NgayYeuCau", "NgayHoanThanh", "LoaiYeuCau"),
}
TOML = """
kind = "postgresql"
address = "postgresql://127.0.0.1:{port}/{database}"
secret = "{secret}"
[connection]
tls = "off"
[tables.dossiers]
from = '"HoSo"'
where = {where}
key = "Id"
[tables.pauses]
from = '"HoSoYeuCau"'
key = "Id"
"""


def fill(server: PostgresServer) -> None:
    """A hundred dossiers, each of the same person; one has no date of receipt, one a date that is none."""
    with server.connect(DATABASE) as connection:
        for table, more in (("dossiers", PERSONAL), ("pauses", PERSONAL[:1])):
            columns = ", ".join(f'"{name}" text' for name in (*COLUMNS[table], *more))
            connection.execute(f'CREATE TABLE "{ {"dossiers": "HoSo", "pauses": "HoSoYeuCau"}[table] }" ({columns})')
        for number in range(100):
            row = {**DOSSIER, "Id": str(number), "MaHoSo": f"000.00.32.H32-240801-{number:04}"}
            row |= dict(zip(PERSONAL, PEOPLE, strict=True))
            row |= {"NgayTiepNhan": ""} if number == 7 else {"NgayKetThucXuLy": "31/02/2024"} if number == 8 else {}
            names = ", ".join(f'"{name}"' for name in row)
            marks = ", ".join(["%s"] * len(row))
            connection.execute(f'INSERT INTO "HoSo" ({names}) VALUES ({marks})', list(row.values()))


def open_account(server: PostgresServer) -> None:
    """An account that must give its password; the others are trusted as before."""
    rules = server.folder / "data" / "pg_hba.conf"
    rules.write_text(f"host all kenari 127.0.0.1/32 scram-sha-256\n{rules.read_text()}")
    with server.connect(DATABASE) as connection:
        connection.execute("SELECT pg_reload_conf()")
        connection.execute(sql.SQL("CREATE ROLE kenari LOGIN PASSWORD {}").format(sql.Literal(CANARY)))
        connection.execute("GRANT USAGE ON SCHEMA public TO kenari")
        connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO kenari")


def close_account(server: PostgresServer) -> None:
    with server.connect(DATABASE) as connection:
        connection.execute("DROP OWNED BY kenari")
        connection.execute("DROP ROLE kenari")


@pytest.fixture
def office(tmp_path: Path, postgres: PostgresServer, postgres_database: str) -> Iterator[Office]:
    """Four sources: one that can be read; one whose password is wrong; one whose query fails at the rows themselves,
    with a person in the server's message; one whose workbook has not been sent."""
    folder = province(tmp_path, unit_reports=False, only=("cam-lam", "khanh-son", "van-ninh", "truong-sa"))
    fill(postgres)
    open_account(postgres)
    known = {"port": postgres.port, "database": DATABASE}
    sources = {
        "cam-lam": ("mot-cua", "''"),
        "khanh-son": ("sai", "''"),
        "van-ninh": ("mot-cua", "'CAST(\"NgayKetThucXuLy\" AS integer) > 0'"),
    }
    maps = (folder / "vendors" / "a" / "column_map.csv").read_text(encoding="utf-8")
    for source, (secret, where) in sources.items():
        configure(folder, source, TOML.format(**known, secret=secret, where=where), formats={"table,": "table,"})
        own = folder / "sources" / source
        (own / "column_map.csv").write_text(maps, encoding="utf-8")
    secrets = tmp_path / "secrets"
    secrets.mkdir(mode=0o700)
    (secrets / "sai.toml").write_text(f'user = "kenari"\npassword = "{WRONG}"\n', encoding="utf-8")
    (secrets / "sai.toml").chmod(0o600)
    settings = {"CCHC_SECRETS": str(secrets), "CCHC_SECRET_MOT_CUA_USER": "kenari"}
    settings["CCHC_SECRET_MOT_CUA_PASSWORD"] = CANARY
    yield Office(tmp_path / "home", province=str(folder), settings=settings)
    close_account(postgres)


def forms_of(text: str) -> list[bytes]:
    """As a log, an address or a header might hold it."""
    plain = text.encode()
    return [plain, quote(text, safe="").encode(), base64.b64encode(plain), json.dumps(text)[1:-1].encode()]


def said_by(office: Office) -> bytes:
    """All that the commands say, of a run with failures and all around it."""
    run = replace(office, own_prefect=True).cchc("run", "2024Q4", expect=3)
    commands = (
        (("status", "2024Q4"), 0),
        (("status", "2024Q4", "--json"), 0),
        (("sources", "check"), None),
        (("sources", "check", "--json"), None),
        (("sources", "list", "--json"), 0),
        (("export", "2024Q4", "--what", "rejected", "--out", str(office.home / "rejected.csv")), 0),
        (("export", "2024Q4", "--what", "findings", "--out", str(office.home / "findings.csv")), 0),
        (("doctor",), None),
    )
    done = [run, *(office.cchc(*words, expect=code) for words, code in commands)]
    return "\n".join(d.stdout + d.stderr for d in done).encode()


def written_by(office: Office) -> Iterator[tuple[Path, bytes]]:
    """Every file of the machine's home, and what stands in those that are packed."""
    for path in office.home.rglob("*"):
        if path.is_file():
            yield path, path.read_bytes()
            if path.suffix == ".parquet":
                yield path, json.dumps(pq.read_table(path).to_pylist(), ensure_ascii=False, default=str).encode()
            if path.suffix == ".pdf":
                yield path, " ".join(page.extract_text() for page in PdfReader(path).pages).encode()


def test_no_secret_and_no_person_gets_out(office: Office) -> None:
    said = said_by(office)
    states = {s["id"]: s for s in office.status("2024Q4")["sources"]}
    assert {name: s["state"] for name, s in states.items()} == {
        "cam-lam": "loaded",
        "khanh-son": "failed",
        "van-ninh": "failed",
        "truong-sa": "not_received",
    }, [s["error"] for s in states.values()]
    assert states["cam-lam"]["quarantined"] == 2, "the run has looked at rows and told of one"
    hidden = [form for text in (CANARY, WRONG, *PEOPLE) for form in forms_of(text)]
    assert not [form for form in hidden if form in said]
    files = list(written_by(office))
    kinds = {path.suffix for path, _ in files}
    assert {".parquet", ".pdf", ".sqlite", ".json", ".db"} <= kinds, "the search would miss what it is for"
    assert not [(path, form) for path, content in files for form in hidden if form in content]
    assert any(b"000.00.32.H32-240801-0007" in content for _, content in files), "what is kept can be found"


def test_what_is_hidden_can_be_had(office: Office, postgres: PostgresServer) -> None:
    """The canary opens the database, and the people stand in it: the search above looks for what there is."""
    login = {"host": "127.0.0.1", "port": postgres.port, "user": "kenari", "dbname": DATABASE}
    with psycopg.connect(**login, password=CANARY) as connection:
        names = ", ".join(f'"{name}"' for name in PERSONAL)
        assert connection.execute(f'SELECT DISTINCT {names} FROM "HoSo"').fetchall() == [PEOPLE]
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(**login, password=WRONG)
    assert "CCHC_SECRET_MOT_CUA_PASSWORD" not in os.environ

"""Every way in which a MariaDB can refuse, hang or have changed is told in our words, and in nobody else's."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pymysql
import pytest

from contracts.errors import SourceDrift, SourceUnreachable
from sources.databases.mariadb_errors import explained
from sources.reader import probe
from tests.servers.mariadb import MariadbServer, mariadb, mariadb_server  # noqa: F401  a fixture
from tests.sources.mariadb_systems import (
    DATABASE,
    LEAST,
    PASSWORD,
    READER,
    System,
    mariadb_source,
    read,
    system_of,
    told,
)
from tests.sources.systems import DOSSIER, landed, with_spec, with_where


@pytest.fixture
def system(mariadb: MariadbServer, monkeypatch: pytest.MonkeyPatch) -> System:  # noqa: F811
    made = system_of(mariadb, monkeypatch)
    made.add(DOSSIER)
    return made


CANARY = "Bí-mật-9f3a"
NUMBERS = """
number | class       | told
1040   | unreachable | hết số kết nối
1044   | unreachable | GRANT SELECT (MaHoSo,
1045   | unreachable | không nhận tài khoản hoặc mật khẩu của bí mật «thu»
1049   | unreachable | không có cơ sở dữ liệu «mot_cua»
1052   | drift       | có trong nhiều bảng
1053   | unreachable | mất kết nối
1054   | drift       | cột trong câu truy vấn không còn
1064   | drift       | sai cú pháp
1130   | unreachable | không cho máy này kết nối
1142   | unreachable | ON mot_cua.HoSo TO «tài khoản của bí mật thu»; GRANT SELECT (MaHoSo, NgayYeuCau
1143   | unreachable | GRANT SELECT
1146   | drift       | bảng trong câu truy vấn không còn
1203   | unreachable | hết số kết nối
1205   | unreachable | đang bị khóa, đã chờ 5 giây
1213   | unreachable | đang bị khóa
1317   | unreachable | mất kết nối
1356   | unreachable | khung nhìn không chạy được
1370   | unreachable | GRANT SELECT
1412   | unreachable | cấu trúc bảng vừa bị đổi
1698   | unreachable | không nhận tài khoản
1792   | drift       | đòi ghi vào hệ thống
1862   | unreachable | phải đổi mật khẩu
1969   | unreachable | hết thời gian chờ 5 giây
2003   | unreachable | không kết nối được tới máy chủ
2005   | unreachable | không tìm thấy máy chủ
2006   | unreachable | mất kết nối với máy chủ 127.0.0.1 giữa chừng
2013   | unreachable | mất kết nối với máy chủ 127.0.0.1 giữa chừng
2026   | unreachable | bằng TLS, mà cấu hình ghi tls = «off»
2027   | unreachable | trả lời sai giao thức
3024   | unreachable | hết thời gian chờ
3118   | unreachable | bị khóa
4151   | unreachable | bị khóa
3159   | unreachable | bằng TLS
1034   | unreachable | hỏng
1114   | unreachable | hết chỗ
9999   | unreachable | trả lỗi số 9999
"""
CLASSES = {"unreachable": SourceUnreachable, "drift": SourceDrift}
LINES = [tuple(cell.strip() for cell in line.split("|")) for line in NUMBERS.strip().splitlines()[1:]]


@pytest.mark.parametrize(("number", "kind", "told"), LINES)
def test_a_number_is_told_in_our_words(number: str, kind: str, told: str) -> None:
    said = explained(
        mariadb_source("mariadb://127.0.0.1:3306/mot_cua"),
        pymysql.err.OperationalError(int(number), f"near '{CANARY}' at line 1"),
    )
    assert type(said) is CLASSES[kind]
    assert told in said.cause
    assert CANARY not in f"{said}{said.args}{said.__dict__}"
    assert said.source_id == "huyen-thu"


@pytest.mark.parametrize("error", [None, pymysql.err.InternalError("Packet sequence number wrong"), ValueError()])
def test_what_has_no_number_is_no_answer_of_a_mariadb(error: Exception | None) -> None:
    assert "sai giao thức" in explained(mariadb_source("mariadb://127.0.0.1:3306/mot_cua"), error).cause


ACCOUNTS: dict[str, tuple[Callable[[System], object], str]] = {
    "wrong password": (lambda s: s.read_as(READER, CANARY), "không nhận tài khoản hoặc mật khẩu của bí mật «thu»"),
    "no such account": (lambda s: s.read_as(CANARY, "x"), "không nhận tài khoản hoặc mật khẩu"),
    "locked": (lambda s: s.run(f"ALTER USER {READER} ACCOUNT LOCK"), "tài khoản của bí mật «thu» bị khóa"),
    "expired": (lambda s: s.run(f"ALTER USER {READER} PASSWORD EXPIRE"), "phải đổi mật khẩu"),
    "only by TLS": (lambda s: s.run(f"ALTER USER {READER} REQUIRE SSL"), "không nhận tài khoản"),
    "no right at all": (lambda s: s.run(f"REVOKE ALL, GRANT OPTION FROM {READER}"), "GRANT SELECT (MaHoSo, "),
    "as many connections as it may have": (
        lambda s: s.run(f"ALTER USER {READER} WITH MAX_QUERIES_PER_HOUR 3"),
        "hết số kết nối cho phép",
    ),
}


@pytest.mark.parametrize(("make", "expected"), ACCOUNTS.values(), ids=ACCOUNTS)
def test_an_account_that_may_not(
    system: System, make: Callable[[System], object], expected: str, caplog: pytest.LogCaptureFixture
) -> None:
    make(system)
    with caplog.at_level(logging.DEBUG):
        said = told(system.config)
    assert expected in said
    assert not any(secret in said + caplog.text for secret in (CANARY, PASSWORD))


def test_a_right_that_is_missing_is_named_with_all_that_is_needed(system: System) -> None:
    """Those of where, too."""
    system.run(f"REVOKE ALL, GRANT OPTION FROM {READER}", "ALTER TABLE HoSo ADD COLUMN DaXoa INT")
    for grant in (LEAST[0].replace(", LienThong", ""), LEAST[1]):
        system.server.run(f"GRANT {grant} TO {READER}")
    asked = with_where(system.config, "DaXoa IS NULL")
    with pytest.raises(SourceUnreachable) as caught:
        probe(asked)
    for grant in str(caught.value).partition("chạy: ")[2].partition(" → ")[0].split("; "):
        system.server.run(grant.replace("«tài khoản của bí mật thu»", READER))
    probe(asked)
    assert len(read(asked)) == 1


LOST = [
    # what the vendor did                                             what the operator is told
    ("ALTER TABLE HoSo CHANGE NgayHenTra NgayHenTraKQ DATE", "«NgayHenTra»"),
    ("ALTER TABLE HoSo DROP COLUMN LienThong", "không còn cột «LienThong»"),
    ("ALTER TABLE HoSo RENAME TO HoSoMoi", "không còn bảng «HoSo»"),
    ("DROP TABLE HoSo", "không còn bảng «HoSo»"),
]


@pytest.mark.parametrize(("statement", "expected"), LOST)
def test_drift_is_named(system: System, statement: str, expected: str) -> None:
    probe(system.config)
    system.run(statement)
    with pytest.raises(SourceDrift) as caught:
        probe(system.config)
    assert expected in str(caught.value)
    told(system.config, SourceDrift)


def test_a_column_that_may_be_the_lost_one_is_proposed_where_it_may_be_seen(system: System) -> None:
    system.read_as_admin()
    system.run(
        "ALTER TABLE HoSo CHANGE NgayHenTra NgayHenTraKQ DATE", "ALTER TABLE HoSo CHANGE MaHoSo MaHoSoSDT VARCHAR(40)"
    )
    with pytest.raises(SourceDrift, match=r"«NgayHenTra» \(có thể nay là «NgayHenTraKQ»\)") as caught:
        probe(system.config)
    assert "SDT" not in str(caught.value)


@pytest.mark.parametrize("mapped", ["HoSo", "h", "h.concat"])
def test_the_name_of_a_table_is_no_column(system: System, mapped: str) -> None:
    system.read_as_admin()
    with pytest.raises(SourceDrift, match=f"không còn cột «{mapped}»"):
        probe(with_spec(system.config, from_="HoSo h", key=mapped))


def test_a_condition_on_a_lost_column_is_drift(system: System) -> None:
    system.read_as_admin()
    with pytest.raises(SourceDrift, match="điều kiện where"):
        probe(with_where(system.config, f"DaXoa = '{CANARY}'"))
    assert CANARY not in told(with_where(system.config, f"DaXoa = '{CANARY}'"), SourceDrift)


@pytest.mark.parametrize(
    "broken", ["DROP TABLE Goc", "ALTER TABLE Goc DROP COLUMN MaHoSo", "REVOKE ALL, GRANT OPTION FROM nguoi_tao"]
)
def test_a_view_without_what_is_below_it_is_told(system: System, broken: str) -> None:
    system.server.account("nguoi_tao", "x", f"ALL ON {DATABASE}.*")
    system.run(
        "CREATE TABLE Goc AS SELECT * FROM HoSo",
        "CREATE DEFINER = nguoi_tao SQL SECURITY DEFINER VIEW KhungNhin AS SELECT * FROM Goc",
        f"GRANT SELECT ON {DATABASE}.KhungNhin TO {READER}",
    )
    view = with_spec(system.config, from_="KhungNhin")
    probe(view)
    assert len(read(view)) == 1
    system.run(broken)
    with pytest.raises(SourceUnreachable, match="khung nhìn không chạy được"):
        probe(view)
    assert "khung nhìn không chạy được" in told(view)


def test_what_could_not_be_read_is_not_landed(system: System, tmp_path: Path) -> None:
    system.run("DROP TABLE YeuCau")
    with pytest.raises(SourceDrift):
        landed(system.config, tmp_path)
    assert not list(tmp_path.rglob("manifest.json"))

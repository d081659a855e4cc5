"""What a person writes into from, where and query.sql is read before any system sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from contracts.errors import ConfigError
from contracts.sql_text import check_parts, check_query

FILE = Path("query.sql")

REFUSED = {
    "a star": ("SELECT * FROM HoSo", "SELECT *"),
    "a star of one table": ("SELECT h.*, 1 AS mot FROM HoSo h", "SELECT *"),
    "a star further down": ("SELECT (SELECT x FROM (SELECT * FROM b) q) AS x FROM c", "SELECT *"),
    "a deletion": ("DELETE FROM HoSo", "chỉ được có một câu SELECT"),
    "a deletion inside": ("WITH q AS (DELETE FROM a RETURNING x) SELECT x FROM q", "chỉ được đọc"),
    "a new table": ("SELECT a INTO x FROM b", "chỉ được đọc"),
    "a lock": ("SELECT a FROM b FOR UPDATE", "chỉ được đọc"),
    "two statements": ("SELECT 1 AS x; SELECT 2 AS y", "một câu SELECT"),
    "nothing": ("", "một câu SELECT"),
    "a call": ("CALL xoa()", "một câu SELECT"),
    "no SQL": ("SELECT FROM WHERE (", "sai cú pháp"),
    "a name": ("SELECT HoTenChuHoSo AS ma FROM HoSo", "dữ liệu cá nhân"),
    "a telephone number in a condition": ("SELECT a FROM b WHERE length(SoDienThoai) > 3", "dữ liệu cá nhân"),
    "a name behind an alias": ("SELECT x AS ma FROM (SELECT ho_ten AS x FROM b) q", "dữ liệu cá nhân"),
    "a column without a name": ("SELECT a, b || c FROM d", "cột thứ 2 chưa có tên"),
}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql", "mariadb", "sqlserver", "oracle"])
@pytest.mark.parametrize(("query", "said"), REFUSED.values(), ids=REFUSED)
def test_refused(query: str, said: str, kind: str) -> None:
    with pytest.raises(ConfigError, match=r"query\.sql") as told:
        check_query(query, kind=kind, file=FILE)
    writes = said == "chỉ được đọc" and kind != "postgresql"  # elsewhere such a query may be a mistake of syntax
    assert said in str(told.value) or (writes and "sai cú pháp" in str(told.value))


@pytest.mark.parametrize("kind", ["sqlite", "postgresql", "mariadb", "sqlserver", "oracle"])
def test_a_query_names_its_columns(kind: str) -> None:
    query = """
    SELECT h.SoBienNhan AS MaHoSo, t.Ma AS MaTTHC, count(*) AS SoLan
    FROM HoSo h JOIN ThuTuc t ON t.Id = h.ThuTucId
    WHERE h.NgayNhan <= :last AND (h.NgayXong IS NULL OR h.NgayXong >= :first)
    GROUP BY h.SoBienNhan, t.Ma
    """
    assert check_query(query, kind=kind, file=FILE) == ("MaHoSo", "MaTTHC", "SoLan")


def test_the_mistake_is_told_without_the_query() -> None:
    with pytest.raises(ConfigError) as told:
        check_query("SELECT a FROM b WHERE c = 'Nguyễn Thị Riêng' AND (", kind="sqlite", file=FILE)
    assert "Riêng" not in str(told.value)


HIDDEN = {
    "a whole row as text": ("postgresql", "SELECT h.ma, h::text AS x FROM ho_so h", "cả dòng của bảng"),
    "a whole row as JSON": ("postgresql", "SELECT to_jsonb(HO_SO) AS x FROM ho_so", "cả dòng của bảng"),
    "a whole row as if it were a column": ("postgresql", "SELECT h.To_JSONB AS x FROM ho_so h", "cả dòng của bảng"),
    "a whole row further down": ("postgresql", "SELECT x FROM (SELECT h.concat AS x FROM ho_so h) q", "cả dòng"),
    "a part of a row": ("postgresql", "SELECT (h).ho_ten AS x FROM ho_so h", "dữ liệu cá nhân"),
    "columns by their places": ("postgresql", "SELECT t.b AS x FROM ho_so AS t (a, b)", "đặt lại tên"),
    "a part of a JSON document": ("postgresql", "SELECT d->>'ho_ten' AS x FROM ho_so", "dữ liệu cá nhân"),
    "a part further down": ("postgresql", "SELECT d #>> '{chu,hoTen}' AS x FROM ho_so", "dữ liệu cá nhân"),
    "a part by its path": ("postgresql", "SELECT jsonb_path_query(d, '$.ho_ten') AS x FROM a", "dữ liệu cá nhân"),
    "a part in MariaDB": ("mariadb", "SELECT JSON_VALUE(d, '$.chu.hoTen') AS x FROM ho_so", "dữ liệu cá nhân"),
    "a part in SQLite": ("sqlite", "SELECT json_extract(d, '$.hoTen') AS x FROM ho_so", "dữ liệu cá nhân"),
    "a comment that MariaDB runs": ("mariadb", "SELECT ma /*!50000 , ho_ten AS y */ FROM ho_so", "chú thích"),
    "a query in a text": ("postgresql", "SELECT query_to_xml('select * from a', true, true, '') AS x", "chuỗi ký tự"),
}


@pytest.mark.parametrize(("kind", "query", "said"), HIDDEN.values(), ids=HIDDEN)
def test_columns_cannot_be_read_unnamed(kind: str, query: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        check_query(query, kind=kind, file=FILE)


def test_a_column_may_be_called_as_its_table_where_that_is_no_row() -> None:
    assert check_query("SELECT linhvuc FROM linhvuc", kind="mariadb", file=FILE) == ("linhvuc",)
    assert check_query("SELECT linhvuc.linhvuc FROM linhvuc", kind="postgresql", file=FILE) == ("linhvuc",)


PARTS = {
    "a table": ("HoSo", "", ""),
    "a join": ("HoSo h LEFT JOIN YeuCau y ON y.HoSoId = h.Id", "h.NgayNhan <= :last", ""),
    "a comment at the end": ("HoSo", "NgayNhan <= :last -- đến hết kỳ", ""),
    "a name in the join": ("HoSo h JOIN CongDan c ON c.SoCMND = h.SoCMND", "", "dữ liệu cá nhân"),
    "a name in the condition": ("HoSo", "ho_ten <> ''", "dữ liệu cá nhân"),
    "a way out": ("HoSo", "1 = 1); DELETE FROM HoSo; SELECT (1", "một câu SELECT"),
    "a star below": ("(SELECT * FROM HoSo) q", "", "SELECT *"),
}


@pytest.mark.parametrize(("from_", "where", "said"), PARTS.values(), ids=PARTS)
def test_from_and_where(from_: str, where: str, said: str) -> None:
    if not said:
        check_parts(kind="sqlite", from_=from_, where=where, file=FILE)
        return
    with pytest.raises(ConfigError) as told:
        check_parts(kind="sqlite", from_=from_, where=where, file=FILE)
    assert said in str(told.value)

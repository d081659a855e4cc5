"""What `cchc sources new` sees of a system that nobody has described, and what it must never see."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import UsageError
from contracts.known_names import channel_of, matches, status_of
from contracts.source_config import SourceConfig
from sources.databases.sqlite import SqliteReader
from sources.exploring.code_lists import code_list
from sources.exploring.date_shapes import SHAPES, date_of_texts
from sources.exploring.explore import MOST_CODES, Code, open_explorer
from sources.exploring.proposal import Proposal, propose
from sources.reader import open_reader
from tests.servers.mariadb import MariadbServer, mariadb  # noqa: F401  a fixture
from tests.servers.postgres import DATABASE, PostgresServer, postgres  # noqa: F401  a fixture
from tests.sources.strange import (
    COLUMNS,
    PEOPLE,
    PERSONAL,
    ROWS,
    full_rows,
    provisional,
    sqlite_system,
    statements,
)
from tests.sources.systems import PERIOD, table_map

NAMES = """
theirs                     | ours
SO_HO_SO                   | dossier_code
Mã hồ sơ                   | dossier_code
maHoSo                     | dossier_code
ngay_hen_tra               | due_date
Ngày hẹn trả kết quả       | due_date
NgayKetThucXuLy            | end_date
Ngày / Tiếp nhận           | received_date
hoSo.ngayTiepNhan          | received_date
trangThai.ma               | status
statusCode                 | status
Tên lĩnh vực               | field
ho_ten                     | -
NgaySinh                   | -
tiep nhan                  | -
ngay                       | -
"""


@pytest.mark.parametrize("line", NAMES.strip().splitlines()[1:])
def test_a_column_is_known_by_its_name_however_it_is_written(line: str) -> None:
    theirs, ours = (cell.strip() for cell in line.split("|"))
    assert list(matches("dossiers", [theirs])) == ([] if ours == "-" else [ours])


def test_the_better_name_is_proposed_and_the_other_is_told() -> None:
    found = matches("dossiers", ["TinhTrang", "TrangThai", "NgayNhan"])["status"]
    assert (found.found, found.also) == ("TrangThai", ("TinhTrang",))


WORDS = """
said                  | meant
Đã trả kết quả        | done
  đã  trả kết quả     | done
Dừng xử lý            | stopped
Chờ bổ sung           | paused
Đã trả kết quả rồi    | -
Da tra ket qua        | -
10                    | -
9                     | -
"""


@pytest.mark.parametrize("line", WORDS.strip().splitlines()[1:])
def test_only_words_that_are_known_letter_for_letter_have_a_meaning(line: str) -> None:
    said, meant = (cell.strip() for cell in line.split("|"))
    assert (status_of(said) or "-") == meant


@given(st.integers(-1_000, 1_000))
def test_a_number_never_has_a_meaning(number: int) -> None:
    assert status_of(str(number)) is None
    assert channel_of(str(number)) is None


SHAPE_TABLE = """
texts                                     | format
2024-10-15 08:30:00, 2024-10-16T09:00:00  | iso
2024-10-15T08:30:00.123+07:00             | iso
15/10/2024, 16/10/2024                    | %d/%m/%Y
15/10/2024 08:30, 1/2/2024 08:30          | %d/%m/%Y %H:%M
15-10-2024 08:30:00                       | %d-%m-%Y %H:%M:%S
10/15/2024, 10/16/2024                    | %m/%d/%Y
10/15/2024, 15/10/2024                    | ?
20241015083000                            | yyyyMMddHHmmss
hôm qua                                   | ?
                                          | ?
"""


@pytest.mark.parametrize("line", SHAPE_TABLE.strip("\n").splitlines()[1:])
def test_a_date_is_told_by_its_shape(line: str) -> None:
    texts, told = (cell.strip() for cell in line.split("|"))
    assert date_of_texts("Ngay", texts.split(", ") if texts else []).format == told


@given(st.lists(st.text(max_size=30).map("§{}".format), max_size=20))
def test_no_text_that_is_no_date_is_ever_said(texts: list[str]) -> None:
    """Each text begins with a mark that no note of ours has: a note's own word is not taken for one of theirs."""
    said = date_of_texts("Ngay", texts)
    assert said.format in {*SHAPES.values(), "?"} or said.format.startswith("%m")
    assert "§" not in said.note


def test_what_is_no_list_of_codes_is_not_shown() -> None:
    assert code_list([("2", "Hai"), ("1", "Một"), ("1", "Một"), (" ", "")]) == [Code("1", "Một"), Code("2", "Hai")]
    assert code_list([(str(n),) for n in range(MOST_CODES)]) is not None
    assert code_list([(str(n),) for n in range(MOST_CODES + 1)]) is None
    assert code_list([("x" * 61,)]) is None
    assert code_list([("0912 345 678",)]) is None, "a telephone number is no code"
    assert code_list([("1", "Một"), ("1", "Hai")]) is None, "a code with two labels"


def looked_at(source: SourceConfig, *, table: str = "") -> Proposal:
    with open_explorer(source) as explorer:
        return propose(explorer, table=table)


def column_map(proposal: Proposal) -> dict[str, tuple[str, str]]:
    return {c.column: (c.source_column, c.format) for c in proposal.dossiers.columns}


EXPECTED = {
    "dossier_code": ("so_ho_so", ""),
    "procedure_code": ("MaThuTuc", ""),
    "field": ("linh_vuc", ""),
    "agency": ("don_vi_tiep_nhan", ""),
    "status": ("tinh_trang", ""),
    "channel": ("kenh_nop", ""),
    "received_date": ("NgayNhan", "%d/%m/%Y %H:%M"),
    "due_date": ("han_tra", "%d/%m/%Y"),
    "end_date": ("ngay_hoan_tat", "%d/%m/%Y %H:%M"),
}


def check_proposal(proposal: Proposal) -> None:
    assert proposal.dossiers.found.name == "quan_ly_hs"
    assert column_map(proposal) == EXPECTED
    assert proposal.pauses is not None
    assert proposal.pauses.found.name == "tam_dung"
    assert proposal.codes["status"] == [Code("Treo"), Code("Đang xử lý"), Code("Đã trả kết quả")]
    assert proposal.codes["channel"] == [Code("1"), Code("2")]
    assert proposal.codes["agency"] == [Code("H32.32"), Code("H32.32.01"), Code("XA-77")]


def test_a_database_file_is_understood_by_its_names(tmp_path: Path) -> None:
    proposal = looked_at(sqlite_system(tmp_path / "la.sqlite"))
    check_proposal(proposal)
    assert set(proposal.dossiers.personal) == set(PERSONAL)


def test_only_codes_and_shapes_are_read_and_no_personal_column(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite asks its authoriser before every column that a statement touches."""
    source = sqlite_system(tmp_path / "la.sqlite")
    touched: set[str] = set()
    authorise = SqliteReader._authorise

    def noting(self, action, table, column, database, view):  # type: ignore[no-untyped-def]
        if action == sqlite3.SQLITE_READ and table in {"quan_ly_hs", "tam_dung", "nguoi_dung"} and column:
            touched.add(f"{table}.{column}")
        return authorise(self, action, table, column, database, view)

    monkeypatch.setattr(SqliteReader, "_authorise", noting)
    looked_at(source)
    wanted = {f"quan_ly_hs.{name}" for name, _ in EXPECTED.values()}
    assert touched == wanted | {"tam_dung.so_ho_so", "tam_dung.tu_ngay", "tam_dung.den_ngay"}


def test_nothing_of_a_person_is_in_what_was_seen(tmp_path: Path) -> None:
    said = repr(looked_at(sqlite_system(tmp_path / "la.sqlite")))
    assert not [value for value in PEOPLE if value in said]
    assert "Đang xử lý" in said


def test_a_status_column_full_of_free_text_is_not_shown(tmp_path: Path) -> None:
    rows = [list(row) for row in full_rows() * 30]
    for number, row in enumerate(rows):
        row[5] = f"đã gọi ông Năm lần {number}"
    proposal = looked_at(sqlite_system(tmp_path / "la.sqlite", rows))
    assert proposal.codes["status"] is None
    assert "ông Năm" not in repr(proposal)


def test_the_table_is_named_by_a_person_where_no_name_is_known(tmp_path: Path) -> None:
    path = tmp_path / "la.sqlite"
    with sqlite3.connect(path) as system:
        system.execute("CREATE TABLE T01 (C01, C02, C03)")
    system.close()
    source = provisional(str(path), kind="sqlite")
    with pytest.raises(UsageError, match="không bảng nào") as caught:
        looked_at(source)
    assert "T01" in caught.value.advice
    found = looked_at(source, table="t01").dossiers
    assert set(found.missing) == {c for c in EXPECTED if c != "field"}
    assert found.unused == ("C01", "C02", "C03")


def test_a_join_that_a_person_names_has_the_columns_of_its_tables(tmp_path: Path) -> None:
    source = sqlite_system(tmp_path / "la.sqlite")
    join = "quan_ly_hs JOIN nguoi_dung ON nguoi_dung.id = quan_ly_hs.id"
    found = looked_at(source, table=join).dossiers.found
    assert {"quan_ly_hs.id", "nguoi_dung.id", "tinh_trang", "trang_thai"} <= set(found.columns)


@pytest.mark.parametrize(
    ("join", "key", "common"),
    [
        ("phieu JOIN dm_tinh_trang ON dm_tinh_trang.id = phieu.tinh_trang", "phieu.id", "dm_tinh_trang.id"),
        ("phieu AS p LEFT JOIN dm_tinh_trang t ON t.id = p.tinh_trang", "p.id", "t.id"),
        ('"phieu" p\nJOIN "dm_tinh_trang" ON dm_tinh_trang.id = p.tinh_trang', "p.id", "dm_tinh_trang.id"),
    ],
)
def test_a_row_of_a_join_is_called_by_its_first_table(join: str, key: str, common: str, tmp_path: Path) -> None:
    """The list of statuses comes first in the alphabet, and its id would call a thousand dossiers by one number."""
    path = tmp_path / "la.sqlite"
    with sqlite3.connect(path) as system:
        system.execute("CREATE TABLE dm_tinh_trang (id INTEGER PRIMARY KEY, dien_giai)")
        system.execute("CREATE TABLE phieu (id INTEGER PRIMARY KEY, so_ho_so, tinh_trang)")
    system.close()
    found = looked_at(provisional(str(path), kind="sqlite"), table=join).dossiers.found
    assert found.spec.key == key
    assert list(found.columns) == [key, "so_ho_so", "tinh_trang", common, "dien_giai"]


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "secrets"
    folder.mkdir()
    monkeypatch.setenv("CCHC_SECRETS", str(folder))
    return folder


def keep_secret(folder: Path, name: str, **parts: str) -> None:
    path = folder / f"{name}.toml"
    path.write_text("".join(f'{part} = "{value}"\n' for part, value in parts.items()))
    path.chmod(stat.S_IRUSR | stat.S_IWUSR)


@pytest.fixture
def strange_mariadb(mariadb: MariadbServer, secrets: Path) -> Iterator[SourceConfig]:  # noqa: F811
    """The account may read what is needed, column by column, and nothing else."""
    mariadb.empty("la")
    mariadb.run(*statements("`"), database="la")
    mariadb.insert("la", "quan_ly_hs", full_rows())
    readable = ", ".join(f"`{c}`" for c in COLUMNS if c not in PERSONAL)
    mariadb.account(
        "chi_doc",
        "mat-khau",
        f"SELECT ({readable}) ON la.quan_ly_hs",
        "SELECT (so_ho_so, tu_ngay, den_ngay) ON la.tam_dung",
    )
    keep_secret(secrets, "la", user="chi_doc", password="mat-khau")
    mariadb.run("SET GLOBAL log_output = 'TABLE'", "TRUNCATE mysql.general_log", "SET GLOBAL general_log = 1")
    yield provisional(mariadb.address("la"), kind="mariadb", secret="la")
    mariadb.run("SET GLOBAL general_log = 0")


def test_mariadb_is_understood_by_an_account_with_the_least_rights(
    strange_mariadb: SourceConfig,
    mariadb: MariadbServer,  # noqa: F811
) -> None:
    proposal = looked_at(strange_mariadb)
    check_proposal(proposal)
    assert proposal.dossiers.personal == (), "what may not be read is not even shown"
    logged = mariadb.run(
        "SELECT CONVERT(argument USING utf8mb4) FROM mysql.general_log WHERE user_host LIKE 'chi_doc%'"
    )
    said = " ".join(str(row[0]) for row in logged)
    assert "tinh_trang" in said
    assert not [name for name in PERSONAL if name in said]


@pytest.fixture
def strange_postgresql(postgres: PostgresServer, secrets: Path) -> Iterator[SourceConfig]:  # noqa: F811
    """The same; one column that is needed may not be read either."""
    postgres.empty(DATABASE)
    readable = ", ".join(f'"{c}"' for c in COLUMNS if c not in (*PERSONAL, "han_tra"))
    with postgres.connect(DATABASE) as system:
        for statement in statements():
            system.execute(statement)
        marks = ", ".join(["%s"] * len(COLUMNS))
        system.cursor().executemany(f"INSERT INTO quan_ly_hs VALUES ({marks})", full_rows())
        system.execute("DROP ROLE IF EXISTS chi_doc")
        system.execute("CREATE ROLE chi_doc LOGIN")
        system.execute("GRANT USAGE ON SCHEMA public TO chi_doc")
        system.execute(f"GRANT SELECT ({readable}) ON quan_ly_hs TO chi_doc")
        system.execute("GRANT SELECT (so_ho_so, tu_ngay, den_ngay) ON tam_dung TO chi_doc")
    keep_secret(secrets, "la", user="chi_doc", password="khong-hoi")
    yield provisional(f"postgresql://127.0.0.1:{postgres.port}/{DATABASE}", kind="postgresql", secret="la")
    with postgres.connect(DATABASE) as system:
        system.execute("DROP OWNED BY chi_doc")
        system.execute("DROP ROLE chi_doc")


def test_postgresql_is_understood_by_an_account_with_the_least_rights(strange_postgresql: SourceConfig) -> None:
    """Its catalogue shows what there is; a column that may not be read is not proposed."""
    proposal = looked_at(strange_postgresql)
    expected = {**EXPECTED, "due_date": ("", "")}
    assert column_map(proposal) == expected
    assert proposal.dossiers.missing == ("due_date",)
    assert set(proposal.dossiers.personal) == set(PERSONAL)
    assert proposal.codes["status"] == [Code("Treo"), Code("Đang xử lý"), Code("Đã trả kết quả")]


@pytest.fixture
def schema_of_its_own(strange_postgresql: SourceConfig, postgres: PostgresServer) -> Iterator[SourceConfig]:  # noqa: F811
    """A dossier's own number, which is the key there, may not be read; the address names the schema."""
    with postgres.connect(DATABASE) as system:
        system.execute("CREATE SCHEMA kho")
        system.execute("CREATE TABLE kho.danh_muc (ma integer PRIMARY KEY, ten text)")
        system.execute(
            "CREATE TABLE kho.phieu (id int PRIMARY KEY, ma_ho_so text, trang_thai int, kenh int, don_vi int)"
        )
        system.execute("GRANT USAGE ON SCHEMA kho TO chi_doc")
        system.execute("GRANT SELECT ON kho.danh_muc TO chi_doc")
        system.execute("GRANT SELECT (ma_ho_so, trang_thai, kenh, don_vi) ON kho.phieu TO chi_doc")
    yield replace(strange_postgresql, address=f"{strange_postgresql.address}?search_path=kho")
    with postgres.connect(DATABASE) as system:
        system.execute("DROP SCHEMA kho CASCADE")


@pytest.mark.parametrize("schema", ["", "kho."])
def test_a_schema_of_the_address_is_looked_at_once(schema: str, schema_of_its_own: SourceConfig) -> None:
    join = f"{schema}phieu p JOIN {schema}danh_muc d ON d.ma = p.trang_thai"
    proposal = looked_at(schema_of_its_own, table=join)
    assert list(proposal.dossiers.found.columns) == ["id", "ma_ho_so", "trang_thai", "kenh", "don_vi", "ma", "ten"]
    assert [found.name for found, _ in proposal.others] == ["public.quan_ly_hs"]


@pytest.mark.parametrize("name", ["phieu", "kho.phieu"])
def test_a_key_that_may_not_be_read_is_not_proposed(name: str, schema_of_its_own: SourceConfig) -> None:
    proposal = looked_at(schema_of_its_own, table=name)
    assert proposal.dossiers.found.spec.key == ""
    assert [found.name for found, _ in proposal.others] == ["public.quan_ly_hs"]


def test_days_that_the_database_holds_as_days_need_no_look(
    postgres: PostgresServer,  # noqa: F811
    strange_postgresql: SourceConfig,
) -> None:
    with postgres.connect(DATABASE) as system:
        system.execute("""ALTER TABLE quan_ly_hs ALTER "NgayNhan" TYPE timestamptz USING now()""")
        system.execute("ALTER TABLE quan_ly_hs ADD lien_thong boolean, ADD ngay_tra date")
        system.execute("GRANT SELECT (lien_thong, ngay_tra) ON quan_ly_hs TO chi_doc")
    proposal = looked_at(strange_postgresql)
    assert column_map(proposal)["received_date"] == ("NgayNhan", "iso")
    assert column_map(proposal)["returned_date"] == ("ngay_tra", "iso")
    assert column_map(proposal)["linked"] == ("lien_thong", "true")
    assert 'CAST("NgayNhan" AS date) > CAST(:last AS date)' in proposal.dossiers.where


def test_codes_that_take_too_long_are_left_to_a_person(tmp_path: Path) -> None:
    """The draft is written all the same."""
    source = sqlite_system(tmp_path / "la.sqlite")
    endless = "(WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r)"
    with sqlite3.connect(tmp_path / "la.sqlite") as system:
        system.execute("ALTER TABLE quan_ly_hs RENAME TO cu")
        others = ", ".join(name for name in COLUMNS if name != "tinh_trang")
        system.execute(f"CREATE VIEW quan_ly_hs AS SELECT {others}, {endless} AS tinh_trang FROM cu")
    system.close()
    proposal = looked_at(replace(source, timeout_seconds=0.3), table="quan_ly_hs")
    assert proposal.codes["status"] is None
    assert proposal.codes["channel"] == [Code("1"), Code("2")]
    assert proposal.dossiers.missing == ()


@pytest.mark.parametrize("kind", ["sqlite", "mariadb", "postgresql"])
def test_what_was_drafted_can_be_read_as_it_is(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Its condition runs in the reader of the kind, and no dossier of the period is left out."""
    is_file = kind == "sqlite"
    source = sqlite_system(tmp_path / "la.sqlite") if is_file else request.getfixturevalue(f"strange_{kind}")
    proposal = looked_at(source)
    assert ":last" in proposal.dossiers.where
    spec = proposal.dossiers.found.spec.model_copy(update={"where": proposal.dossiers.where})
    mapped = {c.column: (c.source_column, c.format) for c in proposal.dossiers.columns if c.source_column}
    table = table_map("dossiers", mapped, spec)
    with open_reader(replace(source, tables={"dossiers": table})) as reader:
        reader.probe()
        read = [code for batch in reader.read(table, PERIOD.window) for code in batch["so_ho_so"].to_pylist()]
    assert sorted(read) == sorted(row[1] for row in ROWS)


def test_a_column_that_may_not_be_read_is_said_to_be_there(
    schema_of_its_own: SourceConfig,
    postgres: PostgresServer,  # noqa: F811
) -> None:
    with postgres.connect(DATABASE) as system:
        system.execute("ALTER TABLE kho.phieu ADD COLUMN ngay_nhan date")
    found = {c.column: c for c in looked_at(schema_of_its_own, table="kho.phieu").dossiers.columns}
    assert found["received_date"].source_column == ""
    assert found["received_date"].note == "CHƯA CÓ QUYỀN ĐỌC cột «ngay_nhan»: xin quyền, rồi ghi tên cột này"
    assert found["due_date"].note.startswith("CHƯA TÌM THẤY")
    joined = looked_at(schema_of_its_own, table="kho.phieu p JOIN kho.danh_muc d ON d.ma = p.id").dossiers.columns
    assert "«ma_ho_so» (hoặc các cột nối của JOIN)" in joined[0].note

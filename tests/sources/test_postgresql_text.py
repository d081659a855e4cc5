"""Whatever type a column has, its values land as the very text that CAST(x AS text) gives."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from contracts.columns import DOSSIER_COLUMNS
from contracts.source_config import SourceConfig
from contracts.table_spec import SqlTable
from sources.reader import open_reader
from tests.servers import DATABASE, PostgresServer, postgres  # noqa: F401
from tests.sources.postgres_systems import postgres_source
from tests.sources.systems import PERIOD, rows_of, table_map
from tests.tried import tried

TYPES = {
    # column: its type, and how a value is made of what is drawn
    "chu": ("text", "%s"),
    "chu_ngan": ("varchar(200)", "%s"),
    "chu_dem": ("char(8)", "%s"),
    "so_nho": ("smallint", "%s"),
    "so": ("integer", "%s"),
    "so_lon": ("bigint", "%s"),
    "dung": ("boolean", "%s"),
    "ngay": ("date", "%s::date"),
    "luc": ("timestamp", "%s::timestamp"),
    "luc_tinh": ("timestamp", "timestamp '2000-01-01' + %s * interval '1 day' + %s * interval '1 microsecond'"),
    "luc_vung": ("timestamptz", "%s::timestamptz"),
    "tien": ("numeric", "%s"),
    "thuc": ("double precision", "%s"),
    "khac": ("text[]", "ARRAY[%s]"),
    "mien": ("ma_mien", "%s"),
}
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
awkward = st.sampled_from(
    ["", " ", '"', "\\N", "\\", "a\\nb", "hai\ndòng", "\t", "\r\n", "NULL", "𠀀🏛", "Ho\u0300a", "'"]
)
words = texts | awkward
years = st.integers(1, 9999).map(lambda y: f"{y:04d}-03-01")
ends = st.sampled_from(
    ["infinity", "-infinity", "0001-01-01", "9999-12-31", "10000-01-01", "0044-03-15 BC", "0001-12-31 BC"]
)
days = years | ends
clocks = st.sampled_from(["", " 00:00:00.000001", " 23:59:59.999999", " 12:30:00.5", " 08:05:00"])


def moment(day: str, clock: str) -> str:
    """A day and a time of it; of infinity there is none."""
    date, _, era = day.partition(" ")
    return day if "infinity" in day else f"{date}{clock} {era}".strip()


moments = st.builds(moment, days, clocks)
zoned = st.builds(moment, years | ends, clocks.map(lambda clock: (clock or " 00:00:00") + "+00"))
rows = st.tuples(
    words,
    words,
    st.text("ăâđ0 ", max_size=8),
    st.integers(-(2**15), 2**15 - 1),
    st.integers(-(2**31), 2**31 - 1),
    st.integers(-(2**63), 2**63 - 1),
    st.booleans(),
    days,
    moments,
    st.tuples(st.integers(-2_451_545, 100_000_000), st.integers(0, 86_399_999_999)),
    zoned,
    st.decimals(places=6, allow_nan=False, allow_infinity=False) | st.just(Decimal("NaN")),
    st.floats(),
    words,
    words,
)
optional = st.lists(rows.flatmap(lambda row: st.tuples(*(st.none() | st.just(value) for value in row))), max_size=8)
ORDINARY = (
    "a",
    "b",
    "c",
    1,
    2,
    3,
    True,
    "2024-10-15",
    "2024-10-15 08:30:00",
    (9000, 0),
    "2024-10-15+00",
    Decimal(1),
    1.0,
    "",
    "x",
)


@pytest.fixture(scope="module")
def system(postgres: PostgresServer) -> Iterator[SourceConfig]:  # noqa: F811
    """A table with a column of every type."""
    postgres.empty(DATABASE)
    with postgres.connect(DATABASE) as connection:
        connection.execute("CREATE DOMAIN ma_mien AS text CHECK (length(VALUE) < 100)")
        connection.execute(
            "CREATE TABLE kieu (" + ", ".join(f"{name} {kind}" for name, (kind, _) in TYPES.items()) + ")"
        )
    assert len(TYPES) <= len(DOSSIER_COLUMNS), "each type stands in a column of ours"
    columns = {ours.name: (name, "") for ours, name in zip(DOSSIER_COLUMNS, TYPES, strict=False)}
    made = postgres_source(postgres)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CCHC_SECRET_HUYEN_THU_USER", postgres.user)
        yield with_table(made, columns, "kieu")


def with_table(config: SourceConfig, columns: dict[str, tuple[str, str]], table: str) -> SourceConfig:
    from dataclasses import replace

    return replace(config, tables={"dossiers": table_map("dossiers", columns, SqlTable(from_=table))})


def read(config: SourceConfig) -> list[tuple[str | None, ...]]:
    with open_reader(config) as reader:
        batches = reader.read(config.tables["dossiers"], PERIOD.window)
        return [row[:-1] for batch in batches for row in rows_of(batch)]


def written(connection: psycopg.Connection, found: list[tuple[Any, ...]]) -> list[tuple[str | None, ...]]:
    """Put these rows into the table; what the server itself makes of them as texts."""
    connection.execute("TRUNCATE kieu")
    for row in found:
        makers = [maker if value is not None else "NULL" for value, (_, maker) in zip(row, TYPES.values(), strict=True)]
        given_values = [
            part for value in row if value is not None for part in (value if isinstance(value, tuple) else [value])
        ]
        connection.execute(f"INSERT INTO kieu VALUES ({', '.join(makers)})", given_values)
    connection.execute("SET TIME ZONE '<+07>-07'")
    return connection.execute(
        "SELECT " + ", ".join(f"CAST({name} AS text)" for name in TYPES) + " FROM kieu"
    ).fetchall()


@settings(
    max_examples=tried(40),
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(optional)
@example([(*ORDINARY[:9], (day, 0), *ORDINARY[10:]) for day in (-2_451_545, 0, 100_000_000)])
@example(
    [(*ORDINARY[:7], day, day, *ORDINARY[9:]) for day in ("infinity", "-infinity", "0044-03-15 BC", "12024-01-01")]
)
@example([ORDINARY, (None,) * len(TYPES), ORDINARY])
def test_every_value_is_what_the_server_would_write(
    postgres: PostgresServer,  # noqa: F811
    system: SourceConfig,
    found: list[tuple[Any, ...]],
) -> None:
    with postgres.connect(DATABASE) as connection:
        expected = written(connection, found)
    assert read(system) == expected


ENCODED = [
    # encoding of the database   a text in it, as bytes       how it lands
    (
        "WIN1258",
        "Hô sơ một cửa".encode("cp1258", "ignore"),
        "Hô sơ một cửa".encode("cp1258", "ignore").decode("cp1258"),
    ),
    ("SQL_ASCII", b"\xb8\xcb TCVN3", "\\xb8\\xcb TCVN3"),
    ("SQL_ASCII", "Hồ sơ".encode(), "Hồ sơ"),
]


@pytest.mark.parametrize(("encoding", "stored", "landed_as"), ENCODED)
def test_a_database_in_another_encoding_lands_in_utf_8(
    postgres: PostgresServer,  # noqa: F811
    system: SourceConfig,
    encoding: str,
    stored: bytes,
    landed_as: str,
) -> None:
    from dataclasses import replace

    name = f"ma_{encoding.lower()}"
    with postgres.connect() as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}' LOCALE 'C'")
    with postgres.connect(name) as connection:
        connection.execute("CREATE TABLE kieu (" + ", ".join(f"{column} text" for column in TYPES) + ")")
        connection.execute("INSERT INTO kieu (chu) VALUES (convert_from(%s, %s))", [stored, encoding])
    [row] = read(replace(system, address=system.address.replace(DATABASE, name)))
    assert row[0] == landed_as

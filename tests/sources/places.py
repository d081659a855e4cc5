"""Places where files are put: this machine, an SFTP server, an S3 store; and sources that read them there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pytest

from contracts.errors import SourceError, SourceUnreachable
from contracts.source_config import SourceConfig
from contracts.table_spec import FileConnection, FileTable
from sources.reader import open_reader, probe
from tests.servers.s3 import BUCKET, S3Server, s3, s3_server
from tests.servers.sftp import SftpServer, sftp, sftp_server
from tests.sources.systems import HEADS, IN_WORDS, PERIOD, source, table_map, workbook_rows, write_workbook

__all__ = ["s3", "s3_server", "sftp", "sftp_server"]

HEAD_LINE = ",".join(head for head, _ in HEADS.values())
ROW = ",".join(cell or "" for cell in IN_WORDS)
CSV = f"{HEAD_LINE}\n{ROW}\n".encode()
CANARY = "mật-khẩu-bí-mật-7f3a"


def csv_source(address: str, *, file: str = "", **connection: str) -> SourceConfig:
    spec = FileTable(file=file)
    config = source(Path("x"), {"dossiers": table_map("dossiers", HEADS, spec)}, kind="csv")
    return replace(config, address=address, connection=FileConnection(**connection))  # type: ignore[arg-type]


def excel_source(address: str, *, file: str = "", **connection: str) -> SourceConfig:
    spec = FileTable(file=file, sheet="Hồ sơ", header_row=3)
    config = source(Path("x"), {"dossiers": table_map("dossiers", HEADS, spec)}, kind="excel")
    return replace(config, address=address, connection=FileConnection(**connection))  # type: ignore[arg-type]


def read(config: SourceConfig) -> list[pa.RecordBatch]:
    with open_reader(config) as reader:
        return list(reader.read(config.tables["dossiers"], PERIOD.window))


def addresses(config: SourceConfig) -> list[str]:
    return [address for batch in read(config) for address in batch["_address"].to_pylist()]


@dataclass
class Place:
    """Where files are put, and how a source is made that reads them there."""

    put: Callable[[str, bytes], None]
    at: Callable[[SourceConfig], SourceConfig]
    address: Callable[[str], str]


def give(monkeypatch: pytest.MonkeyPatch, **parts: str) -> str:
    for part, text in parts.items():
        monkeypatch.setenv(f"CCHC_SECRET_THU_{part.upper()}", text)
    return "thu"


@pytest.fixture
def on_this_machine(tmp_path: Path) -> Place:
    drop = tmp_path / "nhận"
    drop.mkdir()

    def put(name: str, content: bytes) -> None:
        (drop / name).parent.mkdir(exist_ok=True)
        (drop / name).write_bytes(content)

    return Place(put, lambda config: config, lambda name: str(drop / name))


@pytest.fixture
def on_sftp(sftp: SftpServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    (tmp_path / "known_hosts").write_text(sftp.known_hosts())
    secret = give(monkeypatch, user=sftp.user, private_key=sftp.private_key)

    def put(name: str, content: bytes) -> None:
        (sftp.drop / name).parent.mkdir(exist_ok=True)
        (sftp.drop / name).write_bytes(content)

    return Place(put, lambda config: replace(config, folder=tmp_path, secret=secret), sftp.address)


@pytest.fixture
def on_s3(s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> Place:
    secret = give(monkeypatch, access_key=s3.access_key, secret_key=s3.secret_key)

    def at(config: SourceConfig) -> SourceConfig:
        said = config.connection.model_copy(update={"endpoint": s3.endpoint})
        return replace(config, secret=secret, connection=said)

    return Place(lambda name, content: s3.put(f"nhận/{name}", content), at, lambda name: f"s3://{BUCKET}/nhận/{name}")


PLACES = ["on_this_machine", "on_sftp", "on_s3"]


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest) -> Place:
    found: Place = request.getfixturevalue(request.param)
    return found


def workbook(folder: Path) -> bytes:
    path = folder / "made.xlsx"
    write_workbook(path, {"Hồ sơ": workbook_rows(IN_WORDS, IN_WORDS)})
    return path.read_bytes()


def refused(config: SourceConfig) -> str:
    """What is told of a source that must not be tried again by itself."""
    with pytest.raises(SourceError) as caught:
        probe(config)
    assert not isinstance(caught.value, SourceUnreachable), "a refused login is not worth a retry"
    return str(caught.value)


def on(place: Place, name: str = "2024Q4.csv") -> SourceConfig:
    place.put(name, CSV)
    return place.at(csv_source(place.address(name)))

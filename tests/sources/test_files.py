"""Files are read alike wherever they lie, whole or not at all, and only from a server that is known."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import asyncssh
import pyarrow as pa
import pytest

from contracts.configfile import build
from contracts.errors import CchcError, ConfigError, SourceDrift, SourceError, SourceNotReceived, SourceUnreachable
from contracts.source_config import SourceConfig
from contracts.table_spec import FileConnection, FileTable
from sources import files
from sources.reader import open_reader, probe
from tests.servers.password_sftp import USER, PasswordServer, by_password
from tests.servers.process import free_port
from tests.servers.relay import relay, silent
from tests.servers.s3 import BUCKET, S3Server, s3, s3_server
from tests.servers.sftp import SftpServer, sftp, sftp_server
from tests.sources.systems import HEADS, IN_WORDS, PERIOD, source, table_map, with_spec, workbook_rows, write_workbook

__all__ = ["by_password", "s3", "s3_server", "sftp", "sftp_server"]

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


def test_a_workbook_is_the_same_wherever_it_lies(
    tmp_path: Path, on_this_machine: Place, on_sftp: Place, on_s3: Place
) -> None:
    content = workbook(tmp_path)
    for one in (on_this_machine, on_sftp, on_s3):
        one.put("2024Q4.xlsx", content)
    found = [read(one.at(excel_source(one.address("2024Q4.xlsx")))) for one in (on_this_machine, on_sftp, on_s3)]
    assert found[0][0].num_rows == 2
    assert found[0] == found[1] == found[2]


def test_a_long_csv_is_the_same_wherever_it_lies(on_this_machine: Place, on_sftp: Place, on_s3: Place) -> None:
    lines = [ROW.replace("0001", f"{n:06d}") for n in range(60_000)]
    content = "\r\n".join([HEAD_LINE, *lines, ""]).encode()
    assert len(content) > 4 * files.BLOCK
    for one in (on_this_machine, on_sftp, on_s3):
        one.put("2024Q4.csv", content)
    found = [read(one.at(csv_source(one.address("2024Q4.csv")))) for one in (on_this_machine, on_sftp, on_s3)]
    assert sum(batch.num_rows for batch in found[0]) == 60_000
    assert found[0] == found[1] == found[2]


def test_all_files_that_fit_are_read_in_the_order_of_their_names(place: Place) -> None:
    for name in ("xã B.csv", "xã A.csv", "ghi chú.txt", "xã C.csv.filepart", "~$xã D.csv", ".xã E.csv"):
        place.put(name, CSV)
    by_address = place.at(csv_source(place.address("xã *.csv")))
    by_table = place.at(csv_source(place.address("").rstrip("/"), file="*.csv"))
    assert addresses(by_address) == addresses(by_table) == ["xã A.csv!2", "xã B.csv!2"]


def test_files_of_the_same_name_in_folders_of_their_own_are_told_apart(place: Place) -> None:
    for name in ("xã A/2024Q4.csv", "xã B/2024Q4.csv", "xã B/2024Q3.csv"):
        place.put(name, CSV)
    found = addresses(place.at(csv_source(place.address("*/2024Q4.csv"))))
    assert found == ["xã A/2024Q4.csv!2", "xã B/2024Q4.csv!2"]


def test_a_name_is_found_however_its_letters_are_composed(place: Place) -> None:
    place.put("Xa\u0303 A.csv", CSV)
    assert addresses(place.at(csv_source(place.address("Xã A.csv")))) == ["Xã A.csv!2"]
    assert addresses(place.at(csv_source(place.address("Xã*.csv")))) == ["Xã A.csv!2"]


def test_a_file_not_yet_sent_is_told_with_names_near_to_it(place: Place) -> None:
    place.put("2024Q4 (1).csv", CSV)
    place.put("hướng dẫn.pdf", b"x")
    with pytest.raises(SourceNotReceived) as caught:
        probe(place.at(csv_source(place.address("2024Q4.csv"))))
    assert "chưa nhận được tệp «2024Q4.csv»" in caught.value.cause
    assert "«2024Q4 (1).csv»" in caught.value.cause
    assert "hướng dẫn" not in caught.value.cause


def test_a_number_of_files_that_was_agreed_is_kept(place: Place) -> None:
    """A commune whose file has not come would otherwise be counted as one without dossiers."""
    for name in ("xã A.csv", "xã B.csv"):
        place.put(name, CSV)
    config = place.at(csv_source(place.address("*.csv")))
    assert len(addresses(with_spec(config, files=2))) == 2
    with pytest.raises(SourceNotReceived, match=r"mới nhận 2 trong 3 tệp: «xã A\.csv», «xã B\.csv»"):
        probe(with_spec(config, files=3))
    with pytest.raises(SourceDrift, match="có 2 tệp, nhiều hơn 1"):
        read(with_spec(config, files=1))


def test_two_files_that_cannot_be_told_apart_are_refused(place: Place) -> None:
    place.put("Xa\u0303 A.csv", CSV)
    place.put("Xã A.csv", CSV)
    with pytest.raises(SourceDrift, match="hai tệp cùng tên"):
        read(place.at(csv_source(place.address("*.csv"))))


def test_no_file_of_a_pattern_is_told(place: Place) -> None:
    place.put("khác.txt", b"x")
    with pytest.raises(SourceNotReceived, match=r"«\*\.csv»"):
        read(place.at(csv_source(place.address("*.csv"))))


def test_a_folder_that_is_not_there_is_a_file_not_received(place: Place) -> None:
    with pytest.raises(SourceNotReceived):
        probe(place.at(csv_source(place.address("không có/2024Q4.csv"))))
    with pytest.raises(SourceNotReceived):
        probe(place.at(csv_source(place.address("không có/*.csv"))))


def test_an_empty_file_is_told(place: Place) -> None:
    place.put("2024Q4.csv", b"")
    with pytest.raises(SourceUnreachable, match=r"«2024Q4\.csv» rỗng"):
        probe(place.at(csv_source(place.address("2024Q4.csv"))))


def test_one_commune_s_file_that_differs_is_named(place: Place) -> None:
    place.put("xã A.csv", CSV)
    place.put("xã B.csv", CSV.replace("Ngày hẹn trả".encode(), "Hạn".encode()))
    place.put("xã C.csv", CSV.replace("Tình trạng".encode(), "Trạng thái".encode()))
    config = place.at(csv_source(place.address("*.csv")))
    with pytest.raises(SourceDrift) as caught:
        probe(config)
    assert "tệp «xã B.csv», dòng tiêu đề 1: thiếu cột «Ngày hẹn trả»" in caught.value.cause
    assert "tệp «xã C.csv», dòng tiêu đề 1: thiếu cột «Tình trạng»" in caught.value.cause
    assert "xã A" not in caught.value.cause
    with pytest.raises(SourceDrift, match="xã B"):
        read(config)


def test_where_each_column_stood_is_known_of_every_file(place: Place) -> None:
    place.put("xã A.csv", CSV)
    backwards = [",".join(reversed(line.split(","))) for line in CSV.decode().splitlines()]
    place.put("xã B.csv", "\n".join([*backwards, ""]).encode())
    config = place.at(csv_source(place.address("*.csv")))
    with open_reader(config) as reader:
        assert len(list(reader.read(config.tables["dossiers"], PERIOD.window))) == 2
        found = reader.places(config.tables["dossiers"])  # type: ignore[attr-defined]
    assert found["xã A.csv"]["Mã hồ sơ"] == "1"
    assert found["xã B.csv"]["Mã hồ sơ"] == str(len(HEADS))


# --- a file that changes under the reader ---------------------------------------------------------------------------


def test_a_file_that_grows_while_it_is_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "2024Q4.csv"
    path.write_bytes(CSV + (ROW + "\n").encode() * 20_000)
    config = csv_source(str(path))
    with open_reader(config) as reader:
        batches = reader.read(config.tables["dossiers"], PERIOD.window)
        next(batches)
        with path.open("ab") as more:
            more.write(CSV)
        with pytest.raises(SourceUnreachable, match=r"đang được gửi|đáng lẽ"):
            list(batches)


def test_all_tables_are_of_the_file_that_was_seen_first(tmp_path: Path) -> None:
    path = tmp_path / "2024Q4.csv"
    path.write_bytes(CSV)
    config = csv_source(str(path))
    with open_reader(config) as reader:
        list(reader.read(config.tables["dossiers"], PERIOD.window))
        path.write_bytes(CSV.replace(b"Q", b"P"))
        os.utime(path, ns=(0, 0))
        with pytest.raises(SourceUnreachable, match="thay đổi"):
            list(reader.read(config.tables["dossiers"], PERIOD.window))


# --- on this machine ------------------------------------------------------------------------------------------------


def test_a_link_in_the_drop_folder_does_not_lead_out_of_it(tmp_path: Path, on_this_machine: Place) -> None:
    (tmp_path / "riêng.csv").write_bytes(CSV)
    Path(on_this_machine.address("xã A.csv")).symlink_to(tmp_path / "riêng.csv")
    with pytest.raises(SourceUnreachable, match="dẫn ra ngoài"):
        read(csv_source(on_this_machine.address("*.csv")))
    assert addresses(csv_source(on_this_machine.address("xã A.csv"))) == ["xã A.csv!2"], "an operator named it"


def test_a_pipe_is_not_waited_for(on_this_machine: Place) -> None:
    os.mkfifo(on_this_machine.address("2024Q4.csv"))
    with pytest.raises(SourceUnreachable, match="không phải là tệp"):
        probe(csv_source(on_this_machine.address("2024Q4.csv")))


@pytest.mark.parametrize("file", ["../khác.csv", "a/../../b.csv", "/etc/passwd", "..\\b.csv", "**/*.csv"])
def test_a_table_s_file_stays_below_the_address(tmp_path: Path, file: str) -> None:
    (tmp_path / "source.toml").write_text("")
    with pytest.raises(ConfigError, match="bên dưới địa chỉ"):
        build(FileTable, {"file": file}, path=tmp_path / "source.toml")


def test_another_kind_of_address_is_refused() -> None:
    with pytest.raises(SourceDrift, match="không phải ftp://"):
        probe(csv_source("ftp://10.0.0.1/2024Q4.csv"))


# --- SFTP -----------------------------------------------------------------------------------------------------------


def refused(config: SourceConfig) -> str:
    """What is told of a source that must not be tried again by itself."""
    with pytest.raises(SourceError) as caught:
        probe(config)
    assert not isinstance(caught.value, SourceUnreachable), "a refused login is not worth a retry"
    return str(caught.value)


def on(place: Place, name: str = "2024Q4.csv") -> SourceConfig:
    place.put(name, CSV)
    return place.at(csv_source(place.address(name)))


def test_a_server_that_nobody_wrote_down_is_refused(on_sftp: Place, tmp_path: Path) -> None:
    (tmp_path / "known_hosts").unlink()
    assert "ssh-keyscan -p" in refused(on(on_sftp))


@pytest.mark.parametrize("text", ["", "# trống\n", "khac.vn ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ"])
def test_a_list_of_hosts_without_this_one_is_refused(on_sftp: Place, tmp_path: Path, text: str) -> None:
    (tmp_path / "known_hosts").write_text(text)
    assert "không có khóa của máy chủ này" in refused(on(on_sftp)) or text.startswith("khac")


@pytest.mark.parametrize("kind", ["ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256"])
def test_a_server_with_another_key_is_refused(on_sftp: Place, sftp: SftpServer, tmp_path: Path, kind: str) -> None:
    other = asyncssh.generate_private_key(kind).export_public_key().decode()
    (tmp_path / "known_hosts").write_text(f"[127.0.0.1]:{sftp.port} {other}\n")
    told = refused(on(on_sftp))
    assert "KHÁC khóa đã ghi" in told
    assert "giả mạo" in told


def test_the_account_s_own_list_of_hosts_does_not_count(
    on_sftp: Place, sftp: SftpServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    (home / ".ssh").mkdir(parents=True)
    (home / ".ssh/known_hosts").write_text(sftp.known_hosts())
    (home / ".ssh/config").write_text("Host *\n  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n")
    monkeypatch.setenv("HOME", str(home))
    (tmp_path / "known_hosts").write_text("")
    assert "không có khóa của máy chủ này" in refused(on(on_sftp))


def test_another_key_is_refused_by_the_server(on_sftp: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode()
    config = on(on_sftp)
    give(monkeypatch, private_key=other)
    told = refused(config)
    assert "từ chối đăng nhập" in told
    assert other.splitlines()[2] not in told


def test_a_key_with_a_passphrase_opens(on_sftp: Place, sftp: SftpServer, monkeypatch: pytest.MonkeyPatch) -> None:
    locked = asyncssh.import_private_key(sftp.private_key).export_private_key("pkcs8-pem", passphrase=CANARY).decode()
    config = on(on_sftp)
    give(monkeypatch, private_key=locked, passphrase=CANARY)
    assert addresses(config) == ["2024Q4.csv!2"]
    for wrong in (f"{CANARY}!", ""):
        give(monkeypatch, passphrase=wrong)
        assert CANARY not in (told := refused(config))
        assert "passphrase" in told


def test_a_secret_without_what_a_login_needs_is_told(on_sftp: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    config = on(on_sftp)
    monkeypatch.delenv("CCHC_SECRET_THU_PRIVATE_KEY")
    assert "không có khóa riêng, cũng không có mật khẩu" in refused(config)
    give(monkeypatch, private_key="không phải khóa")
    assert "không mở được" in refused(config)
    monkeypatch.delenv("CCHC_SECRET_THU_USER")
    assert "user" in refused(config)


def test_a_password_opens_and_a_wrong_one_is_tried_once(
    by_password: PasswordServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (by_password.folder / "drop/2024Q4.csv").write_bytes(CSV)
    (tmp_path / "known_hosts").write_text(by_password.known_hosts())
    secret = give(monkeypatch, user=USER, password="đúng mật khẩu")
    config = replace(csv_source(by_password.address("2024Q4.csv")), folder=tmp_path, secret=secret)
    assert addresses(config) == ["2024Q4.csv!2"]
    give(monkeypatch, password=CANARY)
    with pytest.raises(CchcError) as caught:
        probe(config)
    assert by_password.refused == 1
    assert "từ chối đăng nhập" in caught.value.cause
    assert CANARY not in f"{caught.value}{caught.value.__cause__}{caught.value.__context__}"


def test_a_password_is_no_key(on_sftp: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    config = on(on_sftp)
    monkeypatch.delenv("CCHC_SECRET_THU_PRIVATE_KEY")
    give(monkeypatch, password=CANARY)
    assert CANARY not in refused(config)


def test_a_file_that_may_not_be_read_is_told(on_sftp: Place, sftp: SftpServer) -> None:
    config = on(on_sftp)
    (sftp.drop / "2024Q4.csv").chmod(0)
    with pytest.raises(SourceUnreachable, match=r"không có quyền đọc «2024Q4\.csv»"):
        read(config)


def test_a_server_that_is_off_is_told(on_sftp: Place, sftp: SftpServer, tmp_path: Path) -> None:
    port = free_port()
    (tmp_path / "known_hosts").write_text(sftp.known_hosts(port=port))
    with pytest.raises(SourceUnreachable, match="không nối được"):
        probe(replace(on(on_sftp), address=sftp.address("2024Q4.csv", port=port)))


def test_a_connection_cut_while_reading_is_told(on_sftp: Place, sftp: SftpServer, tmp_path: Path) -> None:
    on_sftp.put("2024Q4.csv", CSV + (ROW + "\n").encode() * 60_000)
    with relay(sftp.port, cut_after=2 * files.BLOCK) as wire:
        (tmp_path / "known_hosts").write_text(sftp.known_hosts(port=wire.port))
        address = sftp.address("2024Q4.csv", port=wire.port)
        with pytest.raises(SourceUnreachable, match="bị ngắt giữa chừng"):
            read(on_sftp.at(csv_source(address)))
        assert wire.passed >= 2 * files.BLOCK


def test_a_server_that_falls_silent_is_waited_for_no_longer_than_said(
    on_sftp: Place, sftp: SftpServer, tmp_path: Path
) -> None:
    with silent() as port:
        (tmp_path / "known_hosts").write_text(sftp.known_hosts(port=port))
        config = replace(on(on_sftp), address=sftp.address("2024Q4.csv", port=port), timeout_seconds=0.3)
        with pytest.raises(SourceUnreachable, match=r"không trả lời trong 0\.3 giây"):
            probe(config)


def test_nothing_of_the_file_stays_on_this_machine(
    on_sftp: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(spool))
    monkeypatch.setattr("tempfile.tempdir", None)
    on_sftp.put("2024Q4.xlsx", workbook(tmp_path))
    assert len(read(on_sftp.at(excel_source(on_sftp.address("2024Q4.xlsx"))))) == 1
    assert list(spool.iterdir()) == []


# --- S3 -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["access_key", "secret_key"])
def test_wrong_keys_of_a_store_are_told(on_s3: Place, monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    config = on(on_s3)
    give(monkeypatch, **{part: CANARY})
    told = refused(config)
    assert "khóa truy cập sai" in told
    assert CANARY not in told


def test_a_bucket_that_is_not_there_is_drift(on_s3: Place, s3: S3Server) -> None:
    config = replace(on(on_s3), address="s3://kho-khac/2024Q4.csv")
    with pytest.raises(SourceDrift, match="không có bucket «kho-khac»"):
        probe(config)


def test_a_store_without_an_endpoint_is_never_amazon_s(on_s3: Place) -> None:
    with pytest.raises(SourceDrift, match="chưa ghi endpoint"):
        probe(replace(on(on_s3), connection=FileConnection()))


def test_nothing_of_the_machine_s_own_set_up_is_used(
    on_s3: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A profile that is not there, keys that are wrong, another endpoint and a proxy that answers nobody."""
    config = on(on_s3)
    (tmp_path / "config").write_text("[profile khác]\nregion = nowhere\n")
    nowhere = f"http://127.0.0.1:{free_port()}"
    for name, text in {
        "AWS_PROFILE": "không-có",
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "AWS_ACCESS_KEY_ID": "sai",
        "AWS_SECRET_ACCESS_KEY": "sai",
        "AWS_SESSION_TOKEN": "sai",
        "AWS_ENDPOINT_URL": nowhere,
        "AWS_ENDPOINT_URL_S3": nowhere,
        "AWS_CA_BUNDLE": str(tmp_path / "không-có.pem"),
        "HTTP_PROXY": nowhere,
        "http_proxy": nowhere,
        "ALL_PROXY": nowhere,
    }.items():
        monkeypatch.setenv(name, text)
    assert addresses(config) == ["2024Q4.csv!2"]


def test_a_store_is_never_asked_with_the_machine_s_keys(
    on_s3: Place, s3: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = replace(on(on_s3), secret="")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", s3.access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", s3.secret_key)
    with pytest.raises(SourceError):
        probe(config)


def test_a_store_that_is_off_is_told(on_s3: Place) -> None:
    off = FileConnection(endpoint=f"http://127.0.0.1:{free_port()}")
    with pytest.raises(SourceUnreachable, match="không nối được tới kho S3"):
        probe(replace(on(on_s3), connection=off))


def test_a_connection_to_a_store_cut_while_reading_is_told(on_s3: Place, s3: S3Server) -> None:
    on_s3.put("2024Q4.csv", CSV + (ROW + "\n").encode() * 60_000)
    with relay(int(s3.endpoint.rsplit(":", 1)[1]), cut_after=2 * files.BLOCK) as wire:
        cut = FileConnection(endpoint=f"http://127.0.0.1:{wire.port}")
        config = replace(on_s3.at(csv_source(on_s3.address("2024Q4.csv"))), connection=cut)
        with pytest.raises(SourceUnreachable, match="không nối được tới kho S3, hoặc kết nối bị ngắt"):
            read(config)


def test_a_store_that_falls_silent_is_waited_for_no_longer_than_said(on_s3: Place) -> None:
    with silent() as port:
        slow = FileConnection(endpoint=f"http://127.0.0.1:{port}")
        config = replace(on(on_s3), connection=slow, timeout_seconds=0.2)
        with pytest.raises(SourceUnreachable, match="hết thời gian chờ"):
            probe(config)

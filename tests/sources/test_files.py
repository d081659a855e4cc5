"""Files are read alike wherever they lie, whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from contracts.configfile import build
from contracts.errors import ConfigError, SourceDrift, SourceNotReceived, SourceUnreachable
from contracts.table_spec import FileTable
from sources.files import sent_files as files
from sources.reader import open_reader, probe
from tests.servers.s3 import s3, s3_server
from tests.servers.sftp import sftp, sftp_server
from tests.sources.places import (
    CSV,
    HEAD_LINE,
    ROW,
    Place,
    addresses,
    csv_source,
    excel_source,
    on_s3,
    on_sftp,
    on_this_machine,
    place,
    read,
    workbook,
)
from tests.sources.systems import HEADS, PERIOD, with_spec

__all__ = ["on_s3", "on_sftp", "on_this_machine", "place", "s3", "s3_server", "sftp", "sftp_server"]


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


# --- a file that changes under the reader ---


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


# --- on this machine ---


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

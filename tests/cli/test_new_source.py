"""`cchc sources new` writes a draft that says what is missing, refuses what it must, and leaves nothing half done."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
import tomllib
from pathlib import Path
from typing import Any

import pytest

from cli import console
from cli.main import main
from contracts.settings import REPOSITORY
from tests.servers import free_port
from tests.sources.strange import PEOPLE, PERSONAL, sqlite_system


@pytest.fixture
def province(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = Path(shutil.copytree(REPOSITORY / "provinces" / "khanh-hoa", tmp_path / "khanh-hoa"))
    monkeypatch.setenv("CCHC_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CCHC_PROVINCE", str(folder))
    monkeypatch.setenv("CCHC_SECRETS", str(tmp_path / "secrets"))
    monkeypatch.setenv("CCHC_NOW", "2024-12-16T08:00:00+07:00")
    monkeypatch.setattr(console.out, "width", 200)
    (tmp_path / "home" / "systems" / "khanh-hoa").mkdir(parents=True)
    sqlite_system(tmp_path / "home" / "systems" / "khanh-hoa" / "la.sqlite")
    return folder


class Said:
    """How the command left, and what it said."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def cchc(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*words: str) -> Said:
        monkeypatch.setattr("sys.argv", ["cchc", *words])
        with pytest.raises(SystemExit) as left:
            main()
        captured = capsys.readouterr()
        return Said(int(left.value.code or 0), captured.out, captured.err)

    return run


NEW = ("sources", "new", "la", "--kind", "sqlite", "--address", "{systems}/la.sqlite")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_draft_holds_what_was_seen_and_leaves_empty_what_was_not(province: Path, cchc: Any) -> None:
    said = cchc(*NEW)
    assert said.code == 0, said.err
    folder = province / "sources" / "la"
    source = tomllib.loads((folder / "source.toml").read_text(encoding="utf-8"))
    assert (source["id"], source["kind"], source["contact"], source["units"]) == ("la", "sqlite", "", ["H32.32"])
    assert source["tables"]["dossiers"]["from"] == "quan_ly_hs"
    assert ":first" in source["tables"]["dossiers"]["where"], "«Đã trả kết quả» is known to close a dossier"
    statuses = {row["code"]: row["group"] for row in rows_of(folder / "status_map.csv")}
    assert statuses == {"Đang xử lý": "open", "Đã trả kết quả": "done", "Treo": ""}
    channels = {row["code"]: row["channel"] for row in rows_of(folder / "channel_map.csv")}
    assert channels == {"1": "", "2": ""}, "a number is never guessed"
    units = {row["local_code"]: row["agency_code"] for row in rows_of(folder / "unit_map.csv")}
    assert units == {"H32.32": "H32.32", "H32.32.01": "H32.32.01", "XA-77": ""}
    assert all(row["note"] for row in rows_of(folder / "column_map.csv"))


def test_personal_columns_are_named_and_never_shown(province: Path, cchc: Any) -> None:
    said = cchc(*NEW)
    texts = [path.read_text(encoding="utf-8") for path in (province / "sources" / "la").iterdir()]
    assert not [value for value in PEOPLE for text in (*texts, said.out) if value in text]
    draft = (province / "sources" / "la" / "source.toml").read_text(encoding="utf-8")
    (line,) = (line for line in draft.splitlines() if line.startswith("# không đọc") and "so_dien_thoai" in line)
    assert all(name in line for name in PERSONAL)


def test_it_says_the_next_commands_and_the_check_names_every_place(province: Path, cchc: Any) -> None:
    said = cchc(*NEW)
    for command in ("sources check la", "rerun 2024Q4 --source la"):
        assert f"cchc --province {province} {command}" in said.out.replace("\n", "")
    checked = cchc("sources", "check", "la", "--json")
    assert checked.code == 2
    told = {one["error"].rsplit("/", 1)[-1].split(": ")[0] for one in json.loads(checked.out)}
    files = {"source.toml:8", "status_map.csv:2", "channel_map.csv:2", "channel_map.csv:3", "unit_map.csv:4"}
    assert files <= told, told


def test_a_system_that_another_source_answers_for_is_told(province: Path, cchc: Any) -> None:
    said = cchc(*NEW)
    assert "H32.32 (Huyện Cam Lâm) đang thuộc nguồn cam-lam" in said.out


def test_one_more_system_of_a_known_vendor_needs_its_units_alone(province: Path, tmp_path: Path, cchc: Any) -> None:
    system = tmp_path / "home" / "systems" / "khanh-hoa" / "td.sqlite"
    with sqlite3.connect(system) as connection:
        columns = [
            row["source_column"] for row in rows_of(province / "vendors/a/column_map.csv") if row["table"] == "dossiers"
        ]
        connection.execute(f"CREATE TABLE HoSo (Id, {', '.join(columns)}, ChuHoSo)")
        connection.executemany(
            "INSERT INTO HoSo (MaCoQuanTiepNhan, ChuHoSo) VALUES (?, ?)", [("H32.35", "A"), ("H32.35.01", "B")]
        )
    connection.close()
    said = cchc("sources", "new", "moi", "--vendor", "a", "--address", "{systems}/td.sqlite")
    assert said.code == 0, said.err
    folder = province / "sources" / "moi"
    assert sorted(path.name for path in folder.iterdir()) == ["source.toml", "unit_map.csv"]
    assert tomllib.loads((folder / "source.toml").read_text(encoding="utf-8"))["units"] == ["H32.35"]
    assert [row["local_code"] for row in rows_of(folder / "unit_map.csv")] == ["H32.35", "H32.35.01"]


def test_the_key_of_a_server_that_lies_there_already_stays(province: Path, cchc: Any) -> None:
    folder = province / "sources" / "la"
    folder.mkdir()
    (folder / "known_hosts").write_text("may-chu ssh-ed25519 AAAA\n")
    assert cchc(*NEW).code == 0
    assert (folder / "known_hosts").read_text() == "may-chu ssh-ed25519 AAAA\n"
    assert cchc(*NEW).code == 2, "a draft that is there is never written over"


REFUSED = """
words                                                              | exit | said
la --kind sqlite --address {systems}/none.sqlite                   | 3    | không tìm thấy tệp «none.sqlite»
la --kind postgresql --address postgresql://u:p@db/x --secret la   | 2    | không được chứa tài khoản
la --kind rest --address https://db/x?token=abc                    | 2    | không được chứa tài khoản
la --kind mariadb --address mariadb://127.0.0.1:{port}/x --secret la | 2  | chưa có bí mật «la»
la --kind mariadb --address mariadb://127.0.0.1 --secret la        | 2    | mariadb://127.0.0.1
la --kind oracel --address x                                       | 2    | không có loại hệ thống «oracel»
la --address x                                                     | 2    | thiếu tùy chọn --kind
La --kind sqlite --address x                                       | 2    | mã nguồn «La»
../la --kind sqlite --address x                                    | 2    | chữ thường
cam-lam --kind sqlite --address x                                  | 2    | nguồn «cam-lam» đã có
la --vendor zz --address x                                         | 2    | chưa có hãng «zz»
la --kind sqlite --address {systems}/la.sqlite --table T99         | 2    | không có bảng «T99»
la --kind sqlite --address {systems}/la.sqlite --connection tls=x  | 2    | --connection tls
la --kind sqlite --address {systems}/la.sqlite --period 2024Q5     | 2    | không có kỳ báo cáo
"""


@pytest.mark.parametrize("line", REFUSED.strip().splitlines()[1:])
def test_what_cannot_be_drafted_is_told_and_nothing_is_written(province: Path, cchc: Any, line: str) -> None:
    words, code, told = (cell.strip() for cell in line.split("|"))
    before = sorted(province.rglob("*"))
    said = cchc("sources", "new", *words.replace("{port}", str(free_port())).split())
    assert (said.code, told in said.err) == (int(code), True), said.err
    assert sorted(province.rglob("*")) == before
    assert "abc" not in said.err
    assert "u:p" not in said.err
    assert "Traceback" not in said.err


def test_a_system_that_does_not_answer_is_told_and_nothing_is_written(
    province: Path, tmp_path: Path, cchc: Any
) -> None:
    secret = tmp_path / "secrets" / "la.toml"
    secret.parent.mkdir()
    secret.touch(mode=0o600)
    secret.write_text('user = "cchc"\npassword = "rất-bí-mật"\n', encoding="utf-8")
    address = f"mariadb://127.0.0.1:{free_port()}/mot_cua"
    said = cchc("sources", "new", "la", "--kind", "mariadb", "--address", address, "--secret", "la")
    assert said.code == 3
    assert "127.0.0.1" in said.err
    assert "rất-bí-mật" not in said.err
    assert not (province / "sources" / "la").exists()


def test_a_host_is_not_looked_at_outside_its_hours(province: Path, cchc: Any) -> None:
    path = province / "province.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(f'{text}\n[hosts."127.0.0.1"]\nhours = ["18:00-06:00"]\n', encoding="utf-8")
    said = cchc("sources", "new", "la", "--kind", "mariadb", "--address", "mariadb://127.0.0.1/mot_cua")
    assert (said.code, "chỉ được đọc trong giờ 18:00-06:00" in said.err) == (3, True)
    assert not (province / "sources" / "la").exists()


def test_the_list_says_where_each_source_is_and_never_its_secret(province: Path, tmp_path: Path, cchc: Any) -> None:
    path = province / "sources" / "cam-lam" / "source.toml"
    path.write_text(f'secret = "kho"\nsince = 2024-03-14\n{path.read_text(encoding="utf-8")}', encoding="utf-8")
    listed = json.loads(cchc("sources", "list", "--json").out)
    (cam_lam,) = (one for one in listed if one["id"] == "cam-lam")
    assert (cam_lam["secret"], cam_lam["since"], cam_lam["until"]) == ("kho", "2024-03-14", None)
    shown = cchc("sources", "list").out
    assert "từ 14/03/2024" in shown
    assert "Máy chủ" not in shown, "no source has one"


def test_a_check_says_that_a_secret_is_missing_and_goes_on_with_the_others(province: Path, cchc: Any) -> None:
    path = province / "sources" / "cam-lam" / "source.toml"
    path.write_text(f'secret = "kho"\n{path.read_text(encoding="utf-8")}', encoding="utf-8")
    said = cchc("sources", "check", "--json")
    found = {one["id"]: one for one in json.loads(said.out)}
    assert said.code == 2
    assert (found["cam-lam"]["state"], "chưa có bí mật" in found["cam-lam"]["error"]) == ("configuration", True)
    assert {one["state"] for name, one in found.items() if name != "cam-lam"} == {"failed"}, "their files are not built"

"""What the command says before any work: in Vietnamese, with what to do next and the right exit code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cli.main import main

MISTAKES = """
typed                                  | exit | said                                             | next
run                                    | 2    | thiếu tham số KỲ                                 | cchc run --help
run 2024Q5                             | 2    | không có kỳ báo cáo «2024Q5»                     | 2024Q4
run 2024Q4 --as-of hôm-qua             | 2    | «hôm-qua» không phải là ngày                     | năm-tháng-ngày
run 2024Q4 --fresher                   | 2    | không có tùy chọn --fresher                      | cchc run --help
run 2024Q4 2024Q3                      | 2    | thừa tham số: 2024Q3                             | cchc run --help
chạy 2024Q4                            | 2    | không có lệnh «chạy»                             | rerun
sources look                           | 2    | không có lệnh «look»                             | list, check
export 2024Q4 --out f.csv              | 2    | thiếu tùy chọn --what                            | cchc export --help
export 2024Q4 --what fact --out f.csv  | 2    | giá trị của tùy chọn --what không hợp lệ         | cchc export --help
export 2024Q4 --what facts --out f.xls | 2    | không xuất được tệp «f.xls»                      | .parquet
rerun 2024Q4                           | 2    | --failed hoặc --source                           | rerun 2024Q4 --failed
--province                             | 2    | tùy chọn --province viết chưa đúng               | cchc --help
--province no/such sources list        | 2    | no/such: không có thư mục cấu hình tỉnh này      | CCHC_PROVINCE
user add lan --role vua                | 2    | giá trị của tùy chọn --role không hợp lệ         | cchc user add --help
sources check bac-giang                | 2    | không có nguồn «bac-giang»                       | cam-lam
demo break bac-giang                   | 2    | không có nguồn «bac-giang»                       | cam-lam
report 2024Q4                          | 2    | kỳ 2024Q4 chưa có số liệu nào                    | cchc run 2024Q4
approve 2024Q4                         | 2    | thiếu tùy chọn --by                              | cchc approve --help
unlock 2024Q4 --by A                   | 2    | thiếu tùy chọn --reason                          | cchc unlock --help
check 2024Q4 --by A                    | 2    | kỳ 2024Q4 chưa có báo cáo của                    | cchc report 2024Q4
status                                 | 2    | chưa có kỳ nào được chạy                         | cchc run
"""
HELPS = [
    "",
    "run",
    "rerun",
    "report",
    "status",
    "check",
    "approve",
    "unlock",
    "publish",
    "export",
    "doctor",
    "sources",
    "sources list",
    "demo",
    "demo build",
    "published",
    "user",
    "user add",
    "published fetch",
    "published list",
    "notices",
    "notices list",
    "notices test",
    "notices send",
]
ENGLISH = re.compile(r"\b(usage|options?|commands?|arguments?|show|this|message|exit|required|default|error)\b", re.I)


def _leave(typed: str, monkeypatch: pytest.MonkeyPatch, home: Path) -> object:
    monkeypatch.setenv("CCHC_HOME", str(home))
    monkeypatch.setenv("CCHC_PROVINCE", "provinces/khanh-hoa")
    monkeypatch.setattr("sys.argv", ["cchc", *typed.split()])
    with pytest.raises(SystemExit) as left:
        main()
    return left.value.code


@pytest.mark.parametrize("line", MISTAKES.strip().splitlines()[1:])
def test_a_mistake_is_told_once_with_what_to_do(
    line: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    typed, code, said, advice = (cell.strip() for cell in line.split("|"))
    assert _leave(typed, monkeypatch, tmp_path) == int(code)
    cause, todo = capsys.readouterr().err.strip().splitlines()
    assert cause.startswith("LỖI: ")
    assert said in cause
    assert todo.startswith("Làm gì tiếp: ")
    assert advice in todo
    assert not ENGLISH.search(cause)


@pytest.mark.parametrize("command", HELPS)
def test_help_is_vietnamese(
    command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _leave(f"{command} --help", monkeypatch, tmp_path) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"Cách dùng: cchc {command}".rstrip())
    assert not ENGLISH.search(re.sub(r"--[\w-]+", "", said))


def test_alone_it_says_what_it_offers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _leave("", monkeypatch, tmp_path) == 2
    shown = capsys.readouterr()
    assert "rerun" in shown.out
    assert not shown.err

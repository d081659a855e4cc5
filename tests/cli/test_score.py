"""cchc score 766 --figures, as staff use it: any figures, and one message for each thing that is wrong with a file."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console

from cli import score_figures, score_period
from cli.main import main
from contracts.codes import Series
from contracts.settings import REPOSITORY
from tests.reporting.test_scorecard_annex import phu_tho
from transforms.period_scorecard import scorecard

HEAD = "agency_code,level,indicator,numerator,denominator\n"
Captured = pytest.CaptureFixture[str]

DEFECTS = """
the line of the file                    | said
H44,PROVINCE,PROGRESS_ON_TIME,1.234,99  | dong.csv:2: cột numerator: «1.234» đọc được theo hai cách
H44,PROVINCE,PROGRESS_ON_TIME,1.234,99  | nếu là số 1234, viết liền: 1234
H44,PROVINCE,PROGRESS_ON_TIME,1,"5,000" | dong.csv:2: cột denominator: «5,000» đọc được theo hai cách
H44,PROVINCE,PROGRESS_ON_TIME,nhiều,5   | cột numerator: «nhiều» không phải là số nguyên từ 0
H44,PROVINCE,PROGRESS_ON_TIME,2.5,5     | cột numerator: «2.5» không phải là số nguyên
H44,PROVINCE,PROGRESS_ON_TIME,nan,5     | cột numerator: «nan» không phải là số nguyên
H44,PROVINCE,PROGRESS_ON_TIME,-3,5      | cột numerator: «-3» là số âm
H44,PROVINCE,ON_TIME,3,5                | dong.csv:2: cột indicator: không có chỉ tiêu «ON_TIME»
H44,PROVINCE,ON_TIME,3,5                | các chỉ tiêu có thể ghi: PUBLISH_ON_TIME, PUBLIC
H44,TỈNH,PROGRESS_ON_TIME,3,5           | cột level: «TỈNH» không phải là cấp nào trong: province,
H44,,PROGRESS_ON_TIME,3,5               | cột level: ô trống
,PROVINCE,PROGRESS_ON_TIME,3,5          | cột agency_code: ô trống
H44,PROVINCE,PROGRESS_ON_TIME,3         | dong.csv:2: số ô không bằng số cột của dòng đầu
"""


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setenv("CCHC_PROVINCE", "/no/such/province")
    monkeypatch.setenv("CCHC_NOW", "2026-09-26T08:00:00+07:00")
    monkeypatch.setattr("sys.argv", ["cchc", "score", "766", *words])
    with pytest.raises(SystemExit) as left:
        main()
    return int(str(left.value.code))


def written(folder: Path, text: str | bytes, name: str = "dong.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refused(monkeypatch: pytest.MonkeyPatch, capsys: Captured, path: Path, *more: str) -> str:
    assert run(monkeypatch, "--figures", str(path), *more) == 2
    return " ".join(capsys.readouterr().err.split())


def test_the_same_rows_come_back_with_their_scores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    path = written(
        tmp_path,
        HEAD.replace("\n", ",ghi_chu\n")
        + "H44,PROVINCE,PROGRESS_ON_TIME,403016,464494,tỉnh\n"
        + "H44.116,commune,PROGRESS_ON_TIME,,20,\n"
        + "H44.116,commune,PETITION_PROCESSING_ON_TIME,0,0,\n"
        + "H44.01,Department,ONLINE_SUBMISSION,233203.0,268066,\n",
    )
    out = tmp_path / "diem.csv"
    assert run(monkeypatch, "--figures", str(path), "--out", str(out)) == 0
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    assert [row["score"] for row in rows] == ["17.35", "", "6.0", "6.0"]
    assert [row["max_score"] for row in rows] == ["20.0", "20.0", "6.0", "6.0"]
    assert [row["numerator"] for row in rows] == ["403016", "", "0", "233203"]
    assert (rows[0]["ghi_chu"], rows[0]["level"]) == ("tỉnh", "PROVINCE")
    assert all(row["label"] for row in rows)
    assert list(rows[0])[:6] == ["agency_code", "level", "indicator", "numerator", "denominator", "ghi_chu"]
    assert "4 dòng" in capsys.readouterr().out


def test_parquet_keeps_null_apart_from_nought(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, HEAD + "H44,PROVINCE,PROGRESS_ON_TIME,0,5\nH44.01,PROVINCE,PROGRESS_ON_TIME,,5\n")
    out = tmp_path / "diem.parquet"
    assert run(monkeypatch, "--figures", str(path), "--out", str(out)) == 0
    found = pd.read_parquet(out)
    assert found["score"].isna().tolist() == [False, True]
    assert found["score"].iloc[0] == 0


def test_into_a_pipe_goes_the_same_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    path = written(tmp_path, HEAD + "H44,PROVINCE,PROGRESS_ON_TIME,403016,464494\n")
    assert run(monkeypatch, "--figures", str(path)) == 0
    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert (row["agency_code"], row["score"]) == ("H44", "17.35")


def test_on_a_screen_sums_are_said_to_be_partial(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    path = written(tmp_path, HEAD + "H44.100,COMMUNE,PROGRESS_ON_TIME,9,10\nH44.101,COMMUNE,PROGRESS_ON_TIME,1,1\n")
    monkeypatch.setattr(score_figures, "shows_tables", lambda: True)
    monkeypatch.setattr("cli.console.out.width", 200)
    assert run(monkeypatch, "--figures", str(path)) == 0
    said = capsys.readouterr().out
    assert "2/2 xã, phường" in said
    assert "mới có 1/21 chỉ tiêu: 18,00/20 điểm; chưa phải điểm của cả nhóm" in said
    assert "ước tính" in said
    assert "chưa được văn bản nào xác nhận" in said


@pytest.mark.parametrize(
    ("line", "said"),
    [[cell.strip() for cell in row.split("|")] for row in DEFECTS.strip().splitlines()[1:]],
)
def test_each_defect_is_told_with_file_line_and_column(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured, line: str, said: str
) -> None:
    out = tmp_path / "diem.csv"
    assert said in refused(monkeypatch, capsys, written(tmp_path, f"{HEAD}{line}\n"), "--out", str(out))
    assert not out.exists(), "no scores of a part of the file"


def test_a_file_as_the_office_saves_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    line = "H44,PROVINCE,PROGRESS_ON_TIME,403016,464494\n"
    marked = written(tmp_path, b"\xef\xbb\xbf" + f"{HEAD}{line},,,,\n".replace("\n", "\r\n").encode())
    assert run(monkeypatch, "--figures", str(marked)) == 0, "a byte-order mark, CRLF and an empty line do no harm"
    assert ",17.35," in capsys.readouterr().out
    semicolons = written(tmp_path, (HEAD + line).replace(",", ";"))
    said = refused(monkeypatch, capsys, semicolons)
    assert "các cột cách nhau bằng dấu chấm phẩy" in said
    assert "«CSV UTF-8»" in said
    assert "không phải chữ UTF-8" in refused(monkeypatch, capsys, written(tmp_path, (HEAD + line).encode("utf-16")))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("agency_code,level,numerator\nH44,PROVINCE,1\n", "dong.csv:1: thiếu cột indicator, denominator"),
        (HEAD, "tệp không có dòng số liệu nào"),
        ("", "thiếu cột agency_code"),
        (HEAD.replace("level", "numerator"), "có hai cột cùng tên: numerator"),
        (
            HEAD.replace("\n", ",score\n") + "H44,PROVINCE,PROGRESS_ON_TIME,1,2,9\n",
            "cột score: tên này dành cho kết quả",
        ),
    ],
)
def test_a_file_of_another_shape(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured, text: str, said: str
) -> None:
    assert said in refused(monkeypatch, capsys, written(tmp_path, text))


def test_a_line_twice_and_an_agency_on_two_levels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    line = "H44.100,COMMUNE,PROGRESS_ON_TIME,1,2\n"
    said = refused(monkeypatch, capsys, written(tmp_path, HEAD + line + line))
    assert "dong.csv:3: cột indicator: H44.100 PROGRESS_ON_TIME đã có ở dòng 2" in said
    other = "H44.100,department,ONLINE_SUBMISSION,1,2\n"
    assert "ở dòng 2 là «commune»" in refused(monkeypatch, capsys, written(tmp_path, HEAD + line + other))


def test_all_mistakes_are_told_at_once_and_not_too_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    lines = [f"H44.{100 + n},COMMUNE,PROGRESS_ON_TIME,x,y\n" for n in range(50)]
    said = refused(monkeypatch, capsys, written(tmp_path, HEAD + "".join(lines)))
    assert "dong.csv:2: cột numerator" in said
    assert "dong.csv:2: cột denominator" in said
    assert "còn 80 lỗi nữa" in said


def test_the_line_is_a_number_and_no_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """«:100:» would be a picture of a hundred to a console that knows them."""
    lines = [f"H44.{100 + n},COMMUNE,PROGRESS_ON_TIME,1,2\n" for n in range(98)]
    path = written(tmp_path, "".join((HEAD, *lines, "H44,PROVINCE,PROGRESS_ON_TIME,x,2\n")))
    assert "dong.csv:100: cột numerator" in refused(monkeypatch, capsys, path)


def test_more_than_there_is_is_scored_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    path = written(tmp_path, HEAD + "H44.100,COMMUNE,PROGRESS_ON_TIME,12,10\n")
    assert run(monkeypatch, "--figures", str(path)) == 0
    told = capsys.readouterr()
    assert "dòng 2, H44.100 PROGRESS_ON_TIME: tử số 12 lớn hơn mẫu số 10" in " ".join(told.err.split())
    assert ",20.0,20.0," in told.out, "never more than the maximum"


def test_a_ratio_without_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    head, line = HEAD.replace("\n", ",ratio\n"), "H44.116,COMMUNE,ELECTRONIC_CERTIFIED_COPY,,,"
    assert run(monkeypatch, "--figures", str(written(tmp_path, f"{head}{line}0.5\n"))) == 0
    assert ",0.5,1.0,2.0," in capsys.readouterr().out
    assert "cột ratio: «86.76» lớn hơn 1" in refused(monkeypatch, capsys, written(tmp_path, f"{head}{line}86.76\n"))


def test_the_formulas_are_those_of_the_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    path = written(tmp_path, HEAD + "H44,PROVINCE,PROGRESS_ON_TIME,1,2\n")
    assert run(monkeypatch, "--figures", str(path), "--as-of", "2022-06-23") == 0
    assert "23/06/2022" in refused(monkeypatch, capsys, path, "--as-of", "2022-06-22")
    assert "«hôm nay» không phải là ngày" in refused(monkeypatch, capsys, path, "--as-of", "hôm nay")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "cần đúng một trong hai: --figures TỆP hoặc --period KỲ"),
        (("--figures", "a.csv", "--period", "2026Q3"), "cần đúng một trong hai"),
        (("--figures", "khong-co.csv"), f"không có tệp {Path.cwd()}/khong-co.csv"),
        (("--figures", "a.csv", "--agency", "H44"), "--agency chỉ đi cùng --period"),
        (("--period", "2026Q3", "--as-of", "2026-09-26"), "--as-of chỉ đi cùng --figures"),
        (("--figures", "a.csv", "--out", "a.xlsx"), "đặt tên tệp .csv hoặc .parquet"),
    ],
)
def test_a_wrong_command_says_what_is_right(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured, words: tuple[str, ...], said: str
) -> None:
    assert run(monkeypatch, *words) == 2
    assert said in " ".join(capsys.readouterr().err.split())


def test_every_official_progress_score_through_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """163 agencies: the counts that the portal published give the scores that it published."""
    official = pd.read_csv(REPOSITORY / "provinces" / "phu-tho" / "official" / "progress_2026q3.csv")
    columns = {"on_time_or_in_time": "numerator", "dossiers": "denominator"}
    given = official.assign(indicator="PROGRESS_ON_TIME").rename(columns=columns)
    path, out = tmp_path / "tien-do.csv", tmp_path / "diem.csv"
    given.to_csv(path, index=False)
    assert run(monkeypatch, "--figures", str(path), "--out", str(out)) == 0
    found = pd.read_csv(out)
    assert len(found) == 163
    assert found["score"].tolist() == found["official_score"].tolist()


def test_no_figure_is_cut_on_a_narrow_screen_and_no_code_stands_for_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eighty columns: a count without its last digit would be another count."""
    given = phu_tho()
    table = scorecard(
        given.indicators, given.public_figures, units=given.province.units, on=given.spans[Series.INDEX].last_day
    )
    screen = Console(width=80, file=io.StringIO(), highlight=False)
    monkeypatch.setattr(score_period, "out", screen)
    score_period._show(table[table["agency_code"] == "H44"], title="H44")
    shown = screen.file.getvalue()  # type: ignore[attr-defined]
    for figure in ("403.016/464.494", "339.457/339.457", "17,35", "Hồ sơ giải"):
        assert figure in shown, shown
    assert "PROGRESS_ON_TIME" not in shown and "DOSSIER_SYNC" not in shown

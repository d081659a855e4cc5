"""cchc text, from the empty file to what stands, as an office works with it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.console import err, out
from cli.main import app
from contracts.errors import Exit, UsageError
from tests.returns.conftest import MakeOffice, office
from tests.returns.whole_way import Office
from tests.written.office import load, with_sources

__all__ = ["office"]
AN, BINH = "Nguyễn Văn An, chuyên viên", "Trần Thị Bình, Phó Trưởng phòng"


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the home of an office whose figures stand is laid by the first test, for those after it."""
    return tmp_path_factory.mktemp("counted") / "home"


@pytest.fixture
def one(office: MakeOffice, counted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    for console in (out, err):
        monkeypatch.setattr(console, "_width", 260)
    made, home = with_sources(office()), tmp_path / "home"
    if counted.exists():
        shutil.copytree(counted, home)
    else:
        load(made)
        shutil.copytree(home, counted)
    return made


def cchc(*words: str, code: int = 0) -> str:
    """What the command said, as one line."""
    result = CliRunner().invoke(app, ["text", *words])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return " ".join(result.output.split())


def template(folder: Path, *more: str) -> Path:
    path = folder / f"mau-{len(list(folder.glob('mau-*')))}.md"
    cchc("template", "2024Q4", "--out", str(path), *more)
    return path


def write(path: Path, **parts: str) -> Path:
    """Put these texts below the heads of their parts, in place of what stands there; area_3 is area-3."""
    text = path.read_text(encoding="utf-8-sig")
    for name, said in parts.items():
        part = name.replace("_", "-")
        pattern = rf"(^# [^\n]*\[{part}, lần \d+\]\n)(.*?)(?=^# |\Z)"
        text, changed = re.subn(
            pattern, lambda m, said=said: f"{m[1]}\n{said}\n\n", text, flags=re.DOTALL | re.MULTILINE
        )
        assert changed == 1, part
    path.write_text(text, encoding="utf-8")
    return path


def add(path: Path, by: str = AN, *more: str, code: int = 0) -> str:
    return cchc("add", "2024Q4", str(path), "--by", by, *more, code=code)


def test_the_whole_way(one: Office, tmp_path: Path) -> None:
    path = template(tmp_path)
    assert "{cột 3} = 440 Nhận giải quyết – cột (3)" in " ".join(path.read_text(encoding="utf-8").split())
    write(path, direction="Ban hành **12** văn bản.\n\n- Đạt {tỷ lệ A} (95,5%)", area_3="Sắp xếp bộ máy")
    told = add(path)
    for said in (
        "Tỉnh Khánh Hòa, Quý IV năm 2024",
        "NHẬN I. Công tác chỉ đạo, điều hành: mới, lần 1",
        "NHẬN II.3. Cải cách tổ chức bộ máy hành chính nhà nước: mới, lần 1",
        "Nhận 2 phần, không đổi 10 phần, trả lại 0 phần",
        "Phần I, số phần mềm điền: {tỷ lệ A} = 97,09%",
        "Phần I, con số gõ tay, phần mềm không kiểm (2): dòng",
        "tỷ lệ «95,5%» gõ tay không có trong số liệu của báo cáo; cùng dòng phần mềm điền {tỷ lệ A} = 97,09%",
        "In bản mới: cchc report 2024Q4",
    ):
        assert said in told, told
    shown = cchc("show", "2024Q4")
    assert f"I. Công tác chỉ đạo, điều hành – lần 1, {AN}, 08:00 16/12/2024 Ban hành **12** văn bản." in shown
    assert "IV. Phương hướng, nhiệm vụ kỳ sau: chưa có nội dung" in shown
    assert "Đã viết 2/12 phần" in shown


def test_the_same_file_again_changes_nothing(one: Office, tmp_path: Path) -> None:
    path = write(template(tmp_path), direction="Một")
    add(path)
    again = add(path)
    assert "Nhận 0 phần, không đổi 12 phần" in again
    assert "In bản mới" not in again


def test_who_goes_on_with_an_own_file_needs_no_new_one(one: Office, tmp_path: Path) -> None:
    path = write(template(tmp_path), direction="Một")
    add(path)
    assert f"đã sửa, lần 2 (thay lần 1 của {AN}, 08:00 16/12/2024)" in add(write(path, direction="Hai"))


def test_a_part_is_taken_back_by_emptying_it(one: Office, tmp_path: Path) -> None:
    add(write(template(tmp_path), direction="Một", ahead="Hai"))
    told = add(write(template(tmp_path), direction=""), BINH)
    assert "RÚT LẠI I. Công tác chỉ đạo, điều hành: rút lại, lần 2 (thay lần 1 của Nguyễn Văn An" in told
    assert "Đã viết 1/12 phần" in cchc("show", "2024Q4")
    assert "I. Công tác chỉ đạo, điều hành: mới, lần 3" in add(write(template(tmp_path), direction="Ba"))


def test_two_people_write_different_parts_from_one_template(one: Office, tmp_path: Path) -> None:
    first, second = template(tmp_path), template(tmp_path)
    add(write(first, direction="Của An"))
    told = add(write(second, ahead="Của Bình"), BINH)
    assert "GIỮ NGUYÊN I. Công tác chỉ đạo, điều hành: giữ lần 1 của Nguyễn Văn An, chuyên viên" in told
    assert "Đã viết 2/12 phần" in cchc("show", "2024Q4")


def test_nobody_writes_over_somebody_else_unseen(one: Office, tmp_path: Path) -> None:
    first, second = template(tmp_path), template(tmp_path)
    add(write(first, direction="Của An"))
    told = add(write(second, direction="Của Bình", ahead="Cũng của Bình"), BINH, code=Exit.STOPPED_BY_CHECK)
    assert (
        "TRẢ LẠI I. Công tác chỉ đạo, điều hành: đã có lần 1 của Nguyễn Văn An, chuyên viên, 08:00 16/12/2024, sau khi"
        " lập tệp này; không ghi đè" in told
    )
    assert "NHẬN IV. Phương hướng, nhiệm vụ kỳ sau: mới, lần 1" in told
    assert "lập tệp mẫu mới (cchc text template 2024Q4 --out TỆP.md)" in told
    assert "Của An" in cchc("show", "2024Q4")
    assert "đã sửa, lần 2" in add(write(template(tmp_path), direction="Của cả hai"), BINH)


def test_a_file_with_a_fault_is_refused_whole_with_every_line(one: Office, tmp_path: Path) -> None:
    path = write(template(tmp_path), direction="Được", ahead="Đạt {tỷ lệ D}\n<b>đậm</b> 😀", good="![x](y.png)")
    told = add(path, code=Exit.STOPPED_BY_CHECK)
    lines = {n for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if "{tỷ lệ D}" in line}
    assert f"Lỗi dòng {lines.pop()}: không có số liệu tên {{tỷ lệ D}} → có phải là {{tỷ lệ" in told
    for said in (
        "TRẢ LẠI mau-0.md: không lưu gì từ tệp này",
        "«😀» (U+1F600)",
        "thẻ HTML «<b>»",
        "ảnh không dùng được",
    ):
        assert said in told
    assert "Đã viết 0/12 phần" in cchc("show", "2024Q4")


# in the file                  | instead                    | why it is refused
OTHERS = """
Kỳ: 2024Q4                     | Kỳ: 2024Q3                 | tệp của kỳ 2024Q3, không phải 2024Q4
Tỉnh: tinh-thu                 | Tỉnh: phu-tho              | tệp của tỉnh «phu-tho»
(mã 56)                        | (mã 575)                   | (mã 575), không phải của Tỉnh Khánh Hòa
Tỉnh: tinh-thu                 | Tên: x                     | tệp không còn phần đầu
"""


@pytest.mark.parametrize("line", OTHERS.strip().splitlines())
def test_a_file_of_another_report_is_refused(one: Office, tmp_path: Path, line: str) -> None:
    was, now, why = (part.strip() for part in line.split("|"))
    path = write(template(tmp_path), direction="Một")
    path.write_text(path.read_text(encoding="utf-8").replace(was, now, 1), encoding="utf-8")
    with pytest.raises(UsageError, match=re.escape(why)):
        add(path)


def test_a_district_has_texts_of_its_own(one: Office, tmp_path: Path) -> None:
    path = write(template(tmp_path, "--unit", "575"), direction="Huyện nhận {cột 3} hồ sơ")
    with pytest.raises(UsageError, match="thêm --unit 575"):
        add(path)
    told = add(path, AN, "--unit", "575")
    assert "{cột 3} = 330" in told, "of the district alone"
    assert "In bản mới: cchc report 2024Q4 --unit 575" in told
    assert "Đã viết 0/12 phần" in cchc("show", "2024Q4")
    assert "Đã viết 1/12 phần" in cchc("show", "2024Q4", "--unit", "H99.31")


def test_every_time_that_something_was_added_is_told(one: Office, tmp_path: Path) -> None:
    path = write(template(tmp_path), direction="Một")
    add(path)
    add(write(path, direction="Hai hai"))
    assert "I. Công tác chỉ đạo, điều hành 2 7 Nguyễn Văn An, chuyên viên 08:00 16/12/2024" in cchc("history", "2024Q4")
    told = cchc("history", "2024Q4", "--part", "I")
    assert told.endswith("Lần 1 Một Lần 2 Hai hai")
    with pytest.raises(UsageError, match="không có phần «VI»"):
        cchc("history", "2024Q4", "--part", "VI")


def test_before_anything_was_counted_a_figure_is_a_dash(office: MakeOffice, tmp_path: Path) -> None:
    with_sources(office())
    told = add(write(template(tmp_path), direction="Nhận {cột 3} hồ sơ, đạt 95%"))
    assert "{cột 3} = –" in told
    assert "Lưu ý" not in told, "there is nothing to hold it against"


def test_a_file_that_may_be_somebody_s_work_is_not_written_over(one: Office, tmp_path: Path) -> None:
    path = template(tmp_path)
    with pytest.raises(UsageError, match="đã có tệp"):
        cchc("template", "2024Q4", "--out", str(path))


@pytest.mark.parametrize("by", ["  ", "An 😀"])
def test_who_wrote_it_must_be_said_in_letters_that_can_be_printed(one: Office, tmp_path: Path, by: str) -> None:
    with pytest.raises(UsageError, match=r"--by|ai viết"):
        add(write(template(tmp_path), direction="Một"), by)


def test_what_is_not_there_is_said(one: Office, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="không có tệp"):
        add(tmp_path / "x.md")

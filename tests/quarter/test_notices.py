"""A whole run with a source that is down: one letter, said on the terminal, with the right words; none of the next."""

from __future__ import annotations

from pathlib import Path

from tests.quarter.command import Office
from tests.quarter.test_kills import office
from tests.servers.smtp import mail_server

__all__ = ["office"]

NOTICES = """[mail]
host = "127.0.0.1"
port = {port}
tls = "none"
from = "baocao-cchc@khanhhoa.gov.vn"

[[to]]
address = "cchc@sonoivu.khanhhoa.gov.vn"
"""
LETTER = """Tỉnh Khánh Hòa, Quý IV năm 2024 (2024Q4).

Đã in 1 báo cáo, số liệu đến hết ngày 14/12/2024.
Còn thiếu 1 trong 2 nguồn, báo cáo ghi rõ phần thiếu: Hệ thống một cửa điện tử huyện Khánh Sơn.

Nguồn lỗi: Hệ thống một cửa điện tử huyện Khánh Sơn (khanh-son), từ 08:00 ngày 16/12/2024.
Vì sao: hệ thống của nguồn không trả lời.
Việc cần làm: gọi đơn vị quản lý hệ thống (0258.000.0008); khi hệ thống mở lại thì chạy:
  cchc rerun 2024Q4 --source khanh-son

Thư tự động của phần mềm báo cáo CCHC, không trả lời thư này.
"""


def test_a_run_that_lacks_a_source_is_told_once(office: Office, tmp_path: Path) -> None:
    system = Path(office.settings["CCHC_SYSTEMS"]) / "khanh-hoa" / "khanh-son.sqlite"
    system.rename(system.with_suffix(".away"))
    with mail_server(tmp_path / "mail") as server:
        (Path(office.province) / "notices.toml").write_text(NOTICES.format(port=server.port), encoding="utf-8")
        first = office.cchc("run", "2024Q4", expect=3)
        again = office.cchc("run", "2024Q4", expect=3)
        (letter,) = server.letters()
    assert letter.get_content().replace("\r\n", "\n") == LETTER
    assert "Đã gửi thông báo cho: cchc@sonoivu.khanhhoa.gov.vn" in first.stdout
    assert "thông báo" not in again.stdout
    listed = office.cchc("notices", "list").stdout
    assert "[CCHC Khánh Hòa] Quý IV/2024: đã in báo cáo, còn thiếu 1/2 nguồn" in listed
    assert "đã gửi 08:00 16/12/2024" in listed

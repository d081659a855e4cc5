"""notices.toml: whoever gets nothing because of a slip of the pen is told of the slip, with its line."""

from __future__ import annotations

import textwrap

import pytest

from contracts.errors import ConfigError
from contracts.notices import NoticeKind, read_notices
from contracts.settings import REPOSITORY
from tests.notices.world import World

GOOD = """[mail]
host = "mail.khanhhoa.gov.vn"
from = "baocao-cchc@khanhhoa.gov.vn"
secret = "mail"

[[to]]
address = "cchc@sonoivu.khanhhoa.gov.vn"

[[to]]
address = "motcua@khanhson.khanhhoa.gov.vn"
kinds = ["source_failed", "overdue"]
sources = ["khanh-son"]
units = ["H32.37"]

[[webhook]]
name = "trung-tam-dieu-hanh"
url = "https://ioc.khanhhoa.gov.vn/cchc"
secret = "ioc"
"""
MISTAKES = """
instead of                                  | stands                                     | line | said
secret = "mail"                             | port = "mail" | 4 | phải là số nguyên
from = "baocao-cchc@khanhhoa.gov.vn"        | from = "Báo cáo <a@b.vn>" | 3 | một địa chỉ thư
from = "baocao-cchc@khanhhoa.gov.vn"        | sender = "a@b.vn" | 3 | gõ nhầm
secret = "mail"                             | tls = "none"; secret = "mail" | 1 | không gửi mật khẩu
host = "mail.khanhhoa.gov.vn"               | host = "smtp://mail" | 2 | không kèm cổng
kinds = ["source_failed", "overdue"]        | kinds = ["failed"] | 11 | phải là một trong
sources = ["khanh-son"]                     | sources = ["khanh-vinh"] | 12 | tỉnh không có nguồn
units = ["H32.37"]                          | units = ["H99"] | 13 | đơn vị «H99»
motcua@khanhson.khanhhoa.gov.vn             | CCHC@sonoivu.khanhhoa.gov.vn | 6 | có hai lần
url = "https://ioc.khanhhoa.gov.vn/cchc"    | url = "http://ioc.khanhhoa.gov.vn/cchc" | 17 | phải là địa chỉ https
url = "https://ioc.khanhhoa.gov.vn/cchc"    | url = "https://a:b@ioc.khanhhoa.gov.vn/" | 17 | không kèm tài khoản
secret = "ioc"                              | ca = "ca.pem" | 15 | thiếu mục này
secret = "ioc"                              | secret = "ioc"; ca = "ca.pem" | 19 | không có tệp chứng thư
"""


def test_a_province_without_the_file_tells_nobody(world: World) -> None:
    assert read_notices(world.place.province).everybody == ()


def test_what_it_says(world: World) -> None:
    world.settings(GOOD)
    settings = read_notices(world.place.province)
    assert [one.to for one in settings.everybody] == [
        "cchc@sonoivu.khanhhoa.gov.vn",
        "motcua@khanhson.khanhhoa.gov.vn",
        "trung-tam-dieu-hanh",
    ]
    assert settings.everybody[0].kinds == tuple(NoticeKind)
    assert settings.secrets == ["mail", "ioc"]
    mail = settings.file.mail
    assert mail is not None
    assert (mail.port, mail.tls, mail.domain) == (587, "starttls", "khanhhoa.gov.vn")


@pytest.mark.parametrize("drawn", MISTAKES.strip().splitlines()[1:])
def test_a_mistake_is_told_with_its_line(drawn: str, world: World) -> None:
    instead_of, stands, line, said = (cell.strip() for cell in drawn.split("|"))
    assert instead_of in GOOD
    world.settings(GOOD.replace(instead_of, stands.replace("; ", "\n"), 1))
    with pytest.raises(ConfigError) as mistake:
        read_notices(world.place.province)
    told = [mistake.value, *mistake.value.others]
    assert any(said in one.cause and f"notices.toml:{line}:" in one.cause for one in told), [one.cause for one in told]


def test_the_sample_of_the_runbook_is_right(world: World) -> None:
    page = (REPOSITORY / "docs/operate/notices.md").read_text(encoding="utf-8")
    world.settings(textwrap.dedent(page.partition("   ```toml\n")[2].partition("   ```")[0]))
    assert len(read_notices(world.place.province).everybody) == 3


def test_people_without_a_server(world: World) -> None:
    world.settings('[[to]]\naddress = "a@b.vn"\n')
    with pytest.raises(ConfigError, match=r"có \[\[to\]\] mà thiếu \[mail\]"):
        read_notices(world.place.province)


def test_a_password_may_go_over_this_machine_alone(world: World) -> None:
    world.settings(GOOD.replace('"mail.khanhhoa.gov.vn"', '"127.0.0.1"\ntls = "none"'))
    assert read_notices(world.place.province).file.mail is not None

"""At what hours a host may be read, and which host an address leads to."""

from __future__ import annotations

from datetime import datetime

import pytest
from pydantic import ValidationError

from contracts.hosts import Host, host_of

HOURS = """
hours                    | at    | may
                         | 10:00 | yes
18:00-06:00              | 18:00 | yes
18:00-06:00              | 23:59 | yes
18:00-06:00              | 00:00 | yes
18:00-06:00              | 05:59 | yes
18:00-06:00              | 06:00 | no
18:00-06:00              | 17:59 | no
11:30-13:30              | 12:00 | yes
11:30-13:30              | 13:30 | no
11:30-13:30, 18:00-06:00 | 02:00 | yes
11:30-13:30, 18:00-06:00 | 09:00 | no
00:00-00:00              | 09:00 | yes
"""


def _cases() -> list[tuple[tuple[str, ...], str, bool]]:
    rows = [[cell.strip() for cell in line.split("|")] for line in HOURS.strip().splitlines()[1:]]
    return [(tuple(h.strip() for h in hours.split(",") if h.strip()), at, may == "yes") for hours, at, may in rows]


@pytest.mark.parametrize(("hours", "at", "may"), _cases())
def test_hours(hours: tuple[str, ...], at: str, may: bool) -> None:
    assert Host(hours=hours).may_be_read(datetime.fromisoformat(f"2024-12-16T{at}:00")) is may


@pytest.mark.parametrize("wrong", [{"hours": ["24:00-06:00"]}, {"hours": ["6-7"]}, {"connections": 0}, {"limit": 3}])
def test_a_wrong_rule_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Host.model_validate(wrong)


ADDRESSES = {
    "postgresql://DB.Cam-Lam.vn:5432/motcua": "db.cam-lam.vn",
    "https://api.cam-lam.vn/v1": "api.cam-lam.vn",
    "sftp://10.20.0.5:2222/thu-muc/2024Q4.xlsx": "10.20.0.5",
    "mariadb://[fd00::5]:3306/motcua": "fd00::5",
    "s3://bucket/2024Q4.csv": "",
    "file:///srv/2024Q4.csv": "",
    "/srv/cam-lam.sqlite": "",
    "var/systems/khanh-hoa/cam-lam.sqlite": "",
}


def test_an_s3_store_lies_where_its_endpoint_is() -> None:
    assert host_of("s3://bucket/2024Q4.csv", endpoint="https://Kho.Tinh.vn:9000") == "kho.tinh.vn"
    assert host_of("/srv/2024Q4.csv", endpoint="https://kho.tinh.vn") == ""


@pytest.mark.parametrize(("address", "host"), ADDRESSES.items())
def test_host_of_an_address(address: str, host: str) -> None:
    assert host_of(address) == host

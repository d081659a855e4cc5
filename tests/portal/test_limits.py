"""So many in so long: a moving window, of each key alone, and the address that one machine cannot change at will."""

from __future__ import annotations

import pytest
import time_machine
from fastapi import Request

from portal.limits import Limit, Limits, network_of
from portal.refusals import TooMany

THREE = Limit(3, seconds=60, of="zips")


def test_the_window_moves_with_time() -> None:
    limits = Limits()
    with time_machine.travel("2024-12-16T01:00:00Z", tick=False) as travel:
        for seconds in (20, 20, 21):
            limits.take(THREE, "lan")
            travel.shift(seconds)
        limits.take(THREE, "lan")  # the first is more than a minute old
        with pytest.raises(TooMany) as refused:
            limits.take(THREE, "lan")
        assert refused.value.headers == {"Retry-After": "19"}
        assert refused.value.advice == "Chờ 19 giây rồi thử lại."
        travel.shift(20)
        limits.take(THREE, "lan")


def test_each_key_and_each_kind_has_its_own_count() -> None:
    limits = Limits()
    for _ in range(3):
        limits.take(THREE, "lan")
    limits.take(THREE, "minh")
    limits.take(Limit(3, seconds=60, of="searches"), "lan")
    with pytest.raises(TooMany):
        limits.look(THREE, "lan")
    limits.forget(THREE, "lan")
    limits.look(THREE, "lan")


def test_looking_counts_nothing() -> None:
    limits = Limits()
    for _ in range(10):
        limits.look(THREE, "lan")
    limits.take(THREE, "lan")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("10.20.0.5", "10.20.0.5"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("::ffff:10.20.0.5", "10.20.0.5"),
        ("testclient", "testclient"),
    ],
)
def test_one_machine_is_one_network(address: str, network: str) -> None:
    assert network_of(Request({"type": "http", "client": (address, 50000), "headers": []})) == network

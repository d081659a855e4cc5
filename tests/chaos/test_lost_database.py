"""The warehouse is a PostgreSQL, and the connection to it is lost while a run goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.chaos.invariants import Undisturbed, assert_as_undisturbed, assert_sound, warehouse_of, watched
from tests.chaos.province import PERIOD, Systems
from tests.chaos.running import run, running
from tests.chaos.steps import in_state
from tests.chaos.table import assert_seen
from tests.quarter.command import Office
from tests.servers.postgres import PostgresServer
from tests.servers.wire import Wire, wire
from warehouse.locks import going_on

pytestmark = pytest.mark.xdist_group("chaos")


@pytest.fixture
def line(cluster: PostgresServer) -> Iterator[Wire]:
    with cluster.connect() as connection:
        connection.execute("DROP DATABASE IF EXISTS warehouse WITH (FORCE)")
    cluster.create("warehouse")
    with wire(cluster.port) as found:
        yield found


@pytest.fixture
def at_server(office: Office, province: Systems, cluster: PostgresServer, line: Wire) -> Office:
    url = f"postgresql+psycopg://{cluster.user}@127.0.0.1:{line.port}/warehouse"
    return province.office(office.home, CCHC_WAREHOUSE_URL=url)


def test_whatever_becomes_of_the_connection_the_next_run_goes_on(
    at_server: Office, undisturbed: Undisturbed, cluster: PostgresServer, line: Wire
) -> None:
    befalls: dict[str, Callable[[], None]] = {
        "database-cut": line.cut,
        "database-sessions-ended": lambda: cluster.cut_sessions("warehouse"),
        "database-crashed": cluster.crash,
    }
    with watched(at_server):
        for fault, happens in befalls.items():
            reached = in_state(at_server, "landed", "validated")
            with running(at_server, "run", PERIOD, "--fresh") as disturbed:
                disturbed.until(reached)
                happens()
                disturbed.go_on()
                assert_seen(fault, disturbed.ended())
            line.mend()
            assert_sound(at_server, undisturbed)
        last = run(at_server)
    assert last.exit_code == 0, last.said
    assert_as_undisturbed(at_server, undisturbed)


def test_a_run_that_lost_its_lock_leaves_the_quarter_to_who_took_it(
    at_server: Office, undisturbed: Undisturbed, cluster: PostgresServer
) -> None:
    """Its session was ended while it stood still; another run began, and is not done yet when it goes on."""
    reached = in_state(at_server, "landed")
    with watched(at_server), running(at_server, "run", PERIOD) as first:
        first.until(reached)
        cluster.cut_sessions("warehouse")
        with running(at_server, "run", PERIOD) as second:
            second.until(lambda: going_on(warehouse_of(at_server), PERIOD))
            first.go_on()
            assert_seen("database-lock-lost", first.ended())
            second.go_on()
            ended = second.ended()
    assert ended.exit_code == 0, ended.said
    assert_as_undisturbed(at_server, undisturbed)

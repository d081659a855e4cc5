"""Accounts and sessions on both databases: what is changed together, and what two may not do at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError

import pytest
from sqlalchemy import Connection, Engine, func, select

from contracts import clock
from contracts.errors import UsageError
from contracts.roles import Role
from warehouse import account_changes, accounts, audit, feeds, identities, sessions, sign_ins, tables
from warehouse.accounts import Account, State
from warehouse.audit import Deed
from warehouse.database import reading
from warehouse.sign_ins import Lock

BY = Deed("account", "root")
LASTS, IDLE = timedelta(hours=10), timedelta(minutes=30)
LOCK = Lock(failures=3, lasts=timedelta(minutes=15))


def made(engine: Engine, login: str, role: Role = Role.ADMIN) -> Account:
    return account_changes.enrol(
        engine, login=login, name=f"Người {login}", role=role, unit_code="", password="hash", by=BY
    )


def anew(engine: Engine, account: Account) -> Account:
    found = accounts.with_id(engine, account.id)
    assert found is not None
    return found


def entries(engine: Engine) -> int:
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(tables.audit_entry)).scalar_one()


def goes_on(engine: Engine, secret: str) -> bool:
    return sessions.find(engine, secret, idle=IDLE) is not None


def test_a_login_is_one_persons(engine: Engine) -> None:
    first = made(engine, "lan")
    with pytest.raises(UsageError, match="đã có tài khoản «lan»"):
        made(engine, "lan")
    assert accounts.everybody(engine) == [first]
    assert entries(engine) == 1


def test_a_change_ends_the_persons_sessions_and_nobody_elses(engine: Engine) -> None:
    lan, minh = made(engine, "lan"), made(engine, "minh")
    hers = [sessions.begin(engine, lan.id, via="password", lasts=LASTS) for _ in range(2)]
    his = sessions.begin(engine, minh.id, via="password", lasts=LASTS)
    assert len(sessions.of_account(engine, lan.id, idle=IDLE)) == 2
    account_changes.give_role(engine, lan, Role.STAFF, "", by=BY)
    assert [goes_on(engine, secret) for secret in (*hers, his)] == [False, False, True]
    assert anew(engine, lan).role is Role.STAFF
    assert entries(engine) == 3


def test_what_cannot_be_entered_is_not_done(engine: Engine) -> None:
    lan = made(engine, "lan")
    made(engine, "minh")
    with pytest.raises(ValueError, match="no-such-deed"):
        account_changes.close(engine, lan, by=Deed("no-such-deed", "root"))
    assert anew(engine, lan) == lan


def test_the_last_administrator_stays(engine: Engine) -> None:
    lan, minh = made(engine, "lan"), made(engine, "minh")
    made(engine, "xem", Role.STAFF)
    account_changes.close(engine, lan, by=BY)
    for change in (
        lambda: account_changes.close(engine, minh, by=BY),
        lambda: account_changes.give_role(engine, minh, Role.STAFF, "", by=BY),
    ):
        with pytest.raises(UsageError, match="quản trị cuối cùng"):
            change()
    account_changes.reopen(engine, lan, by=BY)
    account_changes.close(engine, minh, by=BY)


def let_two_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of two waits with what it did, before it is entered, until the other has come as far, or cannot."""
    meeting, enter = Barrier(2), audit.enter_within

    def wait_and_enter(connection: Connection, engine: Engine, deed: Deed) -> audit.Entry:
        with suppress(BrokenBarrierError):
            meeting.wait(timeout=0.3)
        return enter(connection, engine, deed)

    monkeypatch.setattr(audit, "enter_within", wait_and_enter)


def test_two_administrators_who_close_each_other_at_once(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    pair = made(engine, "lan"), made(engine, "minh")
    let_two_meet(monkeypatch)

    def close(one: Account) -> str:
        try:
            account_changes.close(engine, one, by=BY)
        except UsageError:
            return "refused"
        return "closed"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(close, pair)) == ["closed", "refused"]
    assert sorted(anew(engine, one).disabled for one in pair) == [False, True]


def test_two_wrong_passwords_at_once_are_two(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    lan = made(engine, "lan")
    let_two_meet(monkeypatch)
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda _: sign_ins.refuse(engine, lan, lock=LOCK, address="::1"), range(2)))
    assert anew(engine, lan).failures == 2


def test_wrong_passwords_are_counted_until_they_lock(engine: Engine) -> None:
    lan = made(engine, "lan")
    for _ in range(8):
        sign_ins.refuse(engine, lan, lock=LOCK, address="::1")
    after = anew(engine, lan)
    assert after.failures == LOCK.failures, "what came while it was locked did not count"
    assert after.state(clock.now()) is State.LOCKED
    assert entries(engine) == 9


def test_a_right_password_found_while_it_was_being_locked_does_not_open(engine: Engine) -> None:
    """lan was read, and her password held to be right, before others locked her."""
    lan = made(engine, "lan")
    for _ in range(LOCK.failures):
        sign_ins.refuse(engine, lan, lock=LOCK, address="")
    assert sign_ins.admit(engine, lan, via="password", lasts=LASTS, address="") is None
    assert sessions.of_account(engine, lan.id, idle=IDLE) == []
    assert sign_ins.admit(engine, lan, via="oidc", lasts=LASTS, address="") is not None


def test_a_password_that_was_replaced_while_it_was_being_tried_does_not_open(engine: Engine) -> None:
    """lan was read, and her password held to be right; then an administrator gave her another one, and all her sessions
    ended. What is still on its way begins none, and does not put the old password back."""
    lan = made(engine, "lan")
    account_changes.reset_password(engine, lan, "another", by=BY)
    assert sign_ins.admit(engine, lan, via="password", lasts=LASTS, address="", rehashed="old again") is None
    assert sessions.of_account(engine, lan.id, idle=IDLE) == []
    assert anew(engine, lan).password == "another"
    assert sign_ins.admit(engine, anew(engine, lan), via="password", lasts=LASTS, address="") is not None


def test_who_is_no_longer_bound_to_the_provider_does_not_come_in_by_it(engine: Engine) -> None:
    lan = made(engine, "lan")
    identities.expect(engine, lan.id, "https://sso", BY)
    waiting = anew(engine, lan)
    identities.bind(engine, lan.id, "https://sso", "subject", BY)
    bound = anew(engine, lan)
    assert sign_ins.admit(engine, waiting, via="oidc", lasts=LASTS, address="") is not None, "bound just now"
    identities.expect(engine, lan.id, "https://sso", BY)
    assert sign_ins.admit(engine, bound, via="oidc", lasts=LASTS, address="") is None
    account_changes.reset_password(engine, lan, "another", by=BY)
    assert sign_ins.admit(engine, waiting, via="oidc", lasts=LASTS, address="") is None
    assert sessions.of_account(engine, lan.id, idle=IDLE) == []


def test_a_closed_account_comes_in_by_no_way(engine: Engine) -> None:
    lan, _ = made(engine, "lan"), made(engine, "minh")
    account_changes.close(engine, lan, by=BY)
    assert sign_ins.admit(engine, lan, via="password", lasts=LASTS, address="") is None
    assert sign_ins.admit(engine, lan, via="oidc", lasts=LASTS, address="") is None


def test_sessions_that_ran_out_are_cleared_away(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    lan = made(engine, "lan")
    monkeypatch.setenv("CCHC_NOW", "2024-12-16T08:00:00+07:00")
    sessions.begin(engine, lan.id, via="password", lasts=LASTS)
    monkeypatch.setenv("CCHC_NOW", "2024-12-16T18:00:00+07:00")
    sessions.begin(engine, lan.id, via="password", lasts=LASTS)
    with reading(engine) as connection:
        assert connection.execute(select(func.count()).select_from(tables.portal_session)).scalar_one() == 1


def test_another_password_ends_every_session_but_the_new_one(engine: Engine) -> None:
    lan = made(engine, "lan")
    before = sessions.begin(engine, lan.id, via="password", lasts=LASTS)
    now = account_changes.change_own_password(engine, lan, "other", lasts=LASTS, by=audit.Deed("password", "lan"))
    assert (goes_on(engine, before), goes_on(engine, now)) == (False, True)
    assert (anew(engine, lan).password, anew(engine, lan).must_change) == ("other", False)


def test_another_password_is_not_put_over_one_that_was_given_meanwhile(engine: Engine) -> None:
    """Whoever had taken the account over must not keep it by being quick."""
    lan = made(engine, "lan")
    account_changes.reset_password(engine, lan, "given", by=BY)
    with pytest.raises(UsageError, match="vừa được thay đổi"):
        account_changes.change_own_password(engine, lan, "kept", lasts=LASTS, by=audit.Deed("password", "lan"))
    assert (anew(engine, lan).password, anew(engine, lan).must_change) == ("given", True)
    assert sessions.of_account(engine, lan.id, idle=IDLE) == []


def test_the_address_of_a_feed_ends_with_what_else_let_the_person_read(engine: Engine) -> None:
    lan, _ = made(engine, "lan"), made(engine, "minh")
    for end in (
        lambda: account_changes.reset_password(engine, lan, "another", by=BY),
        lambda: account_changes.close(engine, lan, by=BY),
        lambda: identities.expect(engine, lan.id, "https://sso", BY),
    ):
        secret = feeds.renew(engine, lan.id, Deed("feed", "lan"))
        assert feeds.account_of(engine, secret) is not None
        end()
        assert feeds.account_of(engine, secret) is None
        account_changes.reopen(engine, lan, by=BY)

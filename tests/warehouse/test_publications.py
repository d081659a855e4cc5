"""Which version was published: only ever added to, of a file that is what was registered."""

from __future__ import annotations

import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from contracts import clock
from contracts.errors import CchcError, UsageError
from tests.warehouse.examples import Q4
from tests.warehouse.processes import python
from tests.warehouse.versions import version
from warehouse import approvals, printed, publications, register
from warehouse.approval_rule import Officer
from warehouse.database import writing
from warehouse.publications import Publication, standing
from warehouse.register import ReportVersion

WHO = Officer("Nguyễn Thị Minh, Chánh Văn phòng", machine_user="vanphong")
REASON = "bản giấy đã ký"


def stands(engine: Engine) -> dict[tuple[str, str], int]:
    return {key: one.version for key, one in standing(publications.events(engine, Q4)).items()}


def publish(engine: Engine, version: ReportVersion, note: str = "đã có bản mới hơn") -> Publication:
    """What becomes of published versions is the same with and without approval; the way there is tested elsewhere."""
    return approvals.publish(engine, version, WHO, note=note, without_approval=REASON)


def withdraw(engine: Engine, version: ReportVersion, reason: str) -> Publication:
    return approvals.withdraw(engine, version, WHO, reason=reason)


def test_an_event_comes_back_as_it_was_entered(engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCHC_NOW", "2024-12-20T08:00:00+07:00")
    first = version(engine, folder)
    entered = publish(engine, first, note="Công văn số 12/UBND-NC")
    assert publications.events(engine, Q4) == [entered]
    note = f"công bố không qua duyệt: {REASON}; Công văn số 12/UBND-NC"
    assert entered == Publication(
        Q4, "province", "56", 1, "published", clock.now(), WHO.name, note, first.sha256, account=None
    )


def test_the_last_published_version_that_was_not_withdrawn_stands(engine: Engine, folder: Path) -> None:
    first, second, _ = (version(engine, folder) for _ in range(3))
    other = version(engine, folder, unit_code="570")
    assert stands(engine) == {}
    publish(engine, first)
    publish(engine, other)
    assert stands(engine) == {("province", "56"): 1, ("unit", "570"): 1}
    publish(engine, second)
    assert stands(engine)["province", "56"] == 2
    withdraw(engine, second, reason="sai số liệu xã Cam Hải Đông")
    assert stands(engine)["province", "56"] == 1, "what readers held before it"
    withdraw(engine, first, reason="thu hồi")
    assert stands(engine) == {("unit", "570"): 1}
    publish(engine, second)
    assert stands(engine)["province", "56"] == 2, "withdrawn by mistake"
    assert [e.event for e in publications.events(engine, Q4)] == [
        *("published", "published", "published", "withdrawn", "withdrawn", "published")
    ]


def test_what_cannot_be_published_or_withdrawn(engine: Engine, folder: Path) -> None:
    first, second = version(engine, folder), version(engine, folder)
    with pytest.raises(UsageError, match="bản 1 đang là dự thảo: không thu hồi được lúc này"):
        withdraw(engine, first, reason="nhầm")
    publish(engine, second)
    with pytest.raises(UsageError, match=r"bản 2 đã công bố ngày .*: không công bố được lúc này"):
        publish(engine, second)
    with pytest.raises(UsageError, match="bản 2, mới hơn bản 1, đã công bố ngày"):
        publish(engine, first)
    assert len(publications.events(engine, Q4)) == 1


def test_a_file_that_is_lost_or_altered_is_not_published(engine: Engine, folder: Path) -> None:
    lost, altered = version(engine, folder), version(engine, folder)
    Path(lost.path).unlink()
    Path(altered.path).write_bytes(b"%PDF signed by somebody")
    with pytest.raises(UsageError, match=r"tệp của bản 1 không còn: .*56-v1\.pdf → khôi phục tệp"):
        publish(engine, lost)
    with pytest.raises(UsageError, match="tệp của bản 2 khác với tệp đã đăng ký"):
        publish(engine, altered)
    assert publications.events(engine, Q4) == []


def test_a_lost_file_can_still_be_withdrawn(engine: Engine, folder: Path) -> None:
    first = version(engine, folder)
    publish(engine, first)
    Path(first.path).unlink()
    assert withdraw(engine, first, reason="mất tệp").sha256 == first.sha256


def test_at_once_only_one_publishes(engine: Engine, folder: Path) -> None:
    first = version(engine, folder)

    def tried(_: int) -> bool:
        try:
            publish(engine, first)
        except UsageError:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(tried, range(8))) == 1
    assert len(publications.events(engine, Q4)) == 1


def test_an_event_of_no_version_and_an_unknown_event_are_refused(engine: Engine, folder: Path) -> None:
    version(engine, folder)
    statement = (
        "INSERT INTO publication (period_id, scope, unit_code, version, event, at, by_whom, note, sha256)"
        " VALUES ('2024Q4', 'province', '56', {}, '{}', '2024-12-20 08:00:00+00:00', '', '', '')"
    )
    for number, event in ((9, "published"), (1, "signed")):
        with pytest.raises((DBAPIError, CchcError)), writing(engine) as connection:
            connection.execute(text(statement.format(number, event)))


def test_what_a_version_printed_is_entered_with_it_or_not_at_all(engine: Engine, folder: Path) -> None:
    document = '{"figures":[["H32.11","tree","Hộ tịch","column_3",7,null]]}'
    version(engine, folder, document=document)
    assert printed.kept(engine, (Q4, "province", "56", 1)) == document

    def disk_is_full(_: int) -> str:
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        register.add(
            engine,
            period_id=Q4,
            scope="province",
            unit_code="56",
            path=disk_is_full,
            sha256="",
            pages=1,
            input_digest="",
            reason="",
            document=document,
        )
    assert printed.kept(engine, (Q4, "province", "56", 2)) is None
    assert len(register.versions(engine, Q4)) == 1


def test_a_version_whose_figures_cannot_be_kept_is_no_version(
    engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space")

    monkeypatch.setattr(printed, "keep", full)
    with pytest.raises(OSError, match="no space"):
        version(engine, folder)
    assert register.versions(engine, Q4) == []


KILLED_IN_BETWEEN = """
import os, signal, sys
from warehouse import printed, register
from warehouse.database import open_warehouse
printed.keep = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
made = {"sha256": "", "pages": 1, "input_digest": "", "reason": "", "document": "{}", "path": sys.argv[2]}
register.add(open_warehouse(sys.argv[1]), period_id="2024Q4", scope="province", unit_code="56", **made)
"""


def test_a_kill_between_the_version_and_its_figures_leaves_neither(engine: Engine, url: str, folder: Path) -> None:
    with python(KILLED_IN_BETWEEN, url, str(folder / "v1.pdf")) as process:
        assert process.wait() == -signal.SIGKILL
    assert register.versions(engine, Q4) == []
    assert printed.kept(engine, (Q4, "province", "56", 1)) is None
    assert version(engine, folder).version == 1


def test_a_version_of_an_older_cchc_keeps_nothing_until_it_is_given(engine: Engine, folder: Path) -> None:
    version(engine, folder, document=None)
    key = (Q4, "province", "56", 1)
    assert printed.kept(engine, key) is None
    printed.keep_late(engine, key, "{}")
    assert printed.kept(engine, key) == "{}"
    with pytest.raises(CchcError):
        printed.keep_late(engine, key, "[]")
    assert printed.kept(engine, key) == "{}", "what was kept is never changed"

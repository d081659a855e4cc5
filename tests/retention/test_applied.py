"""What the command removes of a real home, what it leaves, and that everything kept is whole afterwards."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from cli.quarantine import _say_fates
from contracts.errors import UsageError
from contracts.province import read_province
from contracts.settings import Settings
from flows.backups.making import back_up
from flows.place import find_place
from flows.retention import applying
from flows.retention.plan import Plan, planned
from storage import finished
from storage.shared import Store
from tests.backups.conftest import all_files
from tests.quarter.command import Office
from tests.retention.conftest import LATER, another_version
from warehouse import approvals, audit_proof, publications, read, register, report_files
from warehouse.approval_rule import Officer
from warehouse.database import open_warehouse
from warehouse.locks import run_lock
from warehouse.retained import REMOVED

BY = ("--apply", "--by", "Nguyễn Văn A, Chánh Văn phòng")
SOMEBODY = Officer("Trần Thị B, Trưởng phòng", machine_user="b")


def engine() -> Engine:
    return open_warehouse(Settings().database_url("khanh-hoa"))


def files(office: Office) -> dict[str, bytes]:
    """But locks, and what belongs to the database."""
    found = all_files(office.home / "khanh-hoa")
    return {path: content for path, content in found.items() if "lock" not in path and "warehouse" not in path}


def test_what_nobody_rests_on_goes_and_the_rest_is_whole(aged: Office) -> None:
    another_version(), another_version()
    approvals.check(engine(), another_version(unit_code="569"), SOMEBODY)
    another_version(unit_code="569")
    before = files(aged)
    told = {rule["rule"]: rule for rule in json.loads(aged.cchc("retention", "--json").stdout)["goes"]}
    assert files(aged) == before  # looking changes nothing
    assert [(key[2], key[3]) for key in told["drafts"]["versions"]] == [("568", 1), ("568", 2), ("569", 1)]
    assert [Path(path).name for path in told["landings"]["paths"]] == ["0000000000000001"]
    assert told["quarantine"]["periods"] == []  # the newest periods keep theirs

    said = aged.cchc("retention", *BY).stdout
    assert "ĐÃ XÓA" in said
    gone = before.keys() - files(aged).keys()
    assert {path for path in gone if path.startswith("reports/")} == _below(aged, told["drafts"]["paths"])
    assert {path.split("/")[0] for path in gone} == {"landing", "logs", "marked", "reports"}
    versions = [*register.versions(engine(), "2024Q3"), *register.versions(engine(), "2024Q4")]
    assert [(one.unit_code, one.version) for one in versions if one.status == REMOVED] == [
        ("568", 1),
        ("568", 2),
        ("569", 1),
    ]
    for one in versions:
        if one.status != REMOVED:
            assert publications.file_is_registered(one)
            assert all(file.is_registered for file in report_files.files_of(engine(), one.version_key))
        else:
            with pytest.raises(UsageError, match="đã được xóa theo thời hạn lưu giữ"):
                approvals.refuse_other_files(engine(), one)
    assert audit_proof.prove(engine()).is_sound
    assert "Chưa có gì hết hạn." in aged.cchc("retention").stdout
    left = files(aged)
    then = Office(aged.home, settings=aged.settings)
    assert "in mới" not in then.cchc("run", "2024Q4").stdout
    assert {path for path in files(then) if path.startswith(("reports/", "landing/"))} == {
        path for path in left if path.startswith(("reports/", "landing/"))
    }


def _below(office: Office, paths: list[str]) -> set[str]:
    return {Path(path).relative_to(office.home / "khanh-hoa").as_posix() for path in paths}


def test_codes_of_an_old_quarantine_go_and_its_counts_stay(
    aged: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = read.rejected(engine(), "2024Q3")
    assert before["dossier_code"].notna().any()
    monkeypatch.setattr("flows.retention.plan.LATEST_PERIODS", 1)
    monkeypatch.setenv("CCHC_NOW", LATER)
    province = read_province(Settings().province_folder)
    applying.applied(engine(), province, Settings(), by="A", who="a")
    after = read.rejected(engine(), "2024Q3")
    assert after[["dossier_code", "address", "cells"]].isna().all(axis=None)
    assert read.rejected(engine(), "2024Q4")["dossier_code"].notna().any()
    same = ["source_id", "row", "agency_code", "rules"]
    assert after[same].equals(before[same])
    _say_fates(engine(), find_place("2024Q3"), after)  # nothing is made up of what became of whom nobody knows
    said = capsys.readouterr().out
    assert ["cam-lam", str((after["source_id"] == "cam-lam").sum())] in [line.split() for line in said.splitlines()]
    assert "ninh-hoa: mã đã xóa theo thời hạn lưu giữ, không so được" in said


def test_nothing_is_removed_while_a_run_or_an_officer_is_at_it(aged: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    first, _ = another_version(), another_version()
    before = files(aged)
    with run_lock(engine(), "2024Q3"):
        assert "kỳ 2024Q3 đang được một lượt chạy khác xử lý" in aged.cchc("retention", *BY, expect=2).stderr
    assert files(aged) == before
    monkeypatch.setenv("CCHC_NOW", LATER)
    told: list[Plan] = []

    def decided_meanwhile(*given: Any) -> Plan:
        """The plan as it was before somebody checked a version that it has."""
        told.append(told[0] if told else planned(*given))
        if len(told) == 1:
            approvals.check(engine(), first, SOMEBODY, note="xem lại bản này")
        return told[0]

    monkeypatch.setattr(applying, "planned", decided_meanwhile)
    with pytest.raises(UsageError, match="vừa được kiểm tra"):
        applying.applied(engine(), read_province(Settings().province_folder), Settings(), by="A", who="a")
    assert files(aged).keys() >= before.keys()


def test_a_kill_between_entry_and_files_is_made_good(aged: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    another_version(), another_version()
    monkeypatch.setenv("CCHC_NOW", LATER)
    province = read_province(Settings().province_folder)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(applying, "_remove", _killed)
        applying.applied(engine(), province, Settings(), by="A", who="a")
    assert [one.status for one in register.versions(engine(), "2024Q3")].count(REMOVED) == 2
    plan = applying.applied(engine(), province, Settings(), by="A", who="a")
    assert len(plan.goes[0].paths) >= 3
    assert not any(path.exists() for goes in plan.goes for path in goes.paths)


def _killed(*_given: object, **_more: object) -> None:
    raise KeyboardInterrupt


def test_who_decides_must_be_named(aged: Office) -> None:
    assert "phải ghi ai quyết định xóa" in aged.cchc("retention", "--apply", expect=2).stderr
    assert "--by chỉ dùng khi xóa" in aged.cchc("retention", "--by", "A", expect=2).stderr


def test_what_went_by_age_is_missed_by_no_backup_and_comes_back_with_none(
    aged: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    another_version(), another_version()
    monkeypatch.setenv("CCHC_NOW", LATER)
    before = back_up(tmp_path / "backups", who="a")
    plan = applying.applied(engine(), read_province(Settings().province_folder), Settings(), by="A", who="a")
    drafts = {path.name for path in plan.goes[0].paths}
    assert drafts <= {Path(path).name for path in before.manifest.files}
    after = back_up(tmp_path / "backups", who="a").manifest
    assert after.absent == ()
    assert drafts.isdisjoint(Path(path).name for path in after.files)


def test_what_the_shared_store_alone_has_goes_too(
    aged: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another machine printed and read: here lies nothing of it. A copy that is left somewhere counts no more."""
    (tmp_path / "store").mkdir()
    monkeypatch.setenv("CCHC_STORE", f"file://{tmp_path}/store")
    first, _ = another_version(), another_version()
    landing = aged.home / "khanh-hoa/landing/cam-lam/2024Q3/0000000000000001"
    draft, left = Path(first.path), Path(first.path).read_bytes()
    finished.keep(draft, *sorted(landing.iterdir()))
    draft.unlink()
    shutil.rmtree(landing)
    monkeypatch.setenv("CCHC_NOW", LATER)
    province = read_province(Settings().province_folder)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Store, "remove", _killed)
        applying.applied(engine(), province, Settings(), by="A", who="a")
    plan = applying.applied(engine(), province, Settings(), by="A", who="a")
    assert {draft, landing} <= {path for goes in plan.goes for path in goes.paths}
    store = tmp_path / "store" / "khanh-hoa"
    assert not (store / draft.relative_to(aged.home / "khanh-hoa")).exists()
    assert not any((store / "landing/cam-lam/2024Q3/0000000000000001").glob("*"))
    assert planned(engine(), province, Settings()).is_nothing
    draft.write_bytes(left)
    removed = next(one for one in register.versions(engine(), "2024Q3") if one.status == REMOVED)
    with pytest.raises(UsageError, match="đã được xóa theo thời hạn lưu giữ"):
        publications.refuse_other_files(removed)


def test_a_removal_that_was_killed_at_an_extract_goes_on(
    aged: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the store it is gone first: what lies here still is planned again."""
    (tmp_path / "store").mkdir()
    monkeypatch.setenv("CCHC_STORE", f"file://{tmp_path}/store")
    monkeypatch.setenv("CCHC_NOW", LATER)
    landing = aged.home / "khanh-hoa/landing/cam-lam/2024Q3/0000000000000001"
    finished.keep(*sorted(landing.iterdir()))
    province = read_province(Settings().province_folder)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Store, "remove", _killed)
        applying.applied(engine(), province, Settings(), by="A", who="a")
    applying.applied(engine(), province, Settings(), by="A", who="a")
    assert not landing.exists()
    assert not any((tmp_path / "store/khanh-hoa/landing/cam-lam/2024Q3").rglob("*.parquet"))

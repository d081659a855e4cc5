"""Finished files are here or in the shared store, whole or not at all, and never another one than was entered."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path
from typing import ClassVar

import asyncssh
import pytest

from flows import signed
from storage import finished
from storage.errors import StoreAway, StoredFileDamaged, StoreError
from storage.finished import Condition
from storage.shared import shared
from tests.servers.process import free_port
from tests.servers.relay import relay, silent
from tests.servers.s3 import S3Server
from tests.storage.conftest import Place, at, set_up

REPORT = "khanh-hoa/reports/2024Q4/báo cáo-v1.pdf"
CONTENT = b"%PDF-1.7 " + bytes(range(256)) * 50
CANARY = "mat-khau-bi-mat-7f3a"


def digest(content: bytes = CONTENT) -> str:
    return hashlib.sha256(content).hexdigest()


def made(home: Path, key: str = REPORT, content: bytes = CONTENT) -> Path:
    path = home / key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@pytest.fixture
def other(place: Place, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Another machine, on which nothing lies; the first has put a report into the store."""
    finished.keep(made(home))
    return at(tmp_path / "máy 2", monkeypatch)


def test_what_one_machine_keeps_another_one_brings(other: Path, place: Place) -> None:
    path = other / REPORT
    assert place.keys() == [REPORT]
    assert finished.has(path)
    assert not path.exists(), "to look is not to fetch"
    assert finished.bring(path, sha256=digest())
    assert path.read_bytes() == CONTENT
    assert finished.condition(path, digest()) is Condition.WHOLE
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_what_nobody_kept_is_not_there(other: Path) -> None:
    path = other / "khanh-hoa/reports/2024Q4/khac.pdf"
    assert not finished.has(path)
    assert not finished.bring(path)
    assert finished.condition(path, digest()) is Condition.GONE
    assert finished.others(other / "khanh-hoa" / "counted" / "2024Q4") == []


def test_what_is_removed_is_removed_everywhere(other: Path, place: Place) -> None:
    assert finished.bring(other / REPORT)
    for _ in range(2):  # what was removed already is no error
        finished.remove(other / REPORT)
        assert (place.keys(), (other / REPORT).exists()) == ([], False)


def test_what_lies_outside_the_home_stays_on_its_machine(place: Place, home: Path, tmp_path: Path) -> None:
    path = made(tmp_path, "ngoài/x.pdf")
    finished.keep(path)
    assert place.keys() == []
    path.unlink()
    assert not finished.has(path)


def test_a_damaged_file_of_the_store_is_refused_and_named(other: Path, place: Place) -> None:
    place.write(REPORT, CONTENT[:-1])
    with pytest.raises(StoredFileDamaged, match=r"báo cáo-v1\.pdf đã bị sửa hoặc hỏng") as told:
        finished.bring(other / REPORT, sha256=digest())
    assert place.url in str(told.value)
    assert list((other / REPORT).parent.iterdir()) == []
    assert finished.condition(other / REPORT, digest()) is Condition.CHANGED
    assert not finished.is_as_entered(other / REPORT, digest())


def test_another_file_in_the_way_gives_place_to_the_one_that_was_entered(other: Path, place: Place) -> None:
    """Of that name, made here before the store refused it; meanwhile another machine's was entered."""
    here = made(other, content=b"%PDF of a run that the store refused")
    assert finished.condition(here, digest()) is Condition.WHOLE
    assert here.read_bytes() == CONTENT
    beside = [path for path in here.parent.iterdir() if path != here]
    assert [path.name.rpartition(".")[0] for path in beside] == [here.name], "what was in the way is kept"
    assert beside[0].read_bytes().endswith(b"refused")
    place.write(REPORT, CONTENT[:-1])
    here.write_bytes(b"%PDF of somebody")
    assert finished.condition(here, digest()) is Condition.CHANGED
    assert here.read_bytes() == b"%PDF of somebody"
    assert len(list(here.parent.iterdir())) == 2


def test_put_again_a_damaged_file_is_mended(
    other: Path, place: Place, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.write(REPORT, b"")
    monkeypatch.setenv("CCHC_HOME", str(home))
    finished.keep(home / REPORT)
    monkeypatch.setenv("CCHC_HOME", str(other))
    assert finished.bring(other / REPORT, sha256=digest())


class TestSealed:
    """Files whose SHA-256 stands nowhere else: their seal comes last, and is looked for first."""

    KEY = "khanh-hoa/counted/2024Q4/cam-lam/0a1b.parquet"

    @pytest.fixture
    def path(self, place: Place, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        finished.keep_sealed(made(home, self.KEY))
        return at(tmp_path / "máy 2", monkeypatch) / self.KEY

    def test_it_comes_as_it_was(self, path: Path) -> None:
        assert finished.others(path.parent) == [path], "a seal is no file of its own"
        assert finished.bring_sealed(path)
        assert path.read_bytes() == CONTENT

    def test_half_of_it_is_none(self, path: Path, place: Place) -> None:
        """Whoever wrote it was killed before the seal."""
        finished.remove(path)
        place.write(self.KEY, CONTENT)
        assert not finished.bring_sealed(path)

    def test_another_one_is_refused(self, path: Path, place: Place) -> None:
        place.write(self.KEY, CONTENT + b"x")
        with pytest.raises(StoredFileDamaged, match=r"0a1b\.parquet"):
            finished.bring_sealed(path)

    def test_it_goes_with_its_seal(self, path: Path, place: Place) -> None:
        finished.remove(path)
        assert place.keys() == []


class TestFolder:
    """Its last file names the others."""

    KEY = "khanh-hoa/landing/cam-lam/2024Q4/3f9c"
    PARTS: ClassVar = {"a.parquet": b"A" * 1000, "b.parquet": b"B" * 1000}

    def keep(self, home: Path, *names: str) -> Path:
        folder = home / self.KEY
        for name, content in self.PARTS.items():
            made(folder, name, content)
        made(folder, "manifest.json", json.dumps({n: digest(c) for n, c in self.PARTS.items()}).encode())
        finished.keep(*(folder / name for name in names))
        return folder

    def bring(self, folder: Path) -> bool:
        return finished.bring_folder(folder, last="manifest.json", parts=json.loads)

    @pytest.fixture
    def elsewhere(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        return at(tmp_path / "máy 2", monkeypatch) / self.KEY

    def test_it_comes_whole(self, place: Place, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.keep(home, *self.PARTS, "manifest.json")
        folder = at(tmp_path / "máy 2", monkeypatch) / self.KEY
        assert finished.has(folder / "manifest.json")
        assert self.bring(folder)
        assert {p.name: p.read_bytes() for p in folder.iterdir() if p.name in self.PARTS} == self.PARTS
        assert [p.name for p in folder.parent.iterdir() if p.name != ".fetch.lock"] == [folder.name]

    @pytest.mark.parametrize(
        "written", [(), ("a.parquet",), ("a.parquet", "b.parquet"), ("a.parquet", "manifest.json")]
    )
    def test_of_a_writer_that_was_killed_a_reader_sees_none(
        self, place: Place, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: tuple[str, ...]
    ) -> None:
        """The last case: somebody removed a part since."""
        self.keep(home, *written)
        folder = at(tmp_path / "máy 2", monkeypatch) / self.KEY
        made(folder.parent, ".fetched-killed/a.parquet")
        assert not self.bring(folder)
        assert [p.name for p in folder.parent.iterdir()] == [".fetch.lock"]

    def test_a_damaged_part_is_named(
        self, place: Place, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.keep(home, *self.PARTS, "manifest.json")
        place.write(f"{self.KEY}/b.parquet", b"B" * 999)
        folder = at(tmp_path / "máy 2", monkeypatch) / self.KEY
        with pytest.raises(StoredFileDamaged, match=r"3f9c/b\.parquet"):
            self.bring(folder)
        assert not folder.exists()


def test_signed_copies_of_two_machines_take_two_names(
    place: Place, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second has not fetched what the first took."""
    names = [signed._keep(b"%PDF 1", made(home)).name]
    other = at(tmp_path / "máy 2", monkeypatch)
    names.append(signed._keep(b"%PDF 2", other / REPORT).name)
    assert names == ["báo cáo-v1-da-ky.pdf", "báo cáo-v1-da-ky-2.pdf"]
    assert len(place.keys()) == 2


def told(path: Path) -> StoreError:
    """What is said alike of every way to ask."""
    ways = (lambda: finished.keep(path), lambda: finished.has(path.with_name("x")), lambda: finished.remove(path))
    said = []
    for way in ways:
        with pytest.raises(StoreError) as caught:
            way()
        said.append(caught.value)
    assert len({type(one) for one in said}) == 1
    assert "khi ghi tệp khanh-hoa/reports" in said[0].cause
    assert all(one.advice and CANARY not in str(one) for one in said)
    return said[0]


def test_a_store_that_is_off(on_s3: Place, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCHC_STORE_ENDPOINT", f"http://127.0.0.1:{free_port()}")
    error = told(made(home))
    assert isinstance(error, StoreAway)
    assert "s3://xa-phuong/kho/cchc, khi ghi tệp khanh-hoa" in error.cause
    assert "không nối được" in error.cause
    assert "cchc doctor" in error.advice


def test_a_store_that_falls_silent_is_waited_for_no_longer_than_said(
    on_s3: Place, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with silent() as port:
        set_up(monkeypatch, on_s3.url, store_endpoint=f"http://127.0.0.1:{port}", store_patience="0.1")
        assert isinstance(told(made(home)), StoreAway)


def test_a_connection_cut_while_fetching_leaves_nothing(
    on_s3: Place, s3: S3Server, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = home / REPORT
    on_s3.write(REPORT, CONTENT * 500)
    with relay(int(s3.endpoint.rsplit(":", 1)[1]), cut_after=1_000_000) as wire:
        monkeypatch.setenv("CCHC_STORE_ENDPOINT", f"http://127.0.0.1:{wire.port}")
        with pytest.raises(StoreAway):
            finished.bring(path)
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize("part", ["ACCESS_KEY", "SECRET_KEY"])
def test_wrong_keys(on_s3: Place, home: Path, monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    monkeypatch.setenv(f"CCHC_SECRET_STORE_{part}", CANARY)
    assert "khóa truy cập sai" in told(made(home)).cause


def test_a_bucket_that_is_not_there(on_s3: Place, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCHC_STORE", "s3://khong-co/kho")
    with pytest.raises(StoreError, match="không có bucket «khong-co»"):
        finished.keep(made(home))


def test_nothing_of_the_machine_s_own_set_up_is_used(
    on_s3: Place, s3: S3Server, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", s3.access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", s3.secret_key)
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3.endpoint)
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    finished.keep(made(home))
    monkeypatch.delenv("CCHC_STORE_ENDPOINT")
    with pytest.raises(StoreError, match="chưa đặt CCHC_STORE_ENDPOINT"):
        finished.keep(made(home))


def test_a_connection_that_ended_meanwhile_is_made_again(on_sftp: Place, home: Path) -> None:
    finished.keep(path := made(home))
    store = shared()
    assert store is not None
    store.close()
    deadline = time.monotonic() + 10
    while store.is_alive and time.monotonic() < deadline:
        time.sleep(0.01)
    assert finished.has_shared(path)
    assert shared() is not store


def test_another_server_than_the_known_one_is_refused(on_sftp: Place, home: Path, tmp_path: Path) -> None:
    known = tmp_path / "known_hosts"
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    known.write_text(f"{known.read_text().split(' ')[0]} {other}")
    with pytest.raises(StoreError, match="có thể có kẻ giả mạo"):
        finished.keep(made(home))


def test_a_disk_that_is_not_mounted_is_not_written_below(
    on_disk: Place, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CCHC_STORE", f"{on_disk.url}-khác")
    assert "không có thư mục" in told(made(home)).cause
    assert not Path(f"{on_disk.url}-khác".removeprefix("file://")).exists()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (f"s3://khoa:{CANARY}@cchc/kho", "không được chứa khóa"),
        (f"sftp://cchc:{CANARY}@kho.tinh.vn/kho", "không được chứa khóa"),
        (f"s3://cchc/kho?key={CANARY}", "không được chứa khóa"),
        ("/mnt/kho", "không phải là địa chỉ"),
        ("khong-co-that://kho", "không dùng được «khong-co-that»"),
    ],
)
def test_an_address_that_cannot_be_a_store(home: Path, monkeypatch: pytest.MonkeyPatch, url: str, said: str) -> None:
    monkeypatch.setenv("CCHC_STORE", url)
    with pytest.raises(StoreError, match=said) as caught:
        finished.keep(made(home))
    assert CANARY not in str(caught.value)


def test_without_a_store_nothing_is_asked(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CCHC_STORE", raising=False)
    path = made(home)
    finished.keep(path)
    assert finished.bring(path, sha256="another: whoever reads a file compares it")
    assert finished.condition(path, digest()) is Condition.WHOLE
    assert finished.condition(path, digest(b"")) is Condition.CHANGED
    path.unlink()
    assert not finished.bring(path)
    assert finished.condition(path, digest()) is Condition.GONE

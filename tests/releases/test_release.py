"""A release is the same bytes for the same commit, and nobody else's passes for one."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.quarter.command import REPOSITORY
from tests.warehouse.released import FOLDER, versions
from warehouse.upgrade import HEAD

PACKAGED = ("cli", "contracts", "demo", "expectations", "flows", "portal", "report_templates", "reporting", "sources")
KEPT = (*PACKAGED, "setup", "storage", "transforms", "warehouse", "docs/release-keys")
FILES = ("pyproject.toml", "README.md", "requirements.lock")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "node_modules", "*.pyc")
SAMPLES = Path("tests") / "warehouse" / "released"
DUMPS = ("sql.gz", "postgresql.sql.gz")
MIGRATION = re.compile(rb"(INTO \"alembic_version\" VALUES\('|COPY public\.alembic_version .*\n)(?P<found>\w+)")


def run(*words: str | Path, cwd: Path, expect: int = 0, **settings: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env={**os.environ, "PYTHON": sys.executable, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == expect, done.stdout + done.stderr
    return done


def committed(folder: Path) -> Path:
    """A repository of today's files, with one commit at a fixed time, whose change log has a day of release."""
    for name in KEPT:
        shutil.copytree(REPOSITORY / name, folder / name, ignore=LEFT_OUT)
    for name in FILES:
        shutil.copy(REPOSITORY / name, folder / name)
    (folder / "CHANGELOG.md").write_text(f"# Changelog\n\n## {_version()} — 2026-12-01\n", encoding="utf-8")
    (folder / SAMPLES).mkdir(parents=True)
    for dump in DUMPS:
        keep_sample(folder, dump, HEAD)
    run("git", "init", "-q", cwd=folder)
    commit(folder)
    return folder


def keep_sample(folder: Path, dump: str, migration: str) -> None:
    """A dump that the databases' own programs made, at that migration by what it says."""
    statements = gzip.decompress((FOLDER / f"{versions()[0]}.{dump}").read_bytes())
    statements, changed = MIGRATION.subn(rb"\g<1>" + migration.encode(), statements)
    assert changed == 1
    (folder / SAMPLES / f"{_version()}.{dump}").write_bytes(gzip.compress(statements, mtime=0))


def commit(folder: Path) -> None:
    at = {"GIT_AUTHOR_DATE": "2026-12-01T08:00:00+07:00", "GIT_COMMITTER_DATE": "2026-12-01T08:00:00+07:00"}
    who = ("-c", "user.name=a", "-c", "user.email=a@localhost", "-c", "commit.gpgsign=false")
    run("git", "add", "-A", cwd=folder)
    run("git", *who, "commit", "-qm", "x", cwd=folder, **at)


def _version() -> str:
    lines = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    return next(line for line in lines if line.startswith("version")).split('"')[1]


def key(folder: Path, name: str) -> Path:
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", folder / name, cwd=folder)
    return folder / name


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path, Path]]:
    """The repository, the folder of its release, and who is believed."""
    base = tmp_path_factory.mktemp("release")
    repository, ours = committed(base / "cchc"), key(base, "ours")
    run("setup/release", ours, base / "first", cwd=repository)
    signers = base / "allowed_signers"
    public = ours.with_suffix(".pub").read_text(encoding="utf-8")
    signers.write_text(f'release@cchc namespaces="cchc-release" {public}', encoding="utf-8")
    yield repository, base / "first", signers


@pytest.fixture
def copy(released: tuple[Path, Path, Path], tmp_path: Path) -> tuple[Path, Path]:
    """A downloaded release, and who is believed."""
    shutil.copytree(released[1], tmp_path / "downloaded")
    return tmp_path / "downloaded", released[2]


def verified(folder: Path, signers: Path, *, expect: int = 0) -> str:
    done = run(REPOSITORY / "setup" / "verify-release", folder, signers, cwd=REPOSITORY, expect=expect)
    return done.stdout + done.stderr


def test_the_same_commit_gives_the_same_bytes(released: tuple[Path, Path, Path], tmp_path: Path) -> None:
    """Another clone, another folder, another time and mask: files are as of the commit."""
    repository, first, signers = released
    again = tmp_path / "elsewhere" / "clone"
    run("git", "clone", "-q", repository, again, cwd=tmp_path)
    for path in again.rglob("*.py"):
        os.utime(path, (0, 1_000_000_000))
        path.chmod(0o664)
    run("git", "config", "core.fileMode", "false", cwd=again)
    run("setup/release", key(tmp_path, "another"), tmp_path / "second", cwd=again, TZ="Asia/Tokyo")
    for name in sorted(path.name for path in first.glob("cchc-*")):
        assert (tmp_path / "second" / name).read_bytes() == (first / name).read_bytes(), name
    assert "ĐÚNG BẢN PHÁT HÀNH" in verified(first, signers)
    (wheel,) = first.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        assert {"cli/main.py", "storage/__init__.py", "warehouse/migrations/env.py"} <= set(packed.namelist())


def test_another_key_is_refused(copy: tuple[Path, Path], tmp_path: Path) -> None:
    folder, signers = copy
    (folder / "SHA256SUMS.sig").unlink()
    sums = folder / "SHA256SUMS"
    run("ssh-keygen", "-q", "-Y", "sign", "-f", key(tmp_path, "theirs"), "-n", "cchc-release", sums, cwd=tmp_path)
    assert "không do khóa phát hành của cchc ký" in verified(folder, signers, expect=4)


def test_what_was_altered_is_refused_by_name(copy: tuple[Path, Path]) -> None:
    folder, signers = copy
    (wheel,) = folder.glob("*.whl")
    content = bytearray(wheel.read_bytes())
    content[-1] ^= 1
    wheel.write_bytes(bytes(content))
    assert f"tệp {wheel.name} đã bị sửa hoặc tải hỏng" in verified(folder, signers, expect=4)
    run("sh", "-c", "sha256sum cchc-* > SHA256SUMS", cwd=folder)
    assert "hoặc đã bị sửa" in verified(folder, signers, expect=4)


def test_what_is_missing_or_beside_is_refused_by_name(copy: tuple[Path, Path]) -> None:
    folder, signers = copy
    (folder / "cài-đặt.sh").write_text("#!/bin/sh\n", encoding="utf-8")
    assert "có tệp không nằm trong danh sách đã ký: cài-đặt.sh" in verified(folder, signers, expect=4)
    (folder / "cài-đặt.sh").unlink()
    (wheel,) = folder.glob("*.whl")
    wheel.unlink()
    assert f"thiếu tệp {wheel.name}" in verified(folder, signers, expect=4)
    (folder / "SHA256SUMS.sig").unlink()
    assert "thiếu tệp SHA256SUMS.sig" in verified(folder, signers, expect=4)


def test_only_what_is_committed_and_dated_is_released(released: tuple[Path, Path, Path], tmp_path: Path) -> None:
    repository, first, _ = released
    ours = first.parent / "ours"
    (repository / "README.md").open("a").write("x")
    said = run("setup/release", ours, tmp_path / "out", cwd=repository, expect=2).stderr
    assert "có thay đổi chưa commit" in said
    run("git", "checkout", "-q", "README.md", cwd=repository)
    assert not (tmp_path / "out").exists()


@pytest.fixture
def clone(released: tuple[Path, Path, Path], tmp_path: Path) -> tuple[Path, Path]:
    """Another clone of what was released, and the key."""
    run("git", "clone", "-q", released[0], tmp_path / "clone", cwd=tmp_path)
    return tmp_path / "clone", released[1].parent / "ours"


def refused(repository: Path, ours: Path) -> str:
    said = run("setup/release", ours, repository.parent / "out", cwd=repository, expect=2).stderr
    assert not (repository.parent / "out").exists()
    return said


MAKE = f"Làm gì tiếp: .venv/bin/python -m tests.warehouse.released {_version()}, rồi commit cả hai tệp"


@pytest.mark.parametrize("dump", DUMPS)
def test_a_release_has_a_sample_of_its_warehouse_on_either_database(dump: str, clone: tuple[Path, Path]) -> None:
    repository, ours = clone
    (repository / SAMPLES / f"{_version()}.{dump}").unlink()
    commit(repository)
    said = refused(repository, ours)
    assert f"chưa có kho dữ liệu mẫu {SAMPLES}/{_version()}.{dump}" in said
    assert MAKE in said


@pytest.mark.parametrize("dump", DUMPS)
def test_a_sample_of_an_older_warehouse_is_not_the_releases_own(dump: str, clone: tuple[Path, Path]) -> None:
    repository, ours = clone
    keep_sample(repository, dump, "0001")
    commit(repository)
    said = refused(repository, ours)
    assert f"kho dữ liệu mẫu {SAMPLES}/{_version()}.{dump} ở phiên bản 0001, bản này cần {HEAD}" in said
    assert MAKE in said


@pytest.mark.parametrize("dump", DUMPS)
def test_a_sample_that_cannot_be_read_is_none(dump: str, clone: tuple[Path, Path]) -> None:
    repository, ours = clone
    (repository / SAMPLES / f"{_version()}.{dump}").write_bytes(b"")
    commit(repository)
    said = refused(repository, ours)
    assert f"không đọc được phiên bản của kho dữ liệu mẫu {SAMPLES}/{_version()}.{dump}" in said
    assert MAKE in said

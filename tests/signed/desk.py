"""A machine with a province, a register and a clerk who types commands."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from cli.main import main
from flows.place import find_place
from flows.restated import report_of
from flows.signed import Added, add_signed
from reporting.kept import Basis, Kept
from reporting.signed.verdict import Refused
from tests.signed.office import Holder
from warehouse import register
from warehouse.database import open_warehouse
from warehouse.register import ReportVersion, Scope

NOW = "2024-12-19T08:00:00+07:00"
CLERK = "Trần Thị B, văn thư"
KEPT = Kept(figures={}, basis=Basis("2024-12-14", "", "", "", {}, ())).to_json()


class Desk:
    def __init__(
        self, home: Path, patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], province: Path
    ) -> None:
        self.home, self._patch, self._capsys = home, patch, capsys
        self.province = home / "province"
        shutil.copytree(province, self.province)
        patch.setenv("CCHC_HOME", str(home))
        patch.setenv("CCHC_PROVINCE", str(self.province))
        patch.setenv("CCHC_NOW", "2024-12-16T08:00:00+07:00")
        self.folder = home / "khanh-hoa" / "reports" / "2024Q4"
        self.folder.mkdir(parents=True)
        self.engine = open_warehouse(f"sqlite:///{home / 'khanh-hoa' / 'warehouse.sqlite'}")

    def trust(self, root: Holder) -> None:
        folder = self.province / "trust"
        folder.mkdir(exist_ok=True)
        (folder / "goc.cer").write_bytes(root.der)

    def register(self, period: str, pdf: bytes, *, scope: Scope = "province", unit: str = "56") -> ReportVersion:
        """Entered as a run enters it."""

        def put(version: int) -> str:
            path = self.folder.parent / period / f"bao-cao-{unit}-v{version}.pdf"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(pdf)
            return str(path)

        version = register.add(
            self.engine,
            period_id=period,
            scope=scope,
            unit_code=unit,
            path=put,
            sha256=hashlib.sha256(pdf).hexdigest(),
            pages=3,
            input_digest=f"{period} {len(pdf)}",
            reason="bản đầu tiên của kỳ",
            document=KEPT,
        )
        self._patch.setenv("CCHC_NOW", NOW)
        return version

    def newest(self) -> ReportVersion:
        found = register.newest(self.engine, "2024Q4", "province", "56")
        assert found is not None
        return found

    def add(self, content: bytes, *, version: int | None = None, unit: str | None = None) -> Added:
        place = find_place("2024Q4")
        file = self.file(content)
        return add_signed(self.engine, report_of(place, unit), file, by_whom=CLERK, version=version)

    def refused(self, content: bytes, *, version: int | None = None) -> Refused:
        before = self.files()
        with pytest.raises(Refused) as caught:
            self.add(content, version=version)
        assert self.files() == before, "nothing of a refused file is kept"
        return caught.value

    def file(self, content: bytes, name: str = "da-ky.pdf") -> Path:
        path = self.home / name
        path.write_bytes(content)
        return path

    def files(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())

    def cchc(self, *words: str, expect: int = 0) -> str:
        """What was said, in one line."""
        self._patch.setattr("sys.argv", ["cchc", *words])
        with pytest.raises(SystemExit) as left:
            main()
        said = self._capsys.readouterr()
        told = said.out + " " + said.err
        assert int(str(left.value.code)) == expect, told
        return " ".join(told.split())

    def json(self, *words: str) -> Any:
        return json.loads(self.cchc(*words, "--json"))

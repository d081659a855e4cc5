"""A province of thirty sources: communes of the demonstration, each with the dossiers that it received in a system of
its own. The province's report alone is printed, and that once."""

from __future__ import annotations

import csv
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from benchmarks.measure import REPOSITORY

SOURCES = 30
OF = ("cam-lam", "khanh-vinh", "khanh-son")
TEMPLATE = REPOSITORY / "provinces" / "khanh-hoa"


def make(folder: Path, systems: Path) -> tuple[Path, int]:
    """The configuration's folder, and how many dossiers lie in the systems. systems: those of the demonstration, to
    which the communes' are added."""
    copy = Path(shutil.copytree(TEMPLATE, folder / "khanh-hoa"))
    settings = copy / "province.toml"
    settings.write_text(settings.read_text(encoding="utf-8").split("[[report.own_reports]]")[0], encoding="utf-8")
    shutil.rmtree(copy / "sources")
    communes = [(district, row) for district in OF for row in _units(district) if row["agency_code"].count(".") == 2]
    return copy, sum(_source(copy, systems, district, row) for district, row in communes[:SOURCES])


def _units(district: str) -> list[dict[str, str]]:
    with (TEMPLATE / "sources" / district / "unit_map.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _source(province: Path, systems: Path, district: str, commune: dict[str, str]) -> int:
    code = commune["agency_code"]
    name = f"xa-{code.lower().replace('.', '-')}"
    folder = province / "sources" / name
    folder.mkdir(parents=True)
    lines = [f'id = "{name}"', f'name = "{commune["name"]}"', 'vendor = "a"', f'address = "{{systems}}/{name}.sqlite"']
    lines += [f'units = ["{code}"]', 'contact = "minh họa"']
    (folder / "source.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with (folder / "unit_map.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(commune))
        writer.writeheader()
        writer.writerow(commune)
    return _system(systems / f"{name}.sqlite", systems / f"{district}.sqlite", commune["local_code"])


def _system(file: Path, of: Path, local_code: str) -> int:
    shutil.copyfile(of, file)
    with closing(sqlite3.connect(file)) as system:
        with system:
            system.execute("DELETE FROM HoSo WHERE MaCoQuanTiepNhan IS NOT ?", (local_code,))
            system.execute("DELETE FROM HoSoYeuCau WHERE HoSoId NOT IN (SELECT Id FROM HoSo)")
        system.execute("VACUUM")
        return int(system.execute("SELECT count(*) FROM HoSo").fetchone()[0])

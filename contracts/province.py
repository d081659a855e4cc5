"""A province: its units, catalogue, calendar, policies and sources, read from its folder and checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator

from contracts.codes import Level
from contracts.configfile import Mistakes, Strict, build, line_of, read_csv, read_toml, row_of
from contracts.due import DueRule, clash
from contracts.errors import ConfigError, UsageError
from contracts.hosts import Host
from contracts.openings import Opening, read_openings
from contracts.periods import Period
from contracts.portal_settings import PortalSettings
from contracts.retention import RetentionSettings
from contracts.returned import NONE_ASKED, Questions, read_questions
from contracts.series_breaks import SeriesBreak, read_breaks
from contracts.source_config import SourceConfig, digest
from contracts.source_folder import in_force, read_source
from contracts.targets import Target
from contracts.targets import clash as target_clash
from contracts.units import UnitTree, read_units

NATIONAL = Path(str(files("contracts").joinpath("data")))


_DAY = r"\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
DOSSIER_CODE_PATTERNS = (
    re.compile(rf"^H\d{{2}}(?:\.\d{{1,3}})*-{_DAY}-\d{{4,}}$"),  # H15.50.05.13-261008-0975
    re.compile(rf"^\d{{3}}\.\d{{2}}\.\d{{2}}\.H\d{{2}}-{_DAY}-\d{{4,}}$"),  # 000.00.01.H32-240115-0001
    re.compile(r"^\d{12,}$"),  # systems of the ministries: digits alone, the first two the ministry's
)


class Policy(Strict):
    """What vendors and provinces differ in (docs/domain.md §3, §4). Printed in the report's notes.

    stopped_is: a dossier that the office stopped (Dừng xử lý) stays open in time ("backlog"), or is resolved
    on its stop day ("closed"). withdrawn_column: II.06 column in which a withdrawn dossier counts.
    quarantine_share: a source with more rejected rows than this share fails. dossier_code_patterns: forms of
    mã hồ sơ that are known; a code of another form is a warning. No capturing groups. same_dossier_days: two systems
    that hold a code for one procedure hold one dossier where they received it no further apart than that.
    unusual_share, unusual_at_least: a unit's count is told of where it differs from that of the same period last year
    by more than this share of it, and by no fewer dossiers than that. published_points: a ratio that differs from the
    published one by more percentage points than that is told of.
    """

    stopped_is: Literal["backlog", "closed"] = "backlog"
    withdrawn_column: Literal[8, 9] = 9
    quarantine_share: float = 0.05
    dossier_code_patterns: tuple[re.Pattern[str], ...] = DOSSIER_CODE_PATTERNS
    same_dossier_days: int = 15
    unusual_share: float = 0.5
    unusual_at_least: int = 50
    published_points: float = 0.5


class OwnReports(Strict):
    """The level whose units get a report of their own at each run, in periods whose cut-off lies in these days: the
    district's ended on 30/6/2025."""

    level: Level
    valid_from: date = date.min
    valid_to: date = date.max


class ReportSettings(Strict):
    """Wording of the draft (NĐ 30/2020/NĐ-CP), and which units get a report of their own; others only on request.
    judged_from: a unit with fewer resolved dossiers is not named among the best, the lowest or the largest moves: one
    dossier more would turn the order."""

    superior: str  # cơ quan chủ quản, in capitals; empty for the province itself
    issuer: str  # cơ quan ban hành
    document_code: str  # tail of the number: BC-UBND
    place: str
    signer_authority: str  # TM. ỦY BAN NHÂN DÂN
    signer_title: str
    recipients: list[str]
    own_reports: list[OwnReports] = []
    judged_from: Annotated[int, Field(ge=1)] = 30

    def unit_level(self, cut_off: date) -> Level | None:
        """The level whose units get a report of their own in the period with that cut-off."""
        held = (own.level for own in self.own_reports if own.valid_from <= cut_off <= own.valid_to)
        return next(held, None)


class SigningSettings(Strict):
    """How signed reports are taken back. roots: folder of the trusted root certificates, below the province's;
    require_trusted: whether a signature whose chain does not lead to one of them is refused."""

    roots: str = "trust"
    require_trusted: bool = False


class ProvinceFile(Strict):
    id: str
    name: str
    unit_code: str
    period_rule: str = "nd09"
    data_note: str = ""  # printed on page 1, for demonstrations
    policy: Policy = Policy()
    hosts: dict[str, Host] = {}
    due: list[DueRule] = []
    target: list[Target] = []
    report: ReportSettings
    signing: SigningSettings = SigningSettings()
    retention: RetentionSettings = RetentionSettings()
    portal: PortalSettings = PortalSettings()

    @field_validator("due")
    @classmethod
    def _no_clash(cls, rules: list[DueRule]) -> list[DueRule]:
        if said := clash(rules):
            raise ValueError(said)
        return rules

    @field_validator("target")
    @classmethod
    def _one_target(cls, targets: list[Target]) -> list[Target]:
        if said := target_clash(targets):
            raise ValueError(said)
        return targets


@dataclass(frozen=True)
class Procedure:
    """A procedure of the national catalogue (Cơ sở dữ liệu quốc gia về TTHC).

    limit_days: statutory or local time limit, None where not known. online: partial or full online service.
    verified: whether a public source confirms the code."""

    code: str
    name: str
    field: str
    verified: bool


@dataclass(frozen=True)
class Province:
    """Everything configured for one province."""

    folder: Path
    file: ProvinceFile
    units: UnitTree
    procedures: dict[str, Procedure]
    rest_days: dict[date, bool]  # dated table: True a day off, False a working day in place of one
    breaks: tuple[SeriesBreak, ...] = ()  # days from which figures are of another series
    openings: tuple[Opening, ...] = ()  # balances of cumulative counts before the first stored period
    questions: Questions = NONE_ASKED  # what units report that no dossier holds

    @property
    def id(self) -> str:
        return self.file.id

    @property
    def name(self) -> str:
        return self.file.name

    @property
    def policy_fingerprint(self) -> str:
        """Changes when a setting that figures depend on changes."""
        return digest(
            [
                self.file.policy.model_dump(),
                sorted((p.code, p.field) for p in self.procedures.values()),
                [str(u) for u in self.units],
                sorted(self.rest_days.items()),
            ]
        )

    @property
    def counting_fingerprint(self) -> str:
        """Changes when the same dossiers would stand in other columns; two periods are compared only if it is equal.
        Every load fingerprint begins with it."""
        policy = self.file.policy
        return digest([policy.stopped_is, policy.withdrawn_column])[:16]

    def source_ids(self) -> list[str]:
        folder = self.folder / "sources"
        found = sorted(p.name for p in folder.iterdir() if p.is_dir()) if folder.is_dir() else []
        if not found:
            raise ConfigError("tỉnh chưa có nguồn dữ liệu nào", file=folder, advice="xem docs/add-a-source.md")
        return found

    def source_ids_for(self, period: Period) -> list[str]:
        """Of the sources that answer for the period."""
        vendors, sources = self.folder / "vendors", self.folder / "sources"
        return [name for name in self.source_ids() if in_force(sources / name, vendors=vendors, on=period.cut_off)]

    def source(self, source_id: str, *, period: Period, systems: Path) -> SourceConfig:
        """One source as it is for that period. Raises UsageError, ConfigError."""
        if source_id not in self.source_ids():
            raise UsageError(
                f"tỉnh {self.name} không có nguồn «{source_id}»",
                advice=f"các nguồn: {', '.join(self.source_ids())}",
            )
        source = read_source(
            self.folder / "sources" / source_id,
            vendors=self.folder / "vendors",
            on=period.cut_off,
            systems=systems / self.id,
            period=period.id,
            hosts={name.lower(): rules for name, rules in self.file.hosts.items()},
        )
        self._check_units(source)
        return source

    def _check_units(self, source: SourceConfig) -> None:
        """A source counts for the units that it answers for, and for no other's: that one's gap would not show."""
        mistakes = Mistakes()
        path = source.folder / "source.toml"
        for code in source.units:
            with mistakes.noted():
                if not self.units.has_agency(code):
                    line = line_of(path, ["units"])
                    raise ConfigError(f"đơn vị «{code}» không có trong agencies.csv", file=path, line=line)
        mistakes.tell()
        answers_for = {u.agency_code for code in source.units for u in self.units.subtree(code)}
        for local, agency in source.unit_map.items():
            with mistakes.noted():
                if agency not in answers_for:
                    file = source.folder / "unit_map.csv"
                    line = row_of(file, "local_code", local)
                    said = f"mã «{local}» chỉ tới đơn vị «{agency}», không thuộc units của nguồn {source.id}"
                    raise ConfigError(said, file=file, line=line)
        mistakes.tell()

    def sources(self, *, period: Period, systems: Path) -> list[SourceConfig]:
        """Those that answer for the period. Raises ConfigError, with the mistakes of all of them."""
        mistakes = Mistakes()
        known = []
        for source_id in self.source_ids_for(period):
            with mistakes.noted():
                known.append(self.source(source_id, period=period, systems=systems))
        mistakes.tell()
        return known


def mark_of_files(folder: Path) -> str:
    """Changes when anything in a province's folder does, as its files' sizes and times of writing say."""
    files = sorted((str(path.relative_to(folder)), path.stat()) for path in folder.rglob("*") if path.is_file())
    return digest([[name, str(stat.st_mtime_ns), str(stat.st_size)] for name, stat in files])


def read_province(folder: Path) -> Province:
    """The province of that folder. Raises ConfigError with file and line."""
    if not folder.is_dir():
        raise ConfigError(
            "không có thư mục cấu hình tỉnh này", file=folder, advice="kiểm tra --province hoặc CCHC_PROVINCE"
        )
    path = folder / "province.toml"
    units = read_units(folder / "agencies.csv")
    return Province(
        folder=folder,
        file=build(ProvinceFile, read_toml(path), path=path),
        units=units,
        procedures=_procedures(_own_or_national(folder, "procedures.csv")),
        rest_days=_rest_days(_own_or_national(folder, "rest_days.csv")),
        breaks=read_breaks(folder / "breaks.toml", units),
        openings=read_openings(folder / "openings.toml", units),
        questions=read_questions(folder),
    )


def _own_or_national(folder: Path, name: str) -> Path:
    return folder / name if (folder / name).exists() else NATIONAL / name


def _procedures(path: Path) -> dict[str, Procedure]:
    found = {}
    for _, row in read_csv(path, ("code", "name", "field", "verified")):
        found[row["code"]] = Procedure(row["code"], row["name"], row["field"], row["verified"] == "yes")
    return found


def _rest_days(path: Path) -> dict[date, bool]:
    """rest_days.csv: date, kind (off or work), name, source."""
    found = {}
    for line, row in read_csv(path, ("date", "kind", "name", "source")):
        try:
            day = date.fromisoformat(row["date"])
        except ValueError:
            raise ConfigError("ngày phải có dạng 2026-11-24", file=path, line=line) from None
        if row["kind"] not in {"off", "work"}:
            raise ConfigError("kind phải là off hoặc work", file=path, line=line)
        found[day] = row["kind"] == "off"
    return found

"""What a system's own codes mean here: status_map.csv, channel_map.csv, level_map.csv and unit_map.csv."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from contracts.codes import Channel, ServiceLevel, Status
from contracts.configfile import Mistakes, plain, read_csv
from contracts.errors import ConfigError
from contracts.source_config import REJECT

C = TypeVar("C", Status, Channel, ServiceLevel)


def read_unit_map(path: Path) -> dict[str, str]:
    """local_code, agency_code: the source's units and whose they are; those and no others are counted."""
    found: dict[str, str] = {}
    known: set[str] = set()
    mistakes = Mistakes()
    for line, row in read_csv(path, ("local_code", "agency_code")):
        with mistakes.noted():
            _check_once(row["local_code"], known, path, line)
            found[row["local_code"]] = row["agency_code"]
            if not row["agency_code"]:
                said = f"mã «{row['local_code']}» chưa ghi agency_code"
                raise ConfigError(said, file=path, line=line, advice="ghi mã trong agencies.csv, hoặc xóa dòng này")
    mistakes.tell()
    if not found:
        raise ConfigError("chưa có đơn vị nào", file=path, advice="ghi mỗi đơn vị của nguồn một dòng")
    return found


def read_status_map(path: Path) -> tuple[dict[str, Status], frozenset[str]]:
    """code, label, group; and the codes of group REJECT, which are known to mean nothing."""
    rejected = {row["code"] for _, row in read_csv(path, ("code", "group")) if row["group"] == REJECT}
    return _code_map(path, "group", Status, also=REJECT), frozenset(rejected)


def read_channel_map(path: Path) -> dict[str, Channel]:
    """code, label, channel."""
    return _code_map(path, "channel", Channel)


def read_level_map(path: Path) -> dict[str, ServiceLevel]:
    """code, label, level. Without the file no level is known: a number is never guessed."""
    return _code_map(path, "level", ServiceLevel) if path.exists() else {}


def _code_map(path: Path, target: str, codes: type[C], *, also: str = "") -> dict[str, C]:
    """code, label, <target>: the local code and what it means here. Codes of target `also` are left out."""
    seen: dict[str, str] = {}
    once: set[str] = set()
    known = [str(code) for code in codes] + ([also] if also else [])
    mistakes = Mistakes()
    for line, row in read_csv(path, ("code", target)):
        with mistakes.noted():
            _check_once(row["code"], once, path, line)
            seen[row["code"]] = row[target]
            if row[target] not in known:
                said = f"«{row[target]}» phải là" if row[target] else f"mã «{row['code']}» chưa ghi {target}; phải là"
                raise ConfigError(f"{said} một trong: {', '.join(known)}", file=path, line=line)
    mistakes.tell()
    if not seen:
        raise ConfigError("chưa có mã nào", file=path, advice="ghi mỗi mã mà hệ thống dùng một dòng")
    return {code: codes(meaning) for code, meaning in seen.items() if meaning != also}


def _check_once(code: str, known: set[str], path: Path, line: int) -> None:
    """What a system writes is compared plain: two codes that look alike there would be one, with two meanings."""
    if plain(code) in known:
        raise ConfigError(f"mã «{code}» ghi hai lần", file=path, line=line)
    known.add(plain(code))

"""Writing the first draft of a source's folder (provinces/<p>/sources/<id>/) for a person to finish.

What is not known is left empty, so that `cchc sources check` names each place by file and line; notes stand beside
each proposal, in Vietnamese.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contracts import clock
from contracts.known_names import channel_of, level_of, status_of
from contracts.table_spec import FileTable, SqlTable
from contracts.units import UnitTree
from sources.exploring.explore import Code, FoundTable
from sources.exploring.proposal import PLEASE_CHECK, Proposal, ProposedTable


@dataclass(frozen=True)
class Draft:
    """What is known before anybody looks. address, secret: as they are to stand in source.toml. vendor: of a folder
    that describes such systems already; empty for a new kind."""

    id: str
    name: str
    kind: str
    address: str
    secret: str = ""
    vendor: str = ""
    connection: Mapping[str, Any] = field(default_factory=dict)


def write_folder(folder: Path, texts: Mapping[str, str]) -> None:
    """All the files or none: written beside, then renamed. A folder that is there already keeps what it holds (the key
    of a server, a certificate). Raises FileExistsError where one of the files is there."""
    if there := [folder / name for name in texts if (folder / name).exists()]:
        raise FileExistsError(there[0])
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".") as beside:
        made = Path(beside) / folder.name
        if folder.exists():
            shutil.copytree(folder, made)
        else:
            made.mkdir(mode=0o755)
        for name, text in texts.items():
            (made / name).write_text(text, encoding="utf-8")
        if folder.exists():
            folder.rename(Path(beside) / "before")
        made.rename(folder)


def drafted(draft: Draft, proposal: Proposal, units: UnitTree) -> dict[str, str]:
    """File name → text, of a system of a new kind."""
    levels = proposal.codes.get("service_level")
    level_map = {"level_map.csv": _meanings(levels, "level", _level)} if levels else {}
    return level_map | {
        "source.toml": _source_toml(draft, proposal, units),
        "column_map.csv": _column_map(proposal),
        "status_map.csv": _meanings(proposal.codes["status"], "group", _status),
        "channel_map.csv": _meanings(proposal.codes["channel"], "channel", _channel),
        "unit_map.csv": unit_map(proposal.codes["agency"], units),
    }


def drafted_of_vendor(draft: Draft, agencies: Sequence[Code] | None, units: UnitTree) -> dict[str, str]:
    """File name → text, of one more system of a vendor whose folder says all that its systems share."""
    lines = [*_head(draft, proposed_units(agencies, units)), *_connection(draft), ""]
    return {"source.toml": "\n".join(lines), "unit_map.csv": unit_map(agencies, units)}


def stand_in(draft: Draft) -> dict[str, str]:
    """What a vendor's folder needs beside it to be read, until a person has said the rest."""
    said = {"id": draft.id, "name": draft.name, "vendor": draft.vendor, "kind": draft.kind, "address": draft.address}
    values = {**said, "secret": draft.secret, "units": ["?"], "contact": "?", "connection": dict(draft.connection)}
    text = "".join(f"{key} = {_value(value)}\n" for key, value in values.items())
    return {"source.toml": text, "unit_map.csv": "local_code,agency_code\n?,?\n"}


def proposed_units(agencies: Sequence[Code] | None, units: UnitTree) -> list[str]:
    """Of the agency codes that the system uses, those of the province's catalogue that stand below no other."""
    known = [c.code for c in agencies or () if units.has_agency(c.code)]
    below = {u.agency_code for code in known for u in units.subtree(code)[1:]}
    return [code for code in known if code not in below]


def unit_map(agencies: Sequence[Code] | None, units: UnitTree) -> str:
    rows = []
    for found in agencies or ():
        known = units.by_agency(found.code) if units.has_agency(found.code) else None
        name = known.name if known else found.label
        rows.append(
            (found.code, known.agency_code if known else "", name, "" if known else "ghi mã trong agencies.csv")
        )
    return _csv(("local_code", "agency_code", "name", "note"), rows)


def _column_map(proposal: Proposal) -> str:
    rows = [
        (table.name, c.column, c.source_column, c.format, "", "", c.note)
        for table in (proposal.dossiers, proposal.pauses)
        if table is not None
        for c in table.columns
    ]
    return _csv(("table", "column", "source_column", "format", "valid_from", "valid_to", "note"), rows)


def _meanings(codes: Sequence[Code] | None, target: str, meaning: Any) -> str:
    """code, label, what it means here: filled in only where its own words are known ones."""
    rows = []
    for found in codes or ():
        label = found.label or ("" if found.code.isdigit() else found.code)
        known = meaning(label)
        rows.append((found.code, label, known, PLEASE_CHECK if known else f"ghi {target}"))
    return _csv(("code", "label", target, "note"), rows)


def _status(label: str) -> str:
    return str(status_of(label) or "")


def _channel(label: str) -> str:
    return str(channel_of(label) or "")


def _level(label: str) -> str:
    return str(level_of(label) or "")


def _csv(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows([" ".join(cell.split()) if cell.strip() else "" for cell in row] for row in rows)
    return text.getvalue()


def _source_toml(draft: Draft, proposal: Proposal, units: UnitTree) -> str:
    lines = [*_head(draft, proposed_units(proposal.codes["agency"], units)), *_connection(draft)]
    lines += ["", *_table(proposal.dossiers)]
    if proposal.pauses is not None:
        lines += ["", *_table(proposal.pauses)]
    else:
        lines += ["", "# Không thấy bảng các lần tạm dừng (yêu cầu bổ sung, nộp phí). Nếu có, thêm [tables.pauses]."]
    for other, known in proposal.others:
        like = ", ".join(f"{m.column} ({_said(m.found)})" for m in known)
        lines.append(f"# Bảng {_said(other.name)} cũng có cột giống: {like}. {advice_on(other)}.")
    return "\n".join([*lines, ""])


def advice_on(other: FoundTable) -> str:
    """What to do where a second table could hold dossiers as well, or a column that is missing."""
    if isinstance(other.spec, FileTable):
        return 'Cũng cần đọc: ghi mẫu tên trang tính ở «sheet», ví dụ sheet = "*" (mọi trang tính)'
    if isinstance(other.spec, SqlTable):
        return "Cần nối hai bảng: ghi JOIN ở «from»; cần bảng này thay bảng trên: xóa bản nháp, chạy lại với --table"
    return "Cần bảng này thay bảng trên: xóa bản nháp, chạy lại với --table"


def _head(draft: Draft, units: Sequence[str]) -> Iterator[str]:
    yield f"# Bản nháp do «cchc sources new» viết ngày {clock.today():%d/%m/%Y}; từng mục: docs/add-a-source.md."
    yield f"id = {_value(draft.id)}"
    yield f"name = {_value(draft.name)}" + ("  # ĐIỀN: tên in trong báo cáo" if draft.name == draft.id else "")
    if draft.vendor:
        yield f"vendor = {_value(draft.vendor)}"
    yield f"kind = {_value(draft.kind)}"
    yield f"address = {_value(draft.address)}"
    if draft.secret:
        yield f"secret = {_value(draft.secret)}"
    yield "# Mã (agencies.csv) của đơn vị mà hệ thống này trả lời; mỗi mã gồm cả các đơn vị bên dưới."
    yield f"units = {_value(list(units))}" + (f"  # {PLEASE_CHECK}" if units else "  # ĐIỀN")
    yield 'contact = ""  # ĐIỀN: gọi ai khi hệ thống không trả lời'
    yield "# since = 2024-12-14  # ngày chốt đầu tiên mà hệ thống này trả lời; bỏ trống: từ trước đến nay"


def _connection(draft: Draft) -> list[str]:
    if not draft.connection:
        return []
    return ["", "[connection]", *(f"{key} = {_value(value)}" for key, value in draft.connection.items())]


def _table(table: ProposedTable) -> Iterator[str]:
    yield f"# {PLEASE_CHECK.capitalize()}: bảng này có đúng là bảng cần đọc không."
    if table.found.note:
        yield f"# {table.found.note}"
    yield f"[tables.{table.name}]"
    said = table.found.spec.model_dump(exclude_defaults=True)
    for key, value in sorted(said.items(), key=lambda item: item[0] == "key"):
        yield f"{key.rstrip('_')} = {_value(value)}"  # from is a Python word
    if table.where:
        yield "# Chỉ bỏ hồ sơ chắc chắn ngoài kỳ; ngày trống, không đọc được, chưa đến vẫn phải đi qua."
        yield f"where = {_lines(table.where)}"
    if table.further:
        yield "# Khi đã biết mã nào nghĩa là đã xong, đã rút (không phải dừng xử lý), nên thêm vào cuối điều kiện trên,"
        yield "# để không đọc lại hồ sơ đã xong từ các kỳ trước; điền các mã vào chỗ «…»:"
        yield from (f"#   {_printable(line)}" for line in table.further.split("\n"))
    if table.personal:
        yield f"# không đọc (dữ liệu cá nhân): {', '.join(map(_said, table.personal))}"
    if table.unused:
        yield f"# chưa dùng: {', '.join(map(_said, table.unused))}"


def _said(name: str) -> str:
    """A name that a system gave, on one line of a comment."""
    return _printable(" ".join(name.split()))


def _printable(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable())


def _lines(text: str) -> str:
    """Over several lines, as a person would write it, unless what the system gave stands in the way."""
    plain = "'''" not in text and all(line.isprintable() for line in text.split("\n"))
    return f"'''\n{text}\n'''" if plain else _value(text)


def _value(value: Any) -> str:
    """As TOML writes it."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")

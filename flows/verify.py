"""Which report a file or a code is of: from the register alone, for whoever was handed a copy."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from contracts.errors import CchcError, Exit, UsageError, machine_error
from contracts.periods import parse_period
from contracts.province import Province, read_province
from contracts.settings import Settings
from reporting.draft_mark import copy_of
from reporting.scope import code_of
from reporting.wording import inline
from warehouse import known_files, owner, publications, register
from warehouse.database import open_warehouse
from warehouse.known_files import KnownFile
from warehouse.publications import Publication
from warehouse.register import ReportVersion

SHORTEST = 8
"""Hexadecimal digits of a code, two groups as it is printed, that are enough to look it up."""
_PRINTED_CODE = re.compile("Mã kiểm chứng ([0-9a-f]{64})".encode())


class NotAsPrinted(CchcError):
    """The file or code is none that the register knows."""

    exit_code = Exit.STOPPED_BY_CHECK


@dataclass(frozen=True)
class Verified:
    """A file of a version, with what became of that report. unit: its name within a sentence; published: the version
    that stands so."""

    province: str
    period: str
    unit: str
    file: KnownFile
    version: ReportVersion
    newest: int
    published: Publication | None

    @property
    def is_newest(self) -> bool:
        return self.newest == self.version.version

    @property
    def is_published(self) -> bool:
        return self.published is not None and self.published.version == self.version.version


def verify_file(path: Path) -> Verified:
    """Raises NotAsPrinted, which says of which version the file may have been made."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise machine_error(error) or UsageError(
            f"không đọc được tệp {path.absolute()}", advice="kiểm tra tên tệp"
        ) from None
    register_of = _Register()
    known = known_files.by_checksum(register_of.engine, hashlib.sha256(content).hexdigest())
    if known:
        return register_of.told(known[0])
    if original := copy_of(content):
        raise _marked_copy(path, known_files.by_checksum(register_of.engine, original), register_of)
    claimed = _PRINTED_CODE.search(content)
    of = known_files.by_code(register_of.engine, claimed[1].decode()) if claimed else ()
    name = register_of.province.name
    if not of:
        raise NotAsPrinted(
            f"tệp {path.name} không có trong sổ báo cáo của {name}",
            advice="không dùng tệp này; hỏi nơi gửi tệp, hoặc kiểm tra có đúng tỉnh không (--province)",
        )
    told = register_of.told(of[0])
    raise NotAsPrinted(
        f"tệp {path.name} ghi mã kiểm chứng của {title(told)} nhưng không đúng từng byte với tệp đã in hay đã nhận"
        " lại: tệp đã bị sửa, lưu lại bằng phần mềm khác, hoặc mới được ký",
        advice=f"tệp mới ký: nộp lại bằng cchc signed add; nếu không, dùng bản đã in tại {told.file.path}",
    )


def _marked_copy(path: Path, of: tuple[KnownFile, ...], register_of: _Register) -> NotAsPrinted:
    """What is handed around before approval, or after a withdrawal: it says itself that it is not the document."""
    whose = (
        title(register_of.told(of[0])) if of else f"một tệp không có trong sổ báo cáo của {register_of.province.name}"
    )
    return NotAsPrinted(
        f"tệp {path.name} là bản sao có dấu «DỰ THẢO» hoặc «ĐÃ THU HỒI» của {whose}; không phải văn bản",
        advice="dùng tệp không có dấu, tải từ cổng báo cáo khi bản đó đã được duyệt",
    )


def verify_code(typed: str) -> tuple[Verified, ...]:
    """typed: the code on paper, or its beginning, with or without blanks; or a file's SHA-256. More than one where the
    same content was printed twice. Raises UsageError, NotAsPrinted."""
    code = re.sub(r"[\s.\-]", "", typed).lower()
    if not re.fullmatch(rf"[0-9a-f]{{{SHORTEST},64}}", code):
        raise UsageError(
            f"«{typed[:80]}» không phải là tệp có thật, cũng không phải mã kiểm chứng",
            advice=f"ghi tên tệp PDF, hoặc ít nhất {SHORTEST} ký tự đầu (0-9, a-f) của mã ở trang cuối báo cáo",
        )
    register_of = _Register()
    known = known_files.by_code(register_of.engine, code) or known_files.by_checksum(register_of.engine, code)
    if not known:
        raise NotAsPrinted(
            f"không có báo cáo nào của {register_of.province.name} mang mã này",
            advice="đọc lại mã từng nhóm bốn ký tự; nếu mã đúng, văn bản không do hệ thống này in ra",
        )
    return tuple(register_of.told(one) for one in known)


def title(one: Verified) -> str:
    """báo cáo Quý IV năm 2024 của tỉnh Khánh Hòa, bản 2."""
    return f"báo cáo {one.period} của {one.unit}, bản {one.version.version}"


class _Register:
    """Of the province that is configured."""

    def __init__(self) -> None:
        settings = Settings()
        self.province: Province = read_province(settings.province_folder)
        self.engine: Engine = open_warehouse(settings.database_url(self.province.id))
        owner.claim(self.engine, self.province.id)

    def told(self, file: KnownFile) -> Verified:
        entered = [v for v in register.versions(self.engine, file.period_id) if v.key == (file.scope, file.unit_code)]
        (version,) = [v for v in entered if v.version == file.version]
        stands = publications.standing(publications.events(self.engine, file.period_id))
        tree = self.province.units
        names = [inline(unit) for unit in tree if code_of(unit, tree) == file.unit_code]
        return Verified(
            province=self.province.name,
            period=parse_period(file.period_id, rule=self.province.file.period_rule).label,
            unit=names[0] if names else file.unit_code,
            file=file,
            version=version,
            newest=max(v.version for v in entered),
            published=stands.get((file.scope, file.unit_code)),
        )

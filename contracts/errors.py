"""What can go wrong, told to the person who can mend it.

Texts are Vietnamese, because operators and staff read them; each says what happened, where (source,
period, file, line) and what to do next. They never hold a row, a secret or personal data. An exception
that is not a `CchcError` is a bug of ours and leaves with exit code 1.
"""

from __future__ import annotations

import errno
from enum import IntEnum
from pathlib import Path


class Exit(IntEnum):
    """Exit codes of the command `cchc`; scripts depend on them."""

    DONE = 0
    BUG = 1
    USAGE = 2
    SOURCES_MISSING = 3
    STOPPED_BY_CHECK = 4


class CchcError(Exception):
    """A situation that a person can mend.

    cause: what happened, in one Vietnamese sentence without a final advice.
    advice: what to do next, in Vietnamese; may hold the exact command.
    """

    exit_code = Exit.USAGE

    def __init__(self, cause: str, *, advice: str = "") -> None:
        super().__init__(cause)
        self.cause = cause
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.cause} → {self.advice}" if self.advice else self.cause

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.__dict__.copy(), self.args))


def _rebuild(kind: type[CchcError], state: dict[str, object], args: tuple[object, ...]) -> CchcError:
    """Unpickle without calling `__init__`, whose keyword arguments differ from class to class."""
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class UsageError(CchcError):
    """The command was asked for something that does not exist: a period, a unit, a source."""


class ConfigError(CchcError):
    """A file of a province is missing or wrong. Names the file and, where there is one, the line. others: mistakes that
    were found beside it, so that a person can mend all of them at once."""

    others: tuple[ConfigError, ...] = ()

    def __init__(self, cause: str, *, file: Path, line: int | None = None, advice: str = "") -> None:
        where = f"{file}:{line}" if line else f"{file}"
        super().__init__(f"{where}: {cause}", advice=advice or "sửa tệp này rồi chạy lại")
        self.file = file
        self.line = line


class SecretError(CchcError):
    """A password or key is not there, or lies where others may read it. Never holds its value."""


class SourceError(CchcError):
    """One source could not be used; the others go on. `source_id` names it."""

    exit_code = Exit.SOURCES_MISSING

    def __init__(self, cause: str, *, source_id: str, advice: str = "") -> None:
        super().__init__(cause, advice=advice)
        self.source_id = source_id


class SourceUnreachable(SourceError):
    """No answer, refused, or not there. Worth a retry."""


class SourceNotReceived(SourceUnreachable):
    """A file that someone has to send is not there yet. Nothing is broken."""


class SourceChanged(SourceUnreachable):
    """The rows changed while they were read page by page, so what was read does not fit together: the number of rows
    is another, or a mark no longer leads anywhere. Worth a retry, from the beginning."""


class SourceNotNow(SourceError):
    """The host may not be read at this hour, or all its connections are taken. Not worth a retry in a few seconds."""


class SourceStopped(SourceError):
    """The process that worked on the source is gone, or was ended by somebody, before it came to an end."""


class SourceDrift(SourceError):
    """The system answers, but a table, sheet or column that we read is gone or has another type, or a status is new.
    Not worth a retry: the mapping has to be mended."""


class WarehouseError(CchcError):
    """The warehouse cannot be opened, read or written: its address, its disk, its server or its version."""


class MachineError(CchcError):
    """The machine refuses: a full disk, a folder that may not be written."""


_MACHINE = {
    errno.ENOSPC: ("ổ đĩa đã đầy", "giải phóng ổ đĩa rồi chạy lại, phần đã làm không mất"),
    errno.EDQUOT: ("hết hạn mức ổ đĩa của tài khoản này", "xin thêm hạn mức rồi chạy lại, phần đã làm không mất"),
    errno.EFBIG: ("tệp lớn quá mức hệ điều hành cho phép", "nới giới hạn cỡ tệp (ulimit -f) rồi chạy lại"),
    errno.EROFS: ("ổ đĩa chỉ cho đọc", "đặt CCHC_HOME vào nơi ghi được"),
    errno.EACCES: ("tài khoản này không có quyền", "cấp quyền, hoặc đặt CCHC_HOME vào nơi ghi được"),
    errno.EPERM: ("hệ điều hành không cho phép", "cấp quyền, hoặc đặt CCHC_HOME vào nơi ghi được"),
}


def machine_error(error: OSError) -> MachineError | None:
    """The same for whoever keeps the machine; None where it says nothing of the machine."""
    if error.errno not in _MACHINE:
        return None
    cause, advice = _MACHINE[error.errno]
    return MachineError(f"{cause}: {_whole(error.filename)}" if error.filename else cause, advice=advice)


def known_error(error: Exception) -> CchcError | None:
    """The error as it is told to a person; None where nobody foresaw it: a bug of ours."""
    if isinstance(error, CchcError):
        return error
    return machine_error(error) if isinstance(error, OSError) else None


def _whole(name: object) -> str:
    """The path of a file from the root on: who runs a command does not see in which folder it works."""
    return str(Path(name).absolute()) if isinstance(name, str) else str(name)


class CriticalCheckError(CchcError):
    """A check failed that must hold for any figure to be printed (an identity of form II.06)."""

    exit_code = Exit.STOPPED_BY_CHECK

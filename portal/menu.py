"""The links at the head of every page: those that the person may follow."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatch

from contracts.roles import Right
from portal.people import Person


@dataclass(frozen=True)
class Link:
    """right: what following it demands. elsewhere: pattern of pages below another link that are of this one."""

    words: str
    href: str
    right: Right
    elsewhere: str = ""

    def is_here(self, path: str) -> bool:
        if any(link.elsewhere and fnmatch(path, link.elsewhere) for link in LINKS):
            return bool(self.elsewhere) and fnmatch(path, self.elsewhere)
        return path == self.href or path.startswith(f"{self.href}/")


LINKS = (
    Link("Báo cáo", "/bao-cao", Right.READ_PUBLISHED),
    Link("Phê duyệt", "/phe-duyet", Right.APPROVE),
    Link("Kỳ báo cáo", "/ky", Right.SEE_QUARTER),
    Link("Cách ly", "/cach-ly", Right.SEE_CODES, elsewhere="/ky/*/cach-ly"),
    Link("Tài khoản", "/tai-khoan", Right.MANAGE_ACCOUNTS),
    Link("Nhật ký", "/nhat-ky", Right.READ_AUDIT),
)


def links(person: Person) -> list[Link]:
    return [link for link in LINKS if person.may(link.right)]

"""The links at the head of every page: those that the person may follow."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.roles import Right
from portal.people import Person


@dataclass(frozen=True)
class Link:
    """right: what following it demands."""

    words: str
    href: str
    right: Right

    def is_here(self, path: str) -> bool:
        return path == self.href or path.startswith(f"{self.href}/")


LINKS = (
    Link("Báo cáo", "/bao-cao", Right.READ_PUBLISHED),
    Link("Phê duyệt", "/phe-duyet", Right.APPROVE),
    Link("Kỳ báo cáo", "/ky", Right.SEE_QUARTER),
    Link("Cách ly", "/cach-ly", Right.SEE_CODES),
    Link("Tài khoản", "/tai-khoan", Right.MANAGE_ACCOUNTS),
    Link("Nhật ký", "/nhat-ky", Right.READ_AUDIT),
)


def links(person: Person) -> list[Link]:
    return [link for link in LINKS if person.may(link.right)]

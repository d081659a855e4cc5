"""One browser and one portal for all of these tests; whoever comes gets a window of his own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from portal.cookies import COOKIE
from tests.portal.browser.real import PASSWORD, RealPortal, portal_over
from tests.quarter.command import Office

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",  # tests may run as root
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DESKTOP, PHONE = (1280, 800), (390, 800)
PATIENCE_MS = 10_000


@pytest.fixture(scope="package")
def clock(khanh_hoa: Office) -> Iterator[None]:
    """The portal's clock, also for what a test enters beside it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CCHC_NOW", khanh_hoa.now)
        yield


@pytest.fixture(scope="package")
def portal(clock: None, khanh_hoa: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealPortal]:
    """2024Q3 and 2024Q4 loaded, every report a draft. Tests share it: none may rely on what another did."""
    with portal_over(khanh_hoa, tmp_path_factory.mktemp("portal") / "home") as found:
        yield found


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Of a package and not of the session: while it is open, no other test can run a loop."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()


@dataclass
class Window:
    """One person's browser window, and what it had to complain of."""

    portal: RealPortal
    page: Page
    messages: list[tuple[str, str]] = field(default_factory=list)
    asked: list[Request] = field(default_factory=list)

    def go(self, path: str) -> int:
        answer = self.page.goto(self.portal.address + path)
        assert answer is not None
        return answer.status

    def sign_in(self, login: str, password: str = PASSWORD) -> None:
        """As a person does it: types both and presses the button."""
        self.page.get_by_label("Tên đăng nhập").fill(login)
        self.page.get_by_label("Mật khẩu", exact=True).fill(password)
        self.page.get_by_role("button", name="Đăng nhập", exact=True).click()

    def troubles(self) -> list[str]:
        """Errors of scripts, what the content policy refused, and whatever was asked of another host. That a page which
        somebody went to was answered with 403 or 404 is none: it is what some tests are about."""
        gone_to = {one.url for one in self.asked if one.is_navigation_request()}
        said = [text for text, url in self.messages if not (text.startswith("Failed to load") and url in gone_to)]
        elsewhere = [one.url for one in self.asked if not one.url.startswith((self.portal.address, "data:", "blob:"))]
        return said + elsewhere


Opens = Callable[..., Window]


@pytest.fixture
def opens(browser: Browser, portal: RealPortal) -> Iterator[Opens]:
    """opens("lan"): a window in which that person is signed in; opens(): nobody. Fails the test at its end where any
    page complained."""
    windows: list[Window] = []
    contexts: list[BrowserContext] = []

    def window(
        login: str = "", *, at: RealPortal = portal, size: tuple[int, int] = DESKTOP, scripts: bool = True
    ) -> Window:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            java_script_enabled=scripts,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        if login:
            context.add_cookies([{"name": COOKIE, "value": at.session(login), "url": at.address}])
        windows.append(listening(Window(at, context.new_page())))
        return windows[-1]

    yield window
    troubles = [trouble for one in windows for trouble in one.troubles()]
    for context in contexts:
        context.close()
    assert troubles == []


def listening(window: Window) -> Window:
    def said(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            window.messages.append((message.text, message.location.get("url", "")))

    def asked(request: Request) -> None:
        window.asked.append(request)

    context = window.page.context
    context.on("console", said)
    context.on("weberror", lambda error: window.messages.append((str(error.error), "")))
    context.on("request", asked)
    return window

"""Somebody at a browser: signs in, looks at pages in every theme and size, and notices what the pages complain of."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import ConsoleMessage, Page, expect
from tests.browser.axe import assert_accessible
from tests.browser.services import Services
from tests.integration.auth_room import PASSWORD

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}


_LOOKS = (("light", "desktop", DESKTOP), ("dark", "phone", PHONE))
_EVERY_LOOK = (*_LOOKS, ("light", "phone", PHONE), ("dark", "desktop", DESKTOP))


@dataclass
class Visitor:
    """One browser window on one of the services."""

    page: Page
    services: Services
    artifacts: Path
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))

    def _on_console(self, message: ConsoleMessage) -> None:
        # A refused request is told by the browser as an error of its own; the page's answer to it is what the tests look at.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(f"console: {message.text}")

    async def open_portal(self, path: str = "/") -> None:
        """Open a page of the portal."""
        await self.page.goto(self.services.portal_url + path)

    async def open_admin(self, path: str = "/") -> None:
        """Open a page of the administration."""
        await self.page.goto(self.services.admin_url + path)

    async def sign_in(self, email: str, password: str = PASSWORD) -> None:
        """Fill in the form in view and wait until the frame is there."""
        await self.type_credentials(email, password)
        await self.page.get_by_role("button", name=re.compile("^Menu de ")).wait_for()

    async def type_credentials(self, email: str, password: str) -> None:
        """Fill in the sign-in form and send it."""
        await self.page.get_by_label("E-mail").fill(email)
        await self.page.get_by_label("Senha", exact=True).fill(password)
        await self.page.get_by_role("button", name="Entrar").click()

    async def look(self, name: str, *, axe: bool = True) -> None:
        """Photograph the page in view, light on a desk and dark on a phone; check that nothing is cut off, and accessibility.

        With SOLARIS_ALL_PICTURES=1, each theme in each size: twice the time.
        """
        for theme, size, viewport in _EVERY_LOOK if os.environ.get("SOLARIS_ALL_PICTURES") else _LOOKS:
            await self.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of the two it names
            await self.page.set_viewport_size(viewport)  # type: ignore[arg-type]  # width and height
            await self._settle()
            await self.photograph(f"{name}-{theme}-{size}")
            await self.assert_nothing_cut_off()
            if axe:
                await assert_accessible(self.page)
        await self.page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]  # as above
        await self.page.emulate_media(color_scheme="light")

    async def photograph(self, name: str) -> None:
        """Write `artifacts/screenshots/<name>.png`."""
        self.artifacts.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=self.artifacts / f"{name}.png", full_page=True)

    async def assert_nothing_cut_off(self) -> None:
        """The page itself never scrolls sideways; wide tables do, inside their frame."""
        wide = await self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"the page is {wide} px wider than the window"

    async def _settle(self) -> None:
        # The page itself may be on its way, and placeholders stand where data is.
        await expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        await expect(self.page.locator(".mantine-Skeleton-root[data-visible]")).to_have_count(0)
        await self.page.evaluate(
            "Promise.all(document.getAnimations().filter(a => a.effect?.getTiming().iterations !== Infinity)"
            ".map(a => a.finished.catch(() => null)))"
        )

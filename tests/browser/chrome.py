"""Which browser the tests drive, and how it is started. None is ever downloaded."""

import os
import shutil
from pathlib import Path

from playwright.async_api import Browser, Playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# Without these the browser asks hosts on the internet for updates, lists and experiments at every start.
_QUIET = (
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
)


def must_run() -> bool:
    """Whether a machine without a browser is a failure."""
    return os.environ.get("SOLARIS_BROWSER_REQUIRED") == "1" or bool(os.environ.get("CI"))


def installed_browser(playwright: Playwright) -> str | None:
    """The machine's Chromium or Chrome, else the one that Playwright was given before; None without any."""
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return found
    own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


async def launch(playwright: Playwright, executable: str) -> Browser:
    """A headless browser; it has no sandbox where it is started by root, who can't have one."""
    sandbox = () if os.geteuid() else ("--no-sandbox",)
    return await playwright.chromium.launch(executable_path=executable, args=[*_QUIET, *sandbox])

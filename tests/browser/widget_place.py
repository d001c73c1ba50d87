"""A chat of another origin with the widget on its page, the services behind it, and people who chat there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import aiohttp
from playwright.async_api import Locator, Page
from tests.browser.axe import assert_accessible
from tests.browser.chat_page import ChatPage, chat_page
from tests.browser.services import Services, running
from tests.browser.visitor import DESKTOP, PHONE

from solaris.auth.api_keys import ApiKeys
from solaris.auth.cache_invalidation import CacheInvalidation
from solaris.auth.principal import Principal, Via
from solaris.auth.widget_tokens import WidgetTokens
from solaris.domain.roles import Role
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import GrantCreate, TransactionType
from solaris.platform.redis import RedisClient

ARTIFACTS = Path(__file__).parents[2] / "artifacts" / "screenshots"
_NUMBERS = count()


@dataclass
class Chatter:
    """A user who chats, with a key for what their chat server would do."""

    user_id: UUID
    email: str
    key: str
    token: str


@dataclass
class Place:
    """The chat, the services, and what happens behind them."""

    chat: ChatPage
    services: Services
    redis_url: str
    http: aiohttp.ClientSession

    async def chatter(self, used: int = 0, *, monthly_tokens: int = 100_000) -> Chatter:
        """A user with 100,000 tokens a month, of which this share is used."""
        number = next(_NUMBERS)
        email = f"widget{number}@example.com"
        user_id = await self.services.user(email, "Bia Lima", monthly_tokens=monthly_tokens)
        key = (await ApiKeys(self.services.database, CacheInvalidation()).create(user_id, "chat")).key
        tokens = WidgetTokens(self.services.database, CacheInvalidation(), [self.chat.origin])
        created = await tokens.create(Principal(user_id, Role.USER, True, Via.JWT, "portal"), self.chat.origin)
        chatter = Chatter(user_id, email, key, created.token)
        if used:
            await self.use(chatter, used)
        return chatter

    async def use(self, chatter: Chatter, percent: int) -> None:
        """Charge this share of their month."""
        assert await self.ask_for(chatter, percent * 1_000) == 200

    async def ask_for(self, chatter: Chatter, tokens: int) -> int:
        """Charge so many tokens; returns the answer's status."""
        answer = await self.http.post(
            self.services.portal_url + "/api/tokens/consume",
            json={"tokens": tokens, "request_id": f"r{next(_NUMBERS)}"},
            headers={"Authorization": f"Bearer {chatter.key}"},
        )
        return answer.status

    async def grant(self, chatter: Chatter, tokens: int) -> None:
        """Give them credits, as staff do."""
        database = self.services.database
        ledger = Ledger(database, zone=ZoneInfo("America/Sao_Paulo"), buy_url="")
        await ledger.grant(GrantCreate(chatter.user_id, tokens, TransactionType.BONUS, f"g{next(_NUMBERS)}"))
        link = RedisClient(self.redis_url)
        await CacheInvalidation(link).publish(chatter.user_id)
        await link.close()

    async def streams(self) -> int:
        """How many streams the proxy has open."""
        text = await (await self.http.get(self.services.portal_url + "/metrics")).text()
        (line,) = [line for line in text.splitlines() if line.startswith("solaris_open_streams ")]
        return round(float(line.split()[1]))

    async def has_streams(self, expected: int) -> bool:
        """Wait until so many are open: the proxy notices a moment later that a page has left."""
        async with asyncio.timeout(20):
            while await self.streams() != expected:  # noqa: ASYNC110 - only asking tells
                await asyncio.sleep(0.05)
        return True

    async def acknowledged(self, chatter: Chatter) -> list[int]:
        """The thresholds that they are known to have seen."""
        rows = await self.services.database.fetch(
            "SELECT threshold_percent FROM usage_alerts WHERE user_id = $1 AND acknowledged_at IS NOT NULL ORDER BY 1",
            chatter.user_id,
        )
        return [row["threshold_percent"] for row in rows]


@asynccontextmanager
async def running_place(database_url: str, redis_url: str) -> AsyncIterator[Place]:
    """The chat and the services, until the block ends."""
    async with (
        chat_page() as chat,
        running(database_url, redis_url, solaris_widget_origins=chat.origin) as services,
        aiohttp.ClientSession() as http,
    ):
        chat.proxy = services.portal_url
        yield Place(chat, services, redis_url, http)


def pill(page: Page) -> Locator:
    """The counter."""
    return page.locator("solaris-widget .pill")


def dialog(page: Page) -> Locator:
    """The alert, where one is open."""
    return page.locator("solaris-widget dialog")


async def look(page: Page, name: str) -> None:
    """Photograph it light, dark and on a phone; axe finds nothing."""
    for theme in ("light", "dark"):
        await page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of the two it names
        for size, viewport in (("desktop", DESKTOP), ("phone", PHONE)):
            await page.set_viewport_size(viewport)  # type: ignore[arg-type]  # width and height
            await page.wait_for_timeout(250)
            ARTIFACTS.mkdir(parents=True, exist_ok=True)
            await page.screenshot(path=ARTIFACTS / f"{name}-{theme}-{size}.png")
            await assert_accessible(page)
    await page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]  # as above
    await page.emulate_media(color_scheme="light")

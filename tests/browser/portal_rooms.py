"""What the tests of the portal's pages stand on: people of the demo's company, and what staff and programs do behind the page."""

from typing import Any

import aiohttp
from tests.browser.admin_rooms import email_of
from tests.browser.services import Services
from tests.integration.auth_room import PASSWORD

from solaris.domain.roles import Role

DEMO_PASSWORD = "demonstração"
# Of the demo: 80 % and 100 % of the month used.
MARIA = "maria@demo.local"
PEDRO = "pedro@demo.local"


async def ask(method: str, url: str, token: str | None = None, **more: Any) -> Any:
    """What a program gets that asks with this key or token; a refusal is an error."""
    headers = {**more.pop("headers", {}), **({"Authorization": f"Bearer {token}"} if token else {})}
    async with (
        aiohttp.ClientSession() as http,
        http.request(method, url, headers=headers, raise_for_status=True, **more) as answer,
    ):
        return await answer.json()


async def grant(services: Services, user_id: object, tokens: int, key: str) -> None:
    """Staff add credits over the Admin Dashboard's API."""
    user = {"email": email_of(Role.ADMIN), "password": PASSWORD}
    session = await ask("POST", f"{services.admin_url}/api/auth/login", json=user)
    await ask(
        "POST",
        f"{services.admin_url}/admin/users/{user_id}/credits",
        session["access_token"],
        json={"tokens": tokens, "amount_paid": 0, "reason": "promocional", "note": "boas-vindas"},
        headers={"Idempotency-Key": key},
    )


async def consume(services: Services, key: str, tokens: int, request_id: str) -> None:
    """A program charges tokens with an API key."""
    body = {"request_id": request_id, "tokens": tokens, "model": "gpt-4"}
    await ask("POST", f"{services.portal_url}/api/tokens/consume", key, json=body)

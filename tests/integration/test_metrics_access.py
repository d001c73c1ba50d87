"""GET /metrics is for this machine or for who has the token; how much is sold is on the administration's alone."""

import asyncio
from pathlib import Path

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send
from tests.integration.asgi_client import Answer, AsgiClient

from solaris.apps.admin import build_admin
from solaris.apps.proxy import build_proxy
from solaris.platform.settings import Settings, SettingsError, load_settings

TOKEN = "a-token-of-the-tests-16"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
BUSINESS = (
    "solaris_revenue_today_brl", "solaris_revenue_month_brl", "solaris_total_users", "solaris_active_users_today",
    "solaris_new_users_today", "solaris_tokens_consumed_today", "solaris_tokens_remaining",
    "solaris_average_tokens_per_user", "solaris_credits_purchased_today", "solaris_tokens_per_minute",
)  # fmt: skip


def settings_in(folder: Path, database_url: str, token: str | None) -> Settings:
    return load_settings(
        _env_file=None,
        database_url=database_url,
        jwt_secret="a secret of the tests, thirty-two bytes long",
        solaris_state_dir=folder,
        solaris_metrics_token=token,
    )


def asked_from(app: ASGIApp, peer: str | None) -> AsgiClient:
    """A client whose connection comes from that address; None: from a Unix socket."""

    async def connected(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "client": None if peer is None else (peer, 40_000)}, receive, send)

    return AsgiClient(connected)


@pytest.fixture(params=[build_proxy, build_admin])
def app(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> ASGIApp:
    return request.param(settings_in(tmp_path, database_url, TOKEN))


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"])
async def test_this_machine_reads_them_without_a_token(app: ASGIApp, peer: str) -> None:
    answer = await asked_from(app, peer).get("/metrics")
    assert answer.status == 200
    assert b"# HELP solaris_http_requests_total" in answer.body


@pytest.mark.parametrize("peer", ["10.0.0.7", "203.0.113.9", "2001:db8::1", "::ffff:10.0.0.7", None])
async def test_another_machine_needs_the_token(app: ASGIApp, peer: str | None) -> None:
    client = asked_from(app, peer)
    for headers in (
        {},
        {"Authorization": "Bearer wrong-token-of-16-chars"},
        {"Authorization": TOKEN},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer \xff\xfe"},
    ):
        refused = await client.get("/metrics", headers)
        assert refused.status == 401, headers
        assert refused.headers["www-authenticate"] == "Bearer"
        error = refused.json()["error"]
        assert (error["type"], error["code"]) == ("authentication_error", "not_authenticated")
        assert "SOLARIS_METRICS_TOKEN" in error["message"]
    assert (await client.get("/metrics", BEARER)).status == 200
    assert (await client.get("/metrics", {"Authorization": f"bearer {TOKEN}"})).status == 200


@pytest.mark.parametrize(
    "forwarded",
    [
        {"X-Forwarded-For": "203.0.113.9"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"X-Forwarded-For": "203.0.113.9, 127.0.0.1"},
        {"X-Forwarded-For": ""},
        {"Forwarded": "for=127.0.0.1"},
        {"X-Real-IP": "127.0.0.1"},
        {"X-Forwarded-Proto": "https"},
        {"X-Forwarded-Host": "localhost"},
        {"Via": "1.1 proxy"},
    ],
)
async def test_what_a_reverse_proxy_on_this_machine_passes_on_does_not_come_from_it(
    app: ASGIApp, forwarded: dict[str, str]
) -> None:
    client = asked_from(app, "127.0.0.1")
    assert (await client.get("/metrics", forwarded)).status == 401
    assert (await client.get("/metrics", {**forwarded, **BEARER})).status == 200


@pytest.mark.parametrize("build", [build_proxy, build_admin])
async def test_without_a_token_only_this_machine_reads_them_and_the_refusal_says_how_to_change_that(
    build, database_url: str, tmp_path: Path
) -> None:
    app = build(settings_in(tmp_path, database_url, None))
    assert (await asked_from(app, "127.0.0.1").get("/metrics")).status == 200
    for headers in ({}, BEARER, {"Authorization": "Bearer "}, {"Authorization": "Bearer None"}):
        refused: Answer = await asked_from(app, "10.0.0.7").get("/metrics", headers)
        assert refused.status == 403
        error = refused.json()["error"]
        assert (error["type"], error["code"]) == ("permission_error", "forbidden")
        assert "SOLARIS_METRICS_TOKEN" in error["message"]


async def test_business_figures_are_on_the_administrations_metrics_alone(database_url: str, tmp_path: Path) -> None:
    settings = settings_in(tmp_path, database_url, TOKEN)
    texts = {}
    for name, build in (("proxy", build_proxy), ("admin", build_admin)):
        app = build(settings)
        async with app.router.lifespan_context(app):
            client = asked_from(app, "127.0.0.1")
            async with asyncio.timeout(30):
                while b"\nsolaris_db_connections " not in (answer := await client.get("/metrics")).body:  # noqa: ASYNC110 - as scraped
                    await asyncio.sleep(0.02)
        texts[name] = answer.body.decode()
    for name in BUSINESS:
        assert f"\n{name} " in texts["admin"], name
        assert name not in texts["proxy"], name
    for name in ("solaris_error_rate_ratio", "solaris_litellm_response_time_milliseconds", "solaris_spool_failing"):
        assert f"\n{name} " in texts["proxy"], name


@pytest.mark.parametrize("token", ["2short", "sixteen signs or so with blanks", "with-ümlaut-sixteen-bytes"])
def test_a_token_that_is_short_or_fits_no_header_is_refused_at_the_start(
    token: str, database_url: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match="SOLARIS_METRICS_TOKEN is wrong") as refused:
        settings_in(tmp_path, database_url, token)
    assert token not in str(refused.value)

"""A stranger's first hour: the product from `solaris up`, driven by the official openai package and plain HTTP."""

import asyncio
import json
import os
import re
import signal
import stat
import subprocess
import time
import urllib.error
import urllib.request
from typing import Any

import openai
import pytest
from tests.acceptance.conftest import Product, start_product

pytestmark = pytest.mark.timeout(600)
QUESTION: list[Any] = [{"role": "user", "content": "Quanto é dois mais dois?"}]


def call(
    url: str, *, key: str | None = None, body: Any = None, headers: dict[str, str] | None = None
) -> tuple[int, Any, Any]:
    """Status, headers and JSON body of one request."""
    data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers=dict(headers or {}))
    if data is not None:
        request.add_header("Content-Type", "application/json")
    if key:
        request.add_header("Authorization", f"Bearer {key}")
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.headers, json.loads(refused.read() or b"null")


def client_of(product: Product, email: str) -> openai.OpenAI:
    return openai.OpenAI(
        base_url=f"{product.run['proxy_url']}/v1", api_key=product.user(email)["api_key"], max_retries=0
    )


def balance(product: Product, email: str) -> dict[str, Any]:
    status, _, body = call(f"{product.run['proxy_url']}/api/tokens/current", key=product.user(email)["api_key"])
    assert status == 200
    return dict(body)


def settled_balance(product: Product, email: str) -> dict[str, Any]:
    """The balance once nothing is held: a stream waits a tenth of a second for its charge, and a busy machine may need longer."""
    deadline = time.monotonic() + 30
    while (current := balance(product, email))["held"]:
        assert time.monotonic() < deadline, "a hold stays open"
        time.sleep(0.1)
    return current


def signed_in(product: Product, email: str, base: str) -> str:
    login = product.user(email)
    status, _, body = call(f"{product.run[base]}/api/auth/login", body={"email": email, "password": login["password"]})
    assert status == 200, body
    return str(body["access_token"])


def test_run_json_is_for_its_owner_only_and_complete(product):
    path = product.folder / ".solaris" / "run.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert set(product.run) >= {
        "proxy_url",
        "admin_url",
        "litellm_url",
        "database_url",
        "redis_url",
        "users",
        "front_end_keys",
    }
    assert {"admin@demo.local", "joao@demo.local", "maria@demo.local", "pedro@demo.local"} <= {
        user["email"] for user in product.run["users"]
    }


def test_a_streamed_chat_takes_exactly_its_usage_off_the_balance(product):
    with client_of(product, "joao@demo.local") as client:
        before = balance(product, "joao@demo.local")
        chunks = list(
            client.chat.completions.create(
                model="gpt-4", messages=QUESTION, stream=True, stream_options={"include_usage": True}
            )
        )
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    usage = next(chunk.usage for chunk in reversed(chunks) if chunk.usage)
    after = settled_balance(product, "joao@demo.local")
    assert "simulador" in text
    assert before["tokens_remaining"] - after["tokens_remaining"] == usage.total_tokens
    assert after["tokens_used"] - before["tokens_used"] == usage.total_tokens


@pytest.mark.parametrize("model", ["gpt-4", "gpt-3.5-turbo", "claude-3", "gpt-3.5", "claude", "smollm2"])
def test_every_configured_model_answers_and_is_charged(product, model):
    with client_of(product, "joao@demo.local") as client:
        before = balance(product, "joao@demo.local")["tokens_used"]
        answer = client.chat.completions.with_raw_response.create(model=model, messages=QUESTION, max_tokens=20)
    usage = answer.parse().usage
    assert usage is not None
    assert usage.total_tokens > 0
    assert int(answer.headers["X-Solaris-Tokens-Charged"]) == usage.total_tokens
    assert balance(product, "joao@demo.local")["tokens_used"] - before == usage.total_tokens


async def test_the_async_client_with_ten_calls_at_once_is_charged_ten_times(product):
    before = balance(product, "joao@demo.local")["tokens_used"]
    key = product.user("joao@demo.local")["api_key"]
    async with openai.AsyncOpenAI(base_url=f"{product.run['proxy_url']}/v1", api_key=key, max_retries=0) as client:
        answers = await asyncio.gather(
            *(
                client.chat.completions.create(model="gpt-3.5-turbo", messages=QUESTION, max_tokens=30)
                for _ in range(10)
            )
        )
    charged = sum(answer.usage.total_tokens for answer in answers if answer.usage)
    assert balance(product, "joao@demo.local")["tokens_used"] - before == charged


def test_tools_pass_through(product):
    tool: Any = {
        "type": "function",
        "function": {"name": "somar", "parameters": {"type": "object", "properties": {"a": {"type": "integer"}}}},
    }
    with client_of(product, "joao@demo.local") as client:
        answer = client.chat.completions.create(model="gpt-4", messages=QUESTION, tools=[tool], tool_choice="required")
    calls = answer.choices[0].message.tool_calls
    assert calls
    assert calls[0].function.name == "somar"


@pytest.fixture
def demo_of_this_month(product):
    """The product may have been started on the last day of the month before; loading again keeps the promised figures."""
    assert product.command("demo", "load").returncode == 0


@pytest.mark.usefixtures("demo_of_this_month")
def test_the_blocked_user_is_stopped_with_a_sentence_to_act_on(product):
    with client_of(product, "pedro@demo.local") as client, pytest.raises(openai.APIStatusError) as refused:
        client.chat.completions.create(model="gpt-4", messages=QUESTION)
    answer = refused.value.response
    error = answer.json()["error"]
    assert answer.status_code == 402
    assert answer.headers["x-should-retry"] == "false"
    assert (error["type"], error["code"]) == ("quota_exceeded", "monthly_quota_exceeded")
    assert len(error["message"]) <= 240
    assert "será renovada em" in error["message"]
    assert error["trace_id"] == answer.headers["X-Trace-Id"]


@pytest.mark.usefixtures("demo_of_this_month")
@pytest.mark.parametrize(
    ("email", "percent", "state"),
    [("maria@demo.local", 80.0, "alert_80"), ("pedro@demo.local", 100.0, "blocked")],
)
def test_the_demo_users_are_where_the_contract_puts_them(product, email, percent, state):
    current = balance(product, email)
    assert (current["usage_percent"], current["state"]) == (percent, state)


def test_a_chat_server_names_its_user_and_the_first_request_creates_him(product):
    key = next(entry["key"] for entry in product.run["front_end_keys"] if "libre" in entry["name"].lower())
    headers = {"X-Librechat-User-Id": "65f0c0ffee", "X-Librechat-User-Email": "nova.pessoa@example.com"}
    body = {"model": "gpt-4", "messages": QUESTION, "max_tokens": 10, "user": "admin@demo.local"}
    url = f"{product.run['proxy_url']}/v1/chat/completions"
    status, answered, _ = call(url, key=key, headers=headers, body=body)
    assert status == 200
    assert int(answered["X-Solaris-Tokens-Charged"]) > 0

    status, _, refused = call(url, key=key, headers={"X-Librechat-User-Id": "{{LIBRECHAT_USER_ID}}"}, body=body)
    assert status == 400
    assert "LIBRECHAT_USER_ID" in refused["error"]["message"]


def test_bad_input_is_named_and_never_a_500(product):
    url = f"{product.run['proxy_url']}/v1/chat/completions"
    key = product.user("joao@demo.local")["api_key"]
    good = {"model": "gpt-4", "messages": QUESTION}
    refusals = {
        "unknown model": call(url, key=key, body={**good, "model": "gpt-99"}),
        "malformed JSON": call(url, key=key, body=b'{"model": "gpt-4", '),
        "no messages": call(url, key=key, body={"model": "gpt-4"}),
        "negative limit": call(url, key=key, body={**good, "max_tokens": -1}),
        "no key": call(url, body=good),
        "foreign key": call(url, key="sk-solaris-somebody-elses", body=good),
        "foreign token": call(url, key="eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.", body=good),
        "huge body": call(url, key=key, body=b" " * (21 * 1024 * 1024)),
        "unknown path": call(f"{product.run['proxy_url']}/v1/nothing", key=key),
        "absurd tokens": call(
            f"{product.run['proxy_url']}/api/tokens/consume", key=key, body={"tokens": -5, "request_id": "x"}
        ),
        "unknown package": call(
            f"{product.run['proxy_url']}/api/credits/purchase", key=key, body={"package_id": "none", "method": "manual"}
        ),
    }
    statuses = {name: status for name, (status, _, _) in refusals.items()}
    assert statuses == {
        "unknown model": 404,
        "malformed JSON": 400,
        "no messages": 400,
        "negative limit": 400,
        "no key": 401,
        "foreign key": 401,
        "foreign token": 401,
        "huge body": 413,
        "unknown path": 404,
        "absurd tokens": 422,
        "unknown package": 404,
    }
    for name, (_, headers, body) in refusals.items():
        assert set(body["error"]) == {"message", "type", "code", "param", "trace_id"}, name
        assert headers["X-Trace-Id"], name


def test_consuming_twice_with_one_request_id_charges_once(product):
    url = f"{product.run['proxy_url']}/api/tokens/consume"
    key = product.user("joao@demo.local")["api_key"]
    before = balance(product, "joao@demo.local")["tokens_used"]
    first = call(url, key=key, body={"tokens": 5, "request_id": "acceptance-1"})
    second = call(url, key=key, body={"tokens": 5, "request_id": "acceptance-1"})
    other = call(url, key=key, body={"tokens": 6, "request_id": "acceptance-1"})
    assert (first[0], second[0], other[0]) == (200, 200, 409)
    assert first[2] == second[2]
    assert balance(product, "joao@demo.local")["tokens_used"] - before == 5


def test_staff_see_the_customers_figures_and_users_do_not(product):
    admin = signed_in(product, "admin@demo.local", "admin_url")
    url = f"{product.run['admin_url']}/admin/dashboard"
    status, _, figures = call(url, key=admin)
    assert status == 200
    names = (
        "total_users active_users_today new_users_today tokens_consumed_today tokens_remaining_total average_tokens_per_user "
        "revenue_today revenue_month credits_purchased_today proxy_response_time litellm_response_time error_rate"
    )
    assert set(names.split()) <= set(figures)
    assert figures["total_users"] >= 40
    assert figures["tokens_consumed_today"] > 0
    joao = signed_in(product, "joao@demo.local", "proxy_url")
    assert call(url, key=joao)[0] == 403
    assert call(url, key=product.user("admin@demo.local")["api_key"])[0] == 403
    assert call(url)[0] == 401


def test_an_admin_adds_credits_once_and_the_blocked_user_chats_again(product):
    admin = signed_in(product, "admin@demo.local", "admin_url")
    user_id = balance(product, "pedro@demo.local")["user_id"]
    url = f"{product.run['admin_url']}/admin/users/{user_id}/credits"
    body = {"tokens": 5000, "amount_paid": 10.5, "reason": "compra_email", "note": "pedido por e-mail"}
    assert call(url, key=admin, body=body)[0] == 400
    first = call(url, key=admin, body=body, headers={"Idempotency-Key": "credits-1"})
    again = call(url, key=admin, body=body, headers={"Idempotency-Key": "credits-1"})
    assert first[0] in (200, 201)
    assert again[2] == first[2]
    assert call(url, key=admin, body={**body, "tokens": 1}, headers={"Idempotency-Key": "credits-1"})[0] == 409
    assert balance(product, "pedro@demo.local")["credits"] == 5000
    with client_of(product, "pedro@demo.local") as client:
        assert client.chat.completions.create(model="gpt-4", messages=QUESTION, max_tokens=5).usage


@pytest.mark.parametrize("base", ["proxy_url", "admin_url"])
def test_the_documentation_and_the_first_page_need_no_internet(product, base):
    for path, holds in (("/", '<div id="root">'), ("/docs", '<div id="swagger-ui">')):
        with urllib.request.urlopen(product.run[base] + path, timeout=30) as answer:
            page = answer.read().decode()
        assert holds in page
        named = re.findall(r'(?:src|href)="([^"]*)"', page)
        assert named
        assert [address for address in named if "//" in address] == []
    status, _, document = call(product.run[base] + "/openapi.json")
    assert status == 200
    assert document["paths"]


def test_health_and_metrics_answer(product):
    status, _, health = call(f"{product.run['proxy_url']}/api/health")
    assert (status, health["status"]) == (200, "ok")
    assert {"database", "redis", "litellm"} <= set(health["checks"])
    for url in (product.run["proxy_url"], product.run["litellm_url"]):
        with urllib.request.urlopen(f"{url}/metrics", timeout=30) as answer:
            assert b"# HELP" in answer.read()


def test_the_command_line_knows_the_running_product(product):
    audit = product.command("audit")
    assert audit.returncode == 0, audit.stdout + audit.stderr
    assert "0 differences" in audit.stdout
    answer = product.command("psql", "-At", "-c", "SELECT current_database(), current_user")
    assert answer.stdout.strip() == "ia_solaris|solaris", answer.stderr
    logs = product.command("logs", "proxy", "-n", "5")
    line = json.loads(logs.stdout.strip().splitlines()[-1])
    assert list(line) == ["timestamp", "level", "service", "user_id", "action", "details", "trace_id"]


def test_secrets_never_reach_a_log(product):
    secrets = [user["password"] for user in product.run["users"]]
    secrets += [user["api_key"] for user in product.run["users"] if user.get("api_key")]
    secrets += [entry["key"] for entry in product.run["front_end_keys"]]
    secrets += list(json.loads((product.folder / ".solaris" / "secrets.json").read_text()).values())
    for log in (product.folder / ".solaris" / "logs").iterdir():
        text = log.read_text(errors="replace")
        assert not [secret for secret in secrets if secret in text], log.name


# The tests below stop and restart the product: they come last.


def test_killed_and_started_again_it_has_everything_and_no_orphans(product):
    balance_before = balance(product, "joao@demo.local")
    children = subprocess.run(
        ["pgrep", "-P", str(product.process.pid)], capture_output=True, text=True, check=False
    ).stdout.split()
    os.kill(product.process.pid, signal.SIGKILL)
    product.process.wait(timeout=10)
    assert children
    again = start_product(product.folder, product.environment)
    try:
        alive = [pid for pid in children if os.path.exists(f"/proc/{pid}") and _is_running(pid)]
        assert alive == []
        assert again.run["users"] == product.run["users"], "logins survive a restart"
        assert balance(again, "joao@demo.local") == balance_before
        audit = again.command("audit")
        assert "0 differences" in audit.stdout
        second = subprocess.run(
            [str(again.process.args[0]), "up"],  # type: ignore[index]
            cwd=again.folder,
            env=again.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert second.returncode == 1
        assert "already" in second.stdout + second.stderr
    finally:
        assert again.stop() == 0
    assert not (again.folder / ".solaris" / "run.json").exists()


def _is_running(pid: str) -> bool:
    with open(f"/proc/{pid}/stat") as stat_file:
        return stat_file.read().rsplit(")", 1)[1].split()[0] != "Z"

"""Changes of users by staff, over HTTP on a real database: exact, audited, limited to roles."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from starlette.datastructures import Headers
from tests.integration.admin_room import REASON, AdminRoom, opened_admin
from tests.integration.asgi_client import AsgiClient
from tests.integration.auth_room import Room, bearer

from solaris.auth.front_ends import NewFrontEnd
from solaris.domain.errors import NotAuthenticated
from solaris.domain.periods import local_day
from solaris.domain.roles import Role
from solaris.platform.redis import RedisClient


@pytest.fixture
async def admin(database_url: str) -> AsyncIterator[AdminRoom]:
    async with opened_admin(database_url) as room:
        yield room


def _today() -> str:
    return local_day(datetime.now(UTC), ZoneInfo("America/Sao_Paulo")).isoformat()


async def _detail(admin: AdminRoom, user_id: UUID) -> Any:
    return await admin.ok(f"GET /admin/users/{user_id}", role=Role.SUPPORT)


async def test_the_detail_has_the_renewal_and_the_alert_thresholds(admin: AdminRoom) -> None:
    # One token left of a thousand million lasts some milliseconds at any pace: it runs out today on any day of the month.
    user_id = await admin.user(tokens=1_000_000_000)
    await admin.use(user_id, 999_999_999)
    before = _today()
    returned = await _detail(admin, user_id)
    assert (returned["alert_thresholds_percent"], returned["has_password"], returned["suspension_reason"]) == (
        [80, 90, 100],
        False,
        None,
    )
    assert returned["projected_run_out_date"] in {before, _today()}
    assert returned["projected_run_out_date"] < returned["renews_at"]


async def test_an_edit_changes_the_named_fields_and_is_audited(admin: AdminRoom) -> None:
    user_id = await admin.user()
    seen = (await _detail(admin, user_id))["updated_at"]
    body = {
        "updated_at": seen,
        "name": " Joana D'Arc ",
        "contact_email": "Joana@Casa.local",
        "alert_thresholds_percent": [95, 50, 50],
    }
    answer = await admin.ok(f"PATCH /admin/users/{user_id}", body, role=Role.OPERATOR)
    assert (answer["name"], answer["contact_email"]) == ("Joana D'Arc", "joana@casa.local")
    assert (await _detail(admin, user_id))["alert_thresholds_percent"] == [50, 95]
    (entry,) = await admin.audited(user_id)
    assert (entry["action"], entry["actor_role"], entry["entity_label"]) == ("user.edit", "operator", "Joana D'Arc")
    assert entry["before"] == {"name": "Joana", "contact_email": None, "alert_thresholds_percent": [80, 90, 100]}
    assert await admin.refused(f"PATCH /admin/users/{user_id}", body) == (409, "changed_meanwhile")
    conflict = (await admin.call(f"PATCH /admin/users/{user_id}", body)).json()["error"]["message"]
    assert "Nada foi gravado" in conflict
    assert "Recarregue" not in conflict, "how to go on is the page's to say"
    removed = {"updated_at": answer["updated_at"], "contact_email": ""}
    assert (await admin.ok(f"PATCH /admin/users/{user_id}", removed))["contact_email"] is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "a\nb"},
        {"contact_email": "casa"},
        {"alert_thresholds_percent": [0]},
        {"alert_thresholds_percent": [1] * 6},
    ],
)
async def test_an_edit_that_cannot_be_is_refused_by_name(admin: AdminRoom, wrong: dict[str, Any]) -> None:
    user_id = await admin.user()
    seen = (await _detail(admin, user_id))["updated_at"]
    answer = await admin.call(f"PATCH /admin/users/{user_id}", {"updated_at": seen, **wrong})
    assert answer.status in (400, 422)
    assert answer.json()["error"]["param"] == next(iter(wrong))


async def test_a_limit_counts_at_once_and_the_books_prove_it(admin: AdminRoom) -> None:
    user_id = await admin.user(tokens=1000)
    await admin.use(user_id, 800)
    made = await admin.ok(f"PUT /admin/users/{user_id}/limit", {"monthly_tokens": 500, "reason": REASON})
    assert (made["change"]["tokens_added"], made["wallet"]["remaining"], made["wallet"]["state"]) == (
        -200,
        0,
        "blocked",
    )
    made = await admin.ok(f"PUT /admin/users/{user_id}/limit", {"monthly_tokens": 2000, "reason": REASON})
    assert (made["wallet"]["remaining"], made["user"]["monthly_tokens"]) == (1200, 2000)
    later = {"monthly_tokens": 300, "reason": REASON, "effective": "next_period"}
    made = await admin.ok(f"PUT /admin/users/{user_id}/limit", later)
    assert (made["change"], made["wallet"]) == (None, None)
    returned = await _detail(admin, user_id)
    assert (returned["tokens_remaining"], returned["monthly_tokens"]) == (1200, 300)
    entries = await admin.audited(user_id)
    assert [entry["action"] for entry in entries] == ["user.set_limit"] * 3
    assert (entries[0]["before"]["monthly_tokens"], entries[0]["after"]["reason"]) == (1000, REASON)
    short = {"monthly_tokens": 1, "reason": "porque sim"}
    assert await admin.refused(f"PUT /admin/users/{user_id}/limit", short) == (422, "validation_error")


async def test_a_plan_brings_its_limit_and_ones_own_plan_again_takes_a_limit_away(admin: AdminRoom) -> None:
    user_id = await admin.user(tokens=1000)
    await admin.use(user_id, 100)
    made = await admin.ok(f"PUT /admin/users/{user_id}/plan", {"plan_type": "profissional"})
    assert (made["user"]["plan_type"], made["wallet"]["remaining"]) == ("profissional", 999_900)
    await admin.ok(f"PUT /admin/users/{user_id}/limit", {"monthly_tokens": 5, "reason": REASON})
    made = await admin.ok(f"PUT /admin/users/{user_id}/plan", {"plan_type": "profissional"})
    assert (made["user"]["monthly_tokens"], made["wallet"]["remaining"]) == (1_000_000, 999_900)
    assert await admin.refused(f"PUT /admin/users/{user_id}/plan", {"plan_type": "nenhum"}) == (404, "plan_not_found")


async def test_a_reset_opens_the_month_anew_once_per_key(admin: AdminRoom) -> None:
    user_id = await admin.user(tokens=1000)
    grant = {"tokens": 500, "amount_paid": 0, "reason": "promocional"}
    await admin.ok(f"POST /admin/users/{user_id}/credits", grant, key="g")
    await admin.use(user_id, 1300)
    route, body = f"POST /admin/users/{user_id}/reset", {"reason": REASON}
    first, second = await asyncio.gather(admin.call(route, body, key="r"), admin.call(route, body, key="r"))
    assert sorted("idempotent-replay" in answer.headers for answer in (first, second)) == [False, True]
    made = first.json()
    assert (made["wallet"]["remaining"], made["wallet"]["used"]) == (1500, 1300)
    assert (made["change"]["tokens_added"], made["change"]["credits_given_back"]) == (1000, 300)
    assert await admin.refused(route, body, key="other") == (409, "nothing_to_reset")
    assert await admin.refused(route, body) == (400, "idempotency_key_required")
    assert [entry["action"] for entry in await admin.audited(user_id)] == ["user.reset_usage"]


async def test_a_suspension_and_its_reason_last_until_it_ends(admin: AdminRoom) -> None:
    user_id = await admin.user()
    for _ in range(2):
        returned = await admin.ok(
            f"POST /admin/users/{user_id}/suspend", {"reason": "Uso indevido"}, role=Role.OPERATOR
        )
        assert (returned["active"], returned["suspension_reason"]) == (False, "Uso indevido")
    assert (await _detail(admin, user_id))["state"] == "suspended"
    returned = await admin.ok(f"POST /admin/users/{user_id}/reactivate", {})
    assert (returned["active"], returned["suspension_reason"]) == (True, None)
    assert [entry["action"] for entry in await admin.audited(user_id)] == ["user.suspend", "user.reactivate"]


async def test_a_suspended_users_keys_and_sessions_stop_in_every_process_at_once(
    database_url: str, redis_url: str
) -> None:
    async with opened_admin(database_url, redis_url) as admin:
        redis = RedisClient(redis_url)
        proxy = Room(admin.database, redis)
        listening = asyncio.create_task(proxy.cache_invalidation.listen())
        user_id, operator = await admin.user(), admin.users[Role.OPERATOR]
        key = (await proxy.api_keys.create(user_id, "notebook")).key
        assert (await proxy.identifier.identify(bearer(key))).active
        assert (await admin.call("GET /admin/staff", role=Role.OPERATOR)).status == 200
        await asyncio.sleep(0.2)
        await admin.ok(f"POST /admin/users/{user_id}/suspend", {"reason": "Uso indevido"})
        await admin.ok(f"POST /admin/users/{operator}/suspend", {"reason": "Saiu da empresa"}, role=Role.SUPER_ADMIN)
        await _until(lambda: _is_suspended(proxy, key))
        assert await admin.refused("GET /admin/staff", role=Role.OPERATOR) == (403, "forbidden")
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await redis.close()


async def _is_suspended(proxy: Room, key: str) -> bool:
    return not (await proxy.identifier.identify(bearer(key))).active


async def _until(true: Any) -> None:
    # Far under the caches' own lifetime, which is a minute in this room.
    for _ in range(100):
        if await true():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("no notification in two seconds")


async def test_only_a_super_admin_changes_staff_and_the_last_super_admin_stays(admin: AdminRoom) -> None:
    root, operator = admin.users[Role.SUPER_ADMIN], admin.users[Role.OPERATOR]
    for route, body in (
        (f"POST /admin/users/{operator}/suspend", {"reason": "porque sim"}),
        (f"PUT /admin/users/{operator}/limit", {"monthly_tokens": 1, "reason": REASON}),
        (f"POST /admin/users/{operator}/password", None),
        ("POST /admin/users", {"email": "novo@demo.local", "role": "support"}),
    ):
        assert await admin.refused(route, body) == (403, "forbidden")
    user_id = await admin.user()
    assert await admin.refused(f"PUT /admin/users/{user_id}/role", {"role": "support"}) == (403, "forbidden")
    promoted = await admin.ok(f"PUT /admin/users/{user_id}/role", {"role": "super_admin"}, role=Role.SUPER_ADMIN)
    assert promoted["role"] == "super_admin"
    demoting = (
        admin.call(f"PUT /admin/users/{root}/role", {"role": "admin"}, role=Role.SUPER_ADMIN, who=user_id),
        admin.call(f"PUT /admin/users/{user_id}/role", {"role": "admin"}, role=Role.SUPER_ADMIN),
    )
    statuses = sorted([answer.status for answer in await asyncio.gather(*demoting)])
    assert statuses in ([200, 403], [200, 409])
    left = await admin.database.fetchval("SELECT count(*) FROM users WHERE role = 'super_admin' AND active")
    assert left == 1


async def test_the_last_super_admin_is_neither_suspended_nor_demoted(admin: AdminRoom) -> None:
    root = admin.users[Role.SUPER_ADMIN]
    second = await admin.user("segunda@demo.local")
    await admin.ok(f"PUT /admin/users/{second}/role", {"role": "super_admin"}, role=Role.SUPER_ADMIN)
    suspend = f"POST /admin/users/{root}/suspend"
    await admin.ok(suspend, {"reason": "Férias"}, role=Role.SUPER_ADMIN, who=second)
    own = await admin.call(f"PUT /admin/users/{second}/role", {"role": "user"}, role=Role.SUPER_ADMIN, who=second)
    assert own.status == 409


async def test_a_new_user_and_a_new_password_are_shown_once(admin: AdminRoom) -> None:
    answer = await admin.call("POST /admin/users", {"email": "Nova@Demo.local", "name": "Nova"})
    made = answer.json()
    assert (answer.status, answer.headers["cache-control"], made["email"]) == (201, "no-store", "nova@demo.local")
    client = AsgiClient(admin.app)
    credentials = {"email": "nova@demo.local", "password": made["temporary_password"]}
    assert (await client.post("/api/auth/login", credentials)).status == 403  # right, and not for the panel
    fresh = await admin.ok(f"POST /admin/users/{made['id']}/password")
    assert (await client.post("/api/auth/login", credentials)).status == 401
    kept = "SELECT is_temporary FROM credentials WHERE user_id = $1"
    assert await admin.database.fetchval(kept, UUID(made["id"])) is True
    await admin.database.execute("UPDATE credentials SET is_temporary = false")
    await admin.ok(f"POST /admin/users/{made['id']}/password")
    assert await admin.database.fetchval(kept, UUID(made["id"])) is True
    assert fresh["temporary_password"] not in str(await admin.audited(made["id"]))
    assert await admin.refused("POST /admin/users", {"email": "nova@demo.local"}) == (409, "email_taken")


async def test_anonymising_keeps_the_ledger_and_removes_personal_data(admin: AdminRoom) -> None:
    room = Room(admin.database)
    front = await room.front_ends.create(NewFrontEnd("chat"))
    headers = bearer(
        front.key, X_Librechat_User_Id="lc-77", X_Librechat_User_Email="rita@demo.local", X_Librechat_User_Name="Rita"
    )
    user_id = (await room.identifier.identify(headers)).user_id
    key = (await room.api_keys.create(user_id, "notebook da Rita")).key
    await admin.use(user_id, 123)
    seen = (await _detail(admin, user_id))["updated_at"]
    await admin.ok(f"PATCH /admin/users/{user_id}", {"updated_at": seen, "name": "Rita Lee"})
    await admin.database.execute(
        "INSERT INTO credit_requests (ticket_number, user_id, tokens, note, fingerprint)"
        " VALUES ('SOL-2026-000009', $1, 5, 'Rita', '')",
        user_id,
    )
    grant = {"tokens": 500, "amount_paid": 0, "reason": "promocional", "note": "presente para Rita"}
    await admin.ok(f"POST /admin/users/{user_id}/credits", grant, key="rita")
    await admin.ok("POST /admin/credit-requests/SOL-2026-000009/reject", {"reason": "Rita já tem tokens"})
    await admin.ok(f"POST /admin/users/{user_id}/suspend", {"reason": "Rita pediu"})
    for _ in range(2):
        returned = await admin.ok(f"POST /admin/users/{user_id}/anonymise", {"reason": "Pedido da titular"})
    assert (returned["email"], returned["name"], returned["active"]) == (None, "Usuário anonimizado", False)
    everything = [await _detail(admin, user_id), await admin.audited(user_id), await _everything(admin, user_id)]
    for shown in ("audit-log?limit=200", "credits/transactions", "credit-requests", f"users/{user_id}"):
        everything.append(await admin.ok(f"GET /admin/{shown}"))
    for trace in ("Rita", "rita@", "lc-77"):
        assert trace not in json.dumps(everything, ensure_ascii=False), trace
    assert (await _detail(admin, user_id))["tokens_used"] == 123
    room.identifier.forget()
    with pytest.raises(NotAuthenticated):
        await room.identifier.identify(bearer(key))
    again = await room.identifier.identify(Headers(headers))
    assert again.user_id != user_id
    assert (await admin.call(f"POST /admin/users/{user_id}/reactivate", {})).status == 409
    actions = [entry["action"] for entry in await admin.audited(user_id)]
    assert actions.count("user.anonymise") == 1


async def _everything(admin: AdminRoom, user_id: UUID) -> Any:
    return await admin.ok(f"GET /admin/users/{user_id}/export")


async def test_the_export_has_all_data_of_a_user_and_no_secret(admin: AdminRoom) -> None:
    user_id = await admin.user()
    await admin.use(user_id, 10)
    await admin.use(user_id, 20)
    await admin.ok(f"POST /admin/users/{user_id}/password")
    answer = await admin.call(f"GET /admin/users/{user_id}/export")
    held = answer.json()
    assert "attachment" in answer.headers["content-disposition"]
    assert held["account"]["email"] == "joana@demo.local"
    assert sorted(event["tokens_charged"] for event in held["usage_events"]) == [10, 20]
    assert held["days_of_use"][0]["tokens_used"] == 30
    assert "argon2" not in answer.body.decode()
    assert (await admin.audited(user_id))[-1]["action"] == "user.export"


async def test_the_list_goes_out_as_csv_with_the_lists_filters(admin: AdminRoom) -> None:
    await admin.user("bia@demo.local")
    await admin.database.execute("UPDATE users SET name = '=SUM(A1)' WHERE email = 'bia@demo.local'")
    answer = await admin.call("GET /admin/exports/users?role=user&q=bia", role=Role.OPERATOR)
    lines = answer.body.decode("utf-8-sig").split("\r\n")
    assert lines[0].startswith("Identificador;Nome;E-mail;")
    assert len(lines) == 3
    assert ";'=SUM(A1);bia@demo.local;;Usuário;basico;Ativo;0,0;0;1000;0;0;1000;" in lines[1]
    assert (await admin.audited("users"))[0]["action"] == "user_list.export"
    assert (await admin.call("GET /admin/exports/users", role=Role.SUPPORT)).status == 403


async def test_days_and_alerts_of_a_user_are_all_there(admin: AdminRoom) -> None:
    user_id = await admin.user(tokens=1000)
    await admin.use(user_id, 850)
    days = (await admin.ok(f"GET /admin/users/{user_id}/daily", role=Role.SUPPORT))["data"]
    assert (len(days), days[-1]["tokens_used"], days[-1]["tokens_remaining"]) == (30, 850, 150)
    assert (days[0]["tokens_used"], days[0]["tokens_remaining"]) == (0, None)
    alerts = (await admin.ok(f"GET /admin/users/{user_id}/alerts", role=Role.SUPPORT))["data"]
    assert [(alert["threshold_percent"], alert["usage_percent"]) for alert in alerts] == [(80, 85.0)]
    assert (await admin.call(f"GET /admin/users/{user_id}/daily?from=2026-01-02&to=2026-01-01")).status == 400


async def test_the_audit_log_is_found_by_who_what_and_when_and_paged(admin: AdminRoom) -> None:
    user_id = await admin.user()
    for word in ("suspend", "reactivate", "suspend"):
        await admin.ok(f"POST /admin/users/{user_id}/{word}", {"reason": "teste"})
    first = await admin.ok(f"GET /admin/audit-log?action=user.*&limit=2&actor_id={admin.users[Role.ADMIN]}")
    rest = await admin.ok(f"GET /admin/audit-log?action=user.*&limit=2&cursor={first['next_cursor']}")
    assert [entry["action"] for entry in first["data"] + rest["data"]] == [
        "user.suspend", "user.reactivate", "user.suspend"
    ]  # fmt: skip
    assert rest["next_cursor"] is None
    assert first["data"][0]["actor_email"] == "admin@demo.local"
    assert (await admin.ok("GET /admin/audit-log?from=2020-01-01&to=2020-02-01"))["data"] == []
    assert len((await admin.ok("GET /admin/audit-log?to=9999-12-31&entity=user"))["data"]) == 3


async def test_support_may_look_and_change_nothing(admin: AdminRoom) -> None:
    staff = await admin.ok("GET /admin/staff", role=Role.OPERATOR)
    assert [user["role"] for user in staff["data"]] == ["super_admin", "admin", "operator", "support"]
    user_id = await admin.user()
    assert (
        await admin.call(f"POST /admin/users/{user_id}/suspend", {"reason": "abc"}, role=Role.SUPPORT)
    ).status == 403

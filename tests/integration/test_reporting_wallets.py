"""States, percentages and rests of drawn wallets: the SQL of the users' list against the domain's rules."""

from datetime import date
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solaris.domain.wallet import UserState, Wallet
from solaris.platform.postgres import Database
from solaris.reporting.users import UserDirectory, UserFilter, UserPageQuery

# Small figures make ties of the rounding likely; the great ones are beyond what a month can bring.
_figures = st.one_of(
    st.integers(0, 20), st.integers(0, 2000), st.integers(9_998, 10_002), st.integers(0, 10_000_000_000)
)


@st.composite
def _wallets(draw: st.DrawFn) -> Wallet:
    allowance = draw(_figures)
    wallet = Wallet(
        date(2026, 1, 1),
        allowance,
        draw(st.one_of(st.just(allowance), st.integers(0, allowance))),
        draw(_figures),
        draw(_figures),
        draw(_figures),
        draw(_figures),
    )
    left = wallet.left
    # Around the edges of what blocks: the rest itself, 10,000 tokens, a tenth of all.
    used = draw(st.one_of(st.just(wallet.used), st.integers(-1, 1).map(lambda step: max(0, 9 * left + step))))
    near = st.integers(-1, 1).map(lambda step: max(0, left + step))
    return wallet._replace(used=used, refused_tokens=draw(st.one_of(st.just(0), near, _figures)))


@given(drawn=st.lists(st.tuples(_wallets(), st.booleans()), min_size=20, max_size=40))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
async def test_sql_and_domain_agree_on_every_wallet(module_database_url: str, drawn: list[tuple[Wallet, bool]]) -> None:
    database = Database(module_database_url, timezone="America/Sao_Paulo", service="test", max_connections=1)
    wallets = {uuid4(): entry for entry in drawn}
    async with database.transaction() as connection:
        await connection.execute("DELETE FROM wallets; DELETE FROM users;")
        await connection.executemany(
            "INSERT INTO users (id, active) VALUES ($1, $2)", [(key, active) for key, (_, active) in wallets.items()]
        )
        await connection.executemany(
            "INSERT INTO wallets (user_id, period_start, allowance, allowance_used, credits, held, used, overage, refused_tokens) "
            "VALUES ($1, date_trunc('month', now())::date, $2, $3, $4, $5, $6, $7, $8)",
            [(key, *wallet[1:]) for key, (wallet, _) in wallets.items()],
        )
    directory = UserDirectory(database)
    shown = await directory.find(UserFilter(), UserPageQuery(page_size=200))
    for row in shown.rows:
        wallet, active = wallets[row.id]
        assert (row.state, row.usage_percent) == (wallet.state(active=active), wallet.usage_percent)
        assert (row.tokens_remaining, row.allowance_left) == (wallet.remaining, wallet.allowance_left)
        assert row.refused_tokens == wallet.refused_tokens
    states = {key: wallet.state(active=active) for key, (wallet, active) in wallets.items()}
    # The counts and the filter go another way, from the wallets alone.
    assert shown.totals_by_state == {state: list(states.values()).count(state) for state in UserState}
    for state in UserState:
        of_it = await directory.find(UserFilter(state=state), UserPageQuery(page_size=200))
        assert {row.id for row in of_it.rows} == {key for key, its in states.items() if its is state}
    bound = drawn[0][0].usage_percent
    filtered = await directory.find(UserFilter(usage_percent_min=bound), UserPageQuery(page_size=200))
    assert {row.id for row in filtered.rows} == {k for k, (w, _) in wallets.items() if w.usage_percent >= bound}
    await database.close()

"""The events of GET /api/tokens/stream: names, figures, and what an alert says in Portuguese."""

from datetime import date
from zoneinfo import ZoneInfo

from solaris.domain.formats import format_date, format_tokens, tokens_text
from solaris.domain.periods import period_of
from solaris.domain.wallet import UserState, Wallet
from solaris.realtime.balance_view import BalanceView, LastGrant
from solaris.realtime.sse import event


def balance_event(view: BalanceView, cause: str, zone: ZoneInfo) -> bytes:
    """`balance`: the figures of /api/tokens/current that a charge or grant changes, under the same names.

    `renews_on` besides: the customer's day, whatever the reader's time zone.
    """
    wallet = view.wallet
    period = period_of(wallet.period_start, zone)
    figures = {
        "user_id": view.user_id,
        "cause": cause,
        "period": {"starts_at": period.starts_at, "ends_at": period.ends_at},
        "tokens_used": wallet.used,
        "tokens_remaining": wallet.remaining,
        "allowance": {"granted": wallet.allowance, "used": wallet.allowance_used, "left": wallet.allowance_left},
        "credits": wallet.credits,
        "held": wallet.held,
        "overage": wallet.overage,
        "refused_tokens": wallet.refused_tokens,
        "usage_percent": wallet.usage_percent,
        "state": view.state.value,
        "alert": view.alert_percent,
        "renews_at": period.ends_at,
        "renews_on": renews_on(view, zone),
    }
    return event("balance", figures, balance_id(view))


def balance_id(view: BalanceView) -> str:
    """Grows with every charge and every period, compared as text; equal ids may differ in credits or holds."""
    return f"{view.wallet.period_start.isoformat()}.{view.wallet.used:015d}"


def alert_event(view: BalanceView, percent: int, zone: ZoneInfo) -> bytes:
    """`alert`: a threshold was crossed, and what to tell the user."""
    message = alert_message(percent, view.wallet, renews_on(view, zone))
    return event("alert", {"threshold_percent": percent, "message": message})


def alert_message(percent: int, wallet: Wallet, renews: date) -> str:
    """The sentence for a crossed threshold: what is left, and what to do. An allowance of 0 is never renewed."""
    renewed = wallet.allowance > 0
    whose = "dos seus tokens deste mês" if renewed else "dos seus tokens"
    if percent < 100 and wallet.state(active=True) is not UserState.BLOCKED:
        until = f" até a renovação em {format_date(renews)}" if renewed else ""
        return f"Você já usou {percent}% {whose}. {_verb(wallet.remaining)} {format_tokens(wallet.remaining)}{until}."
    way_on = f"Compre créditos ou aguarde a renovação em {format_date(renews)}."
    return f"{_end_of_tokens(wallet)} {way_on if renewed else 'Compre créditos para continuar.'}"


def _end_of_tokens(wallet: Wallet) -> str:
    """Why the chat stops, or soon will."""
    left = wallet.left
    if left <= 0 and wallet.used == 0:
        return "Sua conta está sem tokens."
    if left <= 0:
        return (
            "Você usou todos os seus tokens deste mês." if wallet.allowance > 0 else "Você usou todos os seus tokens."
        )
    rest = f"{_verb(left).lower()} {tokens_text(left)}"
    if wallet.refused_tokens > left:
        needed = format_tokens(wallet.refused_tokens)
        return f"Seu chat parou: {rest}, e seu último pedido precisava de cerca de {needed}."
    return f"Um pedido não coube no seu saldo: {rest}."


def _verb(tokens: int) -> str:
    return "Resta" if tokens == 1 else "Restam"


def grant_event(grant: LastGrant) -> bytes:
    """`grant`: tokens were added to the user's credits, or taken back."""
    fields = {
        "transaction_id": grant.transaction_id,
        "tokens_added": grant.tokens_added,
        "transaction_type": grant.transaction_type,
        "created_at": grant.created_at,
    }
    return event("grant", fields)


def end_event(reason: str, message: str) -> bytes:
    """`end`: the stream is over, and why; `reason` is a code as in an error's body."""
    return event("end", {"reason": reason, "message": message})


def renews_on(view: BalanceView, zone: ZoneInfo) -> date:
    """The customer's day on which the next period begins."""
    return period_of(view.wallet.period_start, zone).ends_at.astimezone(zone).date()


def changes(before: BalanceView | None, after: BalanceView, cause: str, zone: ZoneInfo) -> list[tuple[str, bytes]]:
    """The events, each with its slot, that a reader gets whose last view was `before`; none where nothing changed."""
    if before == after:
        return []
    events: list[tuple[str, bytes]] = []
    grant = after.last_grant
    if grant is not None and before is not None and grant != before.last_grant:
        events.append(("grant", grant_event(grant)))
    events.append(("balance", balance_event(after, cause, zone)))
    if is_new_alert(before, after):
        events.append(("alert", alert_event(after, after.alert_percent or 0, zone)))
    return events


def is_new_alert(before: BalanceView | None, after: BalanceView) -> bool:
    """Whether a threshold is to be told: one higher than before, or one that waits for somebody to see it."""
    if after.alert_percent is None:
        return False
    known = 0 if before is None or before.wallet.period_start != after.wallet.period_start else before.alert_percent
    return after.alert_percent > (known or 0)


def cause_of(before: BalanceView | None, after: BalanceView) -> str:
    """Why a view that was read differs from the one before: renewal, grant, charge, or another change."""
    if before is None:
        return "current"
    if before.wallet.period_start != after.wallet.period_start:
        return "renewal"
    if before.last_grant != after.last_grant:
        return "grant"
    return "charge" if before.wallet.used != after.wallet.used else "change"

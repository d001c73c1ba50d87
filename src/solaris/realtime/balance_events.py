"""The events of GET /api/tokens/stream: names, fields, and the Portuguese alert messages."""

from datetime import date
from zoneinfo import ZoneInfo

from solaris.domain.formats import format_date, format_tokens, tokens_text
from solaris.domain.periods import period_of
from solaris.domain.wallet import UserState, Wallet
from solaris.realtime.balance_view import BalanceView, LastGrant
from solaris.realtime.sse import event


def balance_event(view: BalanceView, cause: str, zone: ZoneInfo) -> bytes:
    """Build `balance`: the fields of /api/tokens/current that change, under the same names.

    Also `renews_on`, a day in the customer's time zone, independent of the reader's.
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
    """Return an id that grows with every charge and period, compared as text.

    Views with equal ids may differ in credits or holds.
    """
    return f"{view.wallet.period_start.isoformat()}.{view.wallet.used:015d}"


def alert_event(view: BalanceView, percent: int, zone: ZoneInfo) -> bytes:
    """Build `alert`: the crossed threshold and the message for the user."""
    message = alert_message(percent, view.wallet, renews_on(view, zone))
    return event("alert", {"threshold_percent": percent, "message": message})


def alert_message(percent: int, wallet: Wallet, renews: date) -> str:
    """Return the message for a crossed threshold: the remainder and the next step.

    With an allowance of 0 no renewal is mentioned.
    """
    renewed = wallet.allowance > 0
    whose = "dos seus tokens deste mês" if renewed else "dos seus tokens"
    if percent < 100 and wallet.state(active=True) is not UserState.BLOCKED:
        until = f" até a renovação em {format_date(renews)}" if renewed else ""
        return f"Você já usou {percent}% {whose}. {_verb(wallet.remaining)} {format_tokens(wallet.remaining)}{until}."
    way_on = f"Compre créditos ou aguarde a renovação em {format_date(renews)}."
    return f"{_end_of_tokens(wallet)} {way_on if renewed else 'Compre créditos para continuar.'}"


def _end_of_tokens(wallet: Wallet) -> str:
    """Return the sentence that says why calls are refused or soon will be."""
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
    """Build `grant`: tokens added to the user's credits, or taken back."""
    fields = {
        "transaction_id": grant.transaction_id,
        "tokens_added": grant.tokens_added,
        "transaction_type": grant.transaction_type,
        "created_at": grant.created_at,
    }
    return event("grant", fields)


def end_event(reason: str, message: str) -> bytes:
    """Build `end`: the last event; `reason` is a code as in an error's body."""
    return event("end", {"reason": reason, "message": message})


def renews_on(view: BalanceView, zone: ZoneInfo) -> date:
    """Return the first day of the next period, in the customer's time zone."""
    return period_of(view.wallet.period_start, zone).ends_at.astimezone(zone).date()


def changes(before: BalanceView | None, after: BalanceView, cause: str, zone: ZoneInfo) -> list[tuple[str, bytes]]:
    """Return the events, each with its slot, that update a reader from `before` to `after`."""
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
    """Return whether to send an alert: a new unacknowledged threshold, higher than before."""
    if after.alert_percent is None:
        return False
    known = 0 if before is None or before.wallet.period_start != after.wallet.period_start else before.alert_percent
    return after.alert_percent > (known or 0)


def cause_of(before: BalanceView | None, after: BalanceView) -> str:
    """Return why a view differs from the one before: renewal, grant, charge or change.

    `current` for the first view.
    """
    if before is None:
        return "current"
    if before.wallet.period_start != after.wallet.period_start:
        return "renewal"
    if before.last_grant != after.last_grant:
        return "grant"
    return "charge" if before.wallet.used != after.wallet.used else "change"

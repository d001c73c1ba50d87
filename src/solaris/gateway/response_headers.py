"""Headers of metered responses (SPEC 6)."""

from solaris.domain.wallet import UserState, Wallet, spending_state, usage_percent

Headers = list[tuple[bytes, bytes]]

_STATES = {state: (b"x-solaris-state", state.value.encode()) for state in UserState}


def balance_headers(wallet: Wallet, *, alert_percent: int | None = None, charged: int | None = None) -> Headers:
    """Remaining tokens, usage percent and state; alert and charge if given."""
    used, left = wallet.used, wallet.left
    headers = [
        (b"x-solaris-tokens-remaining", b"%d" % max(0, left - wallet.held)),
        (b"x-solaris-usage-percent", b"%.2f" % usage_percent(used, left)),
        _STATES[spending_state(used, left, wallet.refused_tokens)],
    ]
    if alert_percent is not None:
        headers.append((b"x-solaris-alert", b"%d" % alert_percent))
    if charged is not None:
        headers.append((b"x-solaris-tokens-charged", b"%d" % charged))
    return headers


def request_headers(request_id: str) -> Headers:
    """The request id, also under OpenAI's `x-request-id` and Anthropic's `request-id`."""
    name = request_id.encode("latin-1", "replace")
    return [(b"x-solaris-request-id", name), (b"x-request-id", name), (b"request-id", name)]

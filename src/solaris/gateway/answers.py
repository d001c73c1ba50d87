"""The headers of metered answers (SPEC 6)."""

from solaris.domain.wallet import Wallet

Headers = list[tuple[bytes, bytes]]


def balance_headers(wallet: Wallet, *, alert_percent: int | None = None, charged: int | None = None) -> Headers:
    """Remaining, percent and state; the alert where one is to be told, the charge where it is known."""
    headers = [
        _header("x-solaris-tokens-remaining", wallet.remaining),
        _header("x-solaris-usage-percent", f"{wallet.usage_percent:.2f}"),
        _header("x-solaris-state", wallet.state(active=True).value),
    ]
    if alert_percent is not None:
        headers.append(_header("x-solaris-alert", alert_percent))
    if charged is not None:
        headers.append(_header("x-solaris-tokens-charged", charged))
    return headers


def request_header(request_id: str) -> tuple[bytes, bytes]:
    """Names the call, for its receipt."""
    return _header("x-solaris-request-id", request_id)


def _header(name: str, value: object) -> tuple[bytes, bytes]:
    return name.encode(), str(value).encode("latin-1", "replace")

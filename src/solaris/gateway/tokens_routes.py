"""GET /api/tokens/current, POST /api/tokens/alerts/acknowledge and POST /api/tokens/consume."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from solaris.auth.caller import Caller
from solaris.auth.principal import Principal
from solaris.domain.errors import SpendingRefused, TokensHeld
from solaris.gateway.current_balance import CurrentBalance
from solaris.gateway.direct_consumption import DirectConsumption
from solaris.gateway.ratelimit.limiter import RateLimiter
from solaris.gateway.refusals import Refusals
from solaris.gateway.response_headers import balance_headers
from solaris.gateway.schemas import AlertLeft, AlertSeen, ConsumeRequest, Consumption, CurrentTokens


def routes(
    current: CurrentBalance,
    consumption: DirectConsumption,
    limiter: RateLimiter,
    caller: Caller,
    refusals: Refusals,
) -> APIRouter:
    """Routes for the caller's own tokens."""
    router = APIRouter(prefix="/api/tokens", tags=["tokens"])
    User = Annotated[Principal, Depends(caller.user)]  # noqa: N806 - a type, made here because `caller` is no global

    # Includes the counter on a chat's page, which shows the balance and acknowledges alerts.
    Reader = Annotated[Principal, Depends(caller.balance_reader)]  # noqa: N806 - as above

    async def limited(user: User, request: Request) -> Principal:
        await limiter.admit(user, limiter.start(user), request.scope["state"])
        return user

    Limited = Annotated[Principal, Depends(limited)]  # noqa: N806 - as above

    @router.get("/current", summary="Balance now", response_model=CurrentTokens)
    async def read_current(user: Reader) -> CurrentTokens:
        """Allowance, credits, usage and state of the caller in the current period."""
        return await current.of(user.user_id)

    @router.post("/alerts/acknowledge", summary="Acknowledge an alert", response_model=AlertLeft)
    async def acknowledge_alert(user: Reader, seen: AlertSeen) -> AlertLeft:
        """Mark the `alert` of `GET /api/tokens/current`, and any lower one, as seen.

        Idempotent. Returns a higher alert that was raised meanwhile, or null. After a grant, or in
        the next period, crossing the threshold raises the alert again.
        """
        return AlertLeft(alert=await current.acknowledge(user.user_id, seen.alert))

    @router.post("/consume", summary="Charge tokens directly", response_model=Consumption)
    async def consume(user: Limited, asked: ConsumeRequest, response: Response) -> Consumption:
        """Charge tokens, for tools outside the chat.

        Give either `tokens`, charged 1:1, or `usage`, charged by the model's weights. Each
        `request_id` is charged exactly once: a repeat returns the same body with
        `Idempotent-Replay: true`; the same id with another body is refused (409). The `X-Solaris-…`
        headers show the current balance. 402 if the tokens left do not cover the charge; 429, with
        `Retry-After`, beyond the plan's rate, and if the tokens are held by calls in progress
        (`tokens_held_by_calls_in_progress`).
        """
        try:
            charge = await consumption.charge(user, asked)
        except (SpendingRefused, TokensHeld) as refusal:
            refusals.record(user.user_id, refusal)
            raise
        alert = max(charge.crossed_percent, default=None)
        for name, value in balance_headers(charge.wallet, alert_percent=alert, charged=charge.tokens_charged):
            response.headers[name.decode()] = value.decode()
        if charge.repeated:
            response.headers["Idempotent-Replay"] = "true"
        return Consumption(
            request_id=charge.request_id,
            model=charge.model_asked,
            tokens_charged=charge.tokens_charged,
            allowance_part=charge.allowance_part,
            credits_part=charge.credits_part,
            overage=charge.overage,
            tokens_remaining=charge.tokens_remaining,
            charged_at=charge.occurred_at,
        )

    return router

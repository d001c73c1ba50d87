"""What can go wrong, named after the condition.

    SolarisError
    ├── InvalidInput              the caller sent something that can't be used (names the field)
    │   ├── UnresolvedPlaceholder an identity header still holds `{{…}}`
    │   └── UnsupportedEncoding   the body is packed in a way that is not taken
    ├── NotAuthenticated          nobody, or nobody known, is calling
    │   └── InvalidCredentials    e-mail and password do not belong together
    ├── AccountLocked             too many failed sign-ins
    ├── Forbidden                 the caller's role may not do this
    ├── NotFound                  user, package, model, hold … does not exist
    ├── Conflict                  the state does not admit it
    │   ├── IdempotencyConflict   the key was used with another body
    │   └── DuplicateRequest      this request id is being served or was served already
    ├── SpendingRefused
    │   ├── InsufficientTokens    less remains than the request needs at least
    │   └── UserSuspended         the user may not spend
    ├── RateLimited               too many requests in the window
    │   ├── TokensHeld            the tokens are held by the user's calls in progress
    │   └── TooManyCalls          as many calls as the plan admits are in progress
    ├── PayloadTooLarge           the body is over the limit
    ├── BodyTooSlow               the body did not arrive in time
    └── Unavailable
        ├── StoreUnavailable      PostgreSQL did not answer
        └── ModelServiceUnavailable  LiteLLM can't be reached or refuses us
            ├── ModelServiceFailed   it answered with an error of its own or the provider's
            └── ModelServiceTimeout  it did not answer in time

`message` is a pt-BR sentence a user can act on; `str(error)` is the same. Only the HTTP edge knows status codes.
"""

from datetime import datetime

from solaris.domain.wallet import UserState


class SolarisError(Exception):
    """Root of every condition the product knows by name."""

    code = "internal_error"

    def __init__(self, message: str, *, param: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.param = param


class InvalidInput(SolarisError):
    """The caller sent something that can't be used; `param` names the field."""

    code = "invalid_input"


class UnresolvedPlaceholder(InvalidInput):
    """An identity header still holds a template such as `{{LIBRECHAT_USER_ID}}`."""

    code = "unresolved_placeholder"


class UnsupportedEncoding(InvalidInput):
    """The body's `Content-Encoding` is not one that is unpacked."""

    code = "unsupported_encoding"


class NotAuthenticated(SolarisError):
    """Nobody, or nobody known, is calling."""

    code = "not_authenticated"


class InvalidCredentials(NotAuthenticated):
    """E-mail and password do not belong together; which of them is wrong is never said."""

    code = "invalid_credentials"


class AccountLocked(SolarisError):
    """Too many failed sign-ins; `retry_after_seconds` tells when the next one is looked at."""

    code = "account_locked"

    def __init__(self, message: str, *, retry_after_seconds: int) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class Forbidden(SolarisError):
    """The caller is known, and may not do this."""

    code = "forbidden"


class NotFound(SolarisError):
    """What the caller named does not exist."""

    code = "not_found"

    def __init__(self, message: str, *, code: str = "not_found", param: str | None = None) -> None:
        super().__init__(message, param=param)
        self.code = code


class Conflict(SolarisError):
    """The present state does not admit what was asked."""

    code = "conflict"


class IdempotencyConflict(Conflict):
    """The idempotency key or request id was used before with another body."""

    code = "idempotency_conflict"


class DuplicateRequest(Conflict):
    """A call with this request id is being served, or was served and charged already."""

    code = "duplicate_request"


class SpendingRefused(SolarisError):
    """The wallet does not admit the spending."""


class InsufficientTokens(SpendingRefused):
    """Less remains than the request needs at least (SPEC 3.1).

    `tokens_remaining` is what is left after all holds, `renews_at` when the next allowance opens. `state`: after the refusal; a
    single long request does not block a user who has plenty left.
    """

    code = "monthly_quota_exceeded"

    def __init__(
        self,
        message: str,
        *,
        tokens_remaining: int,
        usage_percent: float,
        renews_at: datetime,
        state: UserState = UserState.BLOCKED,
    ) -> None:
        super().__init__(message)
        self.state = state
        self.tokens_remaining = tokens_remaining
        self.usage_percent = usage_percent
        self.renews_at = renews_at


class UserSuspended(SpendingRefused):
    """The user may not spend: `users.active` is false."""

    code = "user_suspended"


class RateLimited(SolarisError):
    """Too many requests in the window."""

    code = "rate_limit_exceeded"

    def __init__(self, message: str, *, retry_after_seconds: int) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class TokensHeld(RateLimited):
    """The request fits as soon as calls in progress have ended: what it needs is held, not spent (SPEC 3.1)."""

    code = "tokens_held_by_calls_in_progress"


class TooManyCalls(RateLimited):
    """As many of the user's calls as the plan admits are in progress."""

    code = "too_many_calls_in_progress"


class PayloadTooLarge(SolarisError):
    """The body is over the limit."""

    code = "payload_too_large"


class BodyTooSlow(SolarisError):
    """The body did not arrive in time; nothing was done."""

    code = "request_timeout"


class Unavailable(SolarisError):
    """A part this answer needs is away for now; asking again later may help."""

    code = "service_unavailable"


class Stopping(Unavailable):
    """This process ends; another, or the same one started again, will answer."""

    code = "service_stopping"


class StoreUnavailable(Unavailable):
    """PostgreSQL did not answer in time; nothing was changed."""

    code = "store_unavailable"


class ModelServiceUnavailable(Unavailable):
    """LiteLLM did not answer, or refused us; nothing was charged."""

    code = "model_service_unavailable"


class ModelServiceFailed(ModelServiceUnavailable):
    """LiteLLM answered with an error that is not the user's; nothing was charged."""

    code = "model_service_failed"


class ModelServiceTimeout(ModelServiceUnavailable):
    """LiteLLM did not answer in time; nothing was charged."""

    code = "model_service_timeout"

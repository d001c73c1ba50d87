"""The tree of domain errors, each named after its condition.

    SolarisError
    ├── InvalidInput              a value in the request can't be used (names the field)
    │   ├── UnresolvedPlaceholder an identity header still holds `{{…}}`
    │   └── UnsupportedEncoding   the body has a Content-Encoding that is not supported
    ├── NotAuthenticated          no credential, or one that is not valid
    │   └── InvalidCredentials    e-mail and password do not match
    ├── AccountLocked             too many failed sign-ins
    ├── Forbidden                 the caller may not do this
    ├── NotFound                  user, package, model, hold … does not exist
    ├── Conflict                  the current state does not allow it
    │   ├── IdempotencyConflict   the key was used with another body
    │   └── DuplicateRequest      a call with this request id is in progress or complete
    ├── SpendingRefused
    │   ├── InsufficientTokens    fewer tokens remain than the request needs at least
    │   └── UserSuspended         the user may not spend
    ├── RateLimited               too many requests in the window
    │   ├── TokensHeld            the tokens are held by the user's calls in progress
    │   └── TooManyCalls          as many calls as the plan allows are in progress
    ├── PayloadTooLarge           the body is over the limit
    ├── BodyTooSlow               the body did not arrive in time
    └── Unavailable               a part that the request needs is down
        ├── Stopping              this process is shutting down
        ├── StoreUnavailable      PostgreSQL did not answer
        └── ModelServiceUnavailable  LiteLLM can't be reached or refuses our key
            ├── ModelServiceFailed   it answered with an error of its own or of the provider
            └── ModelServiceTimeout  it did not answer in time

`message` is a pt-BR sentence that a user can act on; `str(error)` is the same. Only
`platform.http.errors` knows status codes.
"""

from datetime import datetime

from solaris.domain.wallet import UserState


class SolarisError(Exception):
    """Root of all domain errors. `code` is the machine-readable name; `param` names the field."""

    code = "internal_error"

    def __init__(self, message: str, *, param: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.param = param


class InvalidInput(SolarisError):
    """A value in the request can't be used; `param` names the field."""

    code = "invalid_input"


class UnresolvedPlaceholder(InvalidInput):
    """An identity header still holds a template such as `{{LIBRECHAT_USER_ID}}`."""

    code = "unresolved_placeholder"


class UnsupportedEncoding(InvalidInput):
    """The body's `Content-Encoding` is not supported."""

    code = "unsupported_encoding"


class NotAuthenticated(SolarisError):
    """The request has no credential, or one that is not valid."""

    code = "not_authenticated"


class InvalidCredentials(NotAuthenticated):
    """E-mail and password do not match; the message does not say which of them is wrong."""

    code = "invalid_credentials"


class AccountLocked(SolarisError):
    """Too many failed sign-ins; the next attempt is checked after `retry_after_seconds`."""

    code = "account_locked"

    def __init__(self, message: str, *, retry_after_seconds: int) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class Forbidden(SolarisError):
    """The caller is authenticated, but may not do this."""

    code = "forbidden"


class NotFound(SolarisError):
    """What the request names does not exist."""

    code = "not_found"

    def __init__(self, message: str, *, code: str = "not_found", param: str | None = None) -> None:
        super().__init__(message, param=param)
        self.code = code


class Conflict(SolarisError):
    """The current state does not allow the request."""

    code = "conflict"


class IdempotencyConflict(Conflict):
    """The idempotency key or request id was used with another body."""

    code = "idempotency_conflict"


class DuplicateRequest(Conflict):
    """A call with this request id is in progress, or is complete and charged."""

    code = "duplicate_request"


class SpendingRefused(SolarisError):
    """The user's balance or state does not allow the spending."""


class InsufficientTokens(SpendingRefused):
    """Fewer tokens remain than the request needs at least (SPEC 3.1).

    `tokens_remaining`: the balance less all holds. `renews_at`: start of the next period. `state`:
    the user's state after the refusal; one long request does not block a user with a large balance.
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
    """The tokens that the request needs are held by calls in progress (SPEC 3.1); retry later."""

    code = "tokens_held_by_calls_in_progress"


class TooManyCalls(RateLimited):
    """The user has as many calls in progress as the plan allows."""

    code = "too_many_calls_in_progress"


class PayloadTooLarge(SolarisError):
    """The body is over the limit."""

    code = "payload_too_large"


class BodyTooSlow(SolarisError):
    """The body did not arrive in time; the request had no effect."""

    code = "request_timeout"


class Unavailable(SolarisError):
    """A part that the request needs is down; a later retry may succeed."""

    code = "service_unavailable"


class Stopping(Unavailable):
    """This process is shutting down; a retry reaches another process or the restarted one."""

    code = "service_stopping"


class StoreUnavailable(Unavailable):
    """PostgreSQL did not answer in time; nothing was changed."""

    code = "store_unavailable"


class ModelServiceUnavailable(Unavailable):
    """LiteLLM can't be reached or refuses our key; nothing was charged."""

    code = "model_service_unavailable"


class ModelServiceFailed(ModelServiceUnavailable):
    """LiteLLM returned an error that the user did not cause; nothing was charged."""

    code = "model_service_failed"


class ModelServiceTimeout(ModelServiceUnavailable):
    """LiteLLM did not answer in time; nothing was charged."""

    code = "model_service_timeout"

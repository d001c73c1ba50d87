"""Errors of the gateway."""

from solaris.domain.errors import Conflict, InvalidInput, ModelServiceUnavailable


class ModelUnknownUpstream(ModelServiceUnavailable):
    """The provider has no such model.

    A configuration error; the caller's error if a pattern covers the name.
    """


class UpstreamRefused(InvalidInput):
    """LiteLLM or the provider refused the request; `status` is theirs (400, 413, 415 or 422)."""

    def __init__(self, message: str, *, status: int, code: str, param: str | None) -> None:
        super().__init__(message, param=param)
        self.status = status
        self.code = code


class ModelBusy(ModelServiceUnavailable):
    """The provider's rate limit was reached; nothing is charged."""

    code = "model_busy"


class CallReleased(Conflict):
    """The idempotency key belongs to a call that failed and cost nothing."""

    code = "request_released"

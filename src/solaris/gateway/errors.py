"""Conditions that only the gateway knows."""

from solaris.domain.errors import Conflict, InvalidInput, ModelServiceUnavailable


class ModelUnknownUpstream(ModelServiceUnavailable):
    """The provider knows no model of that name: a mistake of the configuration, or of the caller where a pattern covers it."""


class UpstreamRefused(InvalidInput):
    """LiteLLM or the provider refused the user's own request; `status` is theirs (400, 413, 415 or 422)."""

    def __init__(self, message: str, *, status: int, code: str, param: str | None) -> None:
        super().__init__(message, param=param)
        self.status = status
        self.code = code


class ModelBusy(ModelServiceUnavailable):
    """The provider limits our rate; nothing was charged."""

    code = "model_busy"


class CallReleased(Conflict):
    """The idempotency key belongs to a call that failed and cost nothing."""

    code = "request_released"

"""Conditions of the model catalogue."""

from solaris.domain.errors import NotFound


class ModelNotFound(NotFound):
    """There is no such model, or it is inactive."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="model_not_found", param="model")

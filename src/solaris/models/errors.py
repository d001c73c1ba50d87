"""Conditions of the model catalogue."""

from solaris.domain.errors import NotFound


class ModelNotFound(NotFound):
    """No such model, or it is switched off."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="model_not_found", param="model")

"""Dates in a query: YYYY-MM-DD only. Pydantic's `date` also accepts a number as Unix seconds."""

import re
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator

from solaris.domain.errors import InvalidInput

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _written_as_day(value: object) -> object:
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise ValueError(
            "deve ser uma data no formato AAAA-MM-DD"
        )  # pydantic turns only a ValueError into a validation error
    return value


Day = Annotated[date, BeforeValidator(_written_as_day)]


def check_days(first_day: date | None, last_day: date | None) -> None:
    """Raise InvalidInput if `last_day` is before `first_day`; None means no limit."""
    if first_day is not None and last_day is not None and last_day < first_day:
        raise InvalidInput("A data final ('to') é anterior à data inicial ('from').", param="to")

"""Days in a query: YYYY-MM-DD and nothing else. The framework's own type takes a bare number for seconds since 1970."""

import re
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator

from solaris.domain.errors import InvalidInput

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _written_as_day(value: object) -> object:
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise ValueError("deve ser uma data no formato AAAA-MM-DD")  # pydantic turns only a ValueError into an answer
    return value


Day = Annotated[date, BeforeValidator(_written_as_day)]


def check_days(first_day: date | None, last_day: date | None) -> None:
    """Raises InvalidInput where a period of days, both included, ends before it begins; an open end is in order."""
    if first_day is not None and last_day is not None and last_day < first_day:
        raise InvalidInput("A data final ('to') é anterior à data inicial ('from').", param="to")

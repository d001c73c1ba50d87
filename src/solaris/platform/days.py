"""A day in a query: YYYY-MM-DD and nothing else. The framework's own type takes a bare number for seconds since 1970."""

import re
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _written_as_day(value: object) -> object:
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise ValueError("deve ser uma data no formato AAAA-MM-DD")  # pydantic turns only a ValueError into an answer
    return value


Day = Annotated[date, BeforeValidator(_written_as_day)]

"""Normalises e-mail addresses to the form in which they are stored and compared."""

import re

MAX_CHARACTERS = 254
# ASCII only: there Python, PostgreSQL and mail servers agree on lower case.
_ADDRESS = re.compile(
    r"(?=.{3,254}\Z)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+"
)


def normalised_email(text: str) -> str | None:
    """The address in lower case without surrounding blanks; None if the text is not an address.

    Internal domains (`…@empresa.local`) are valid.
    """
    address = text.strip().lower()
    if len(address) > MAX_CHARACTERS or not _ADDRESS.fullmatch(address) or address.index("@") > 64:
        return None
    return address

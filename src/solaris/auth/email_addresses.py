"""E-mail addresses in the one form they are stored and compared in."""

import re

MAX_CHARACTERS = 254
# ASCII alone: only there do Python, PostgreSQL and mail servers agree on what lower case is.
_ADDRESS = re.compile(
    r"(?=.{3,254}\Z)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+"
)


def normalised_email(text: str) -> str | None:
    """The address in lower case without blanks around it; None where the text is no address.

    Internal domains (`…@empresa.local`) count as addresses.
    """
    address = text.strip().lower()
    if len(address) > MAX_CHARACTERS or not _ADDRESS.fullmatch(address) or address.index("@") > 64:
        return None
    return address

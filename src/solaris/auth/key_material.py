"""How keys are made, recognised and stored: random, shown once, kept only as a SHA-256."""

import hashlib
import secrets
from dataclasses import dataclass, field

API_KEY_START = "sk-solaris-"
FRONT_END_KEY_START = "fe-solaris-"
WIDGET_TOKEN_START = "wt-solaris-"  # noqa: S105 - how one begins, no secret
MAX_KEY_CHARACTERS = 200
_SHOWN_CHARACTERS = 6


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key at the only moment it is known whole. `prefix` is what lists show of it."""

    key: str = field(repr=False)
    prefix: str
    digest: bytes = field(repr=False)


def new_key(start: str) -> NewKey:
    """A fresh key with 256 random bits behind `start`."""
    key = start + secrets.token_urlsafe(32)
    return NewKey(key, key[: len(start) + _SHOWN_CHARACTERS], digest_of(key))


def digest_of(key: str) -> bytes:
    """What is stored and looked up instead of the key."""
    return hashlib.sha256(key.encode()).digest()

"""Generates keys and their digests: 256 random bits, stored only as SHA-256."""

import hashlib
import secrets
from dataclasses import dataclass, field

API_KEY_START = "sk-solaris-"
FRONT_END_KEY_START = "fe-solaris-"
WIDGET_TOKEN_START = "wt-solaris-"  # noqa: S105 - a prefix, not a secret
MAX_KEY_CHARACTERS = 200
_SHOWN_CHARACTERS = 6


@dataclass(frozen=True, slots=True)
class NewKey:
    """A new key. Only `prefix`, which lists show, and `digest` are stored."""

    key: str = field(repr=False)
    prefix: str
    digest: bytes = field(repr=False)


def new_key(start: str) -> NewKey:
    """A new key: `start` followed by 256 random bits in URL-safe Base64."""
    key = start + secrets.token_urlsafe(32)
    return NewKey(key, key[: len(start) + _SHOWN_CHARACTERS], digest_of(key))


def digest_of(key: str) -> bytes:
    """The SHA-256 of the key, which is stored and looked up instead of it."""
    return hashlib.sha256(key.encode()).digest()

"""Rules for new passwords, and argon2id hashes (RFC 9106), computed in threads."""

import asyncio
import unicodedata
from collections.abc import Callable
from importlib.resources import files
from typing import ParamSpec, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from solaris.auth.errors import PasswordTooWeak, SignInOverloaded

P = ParamSpec("P")
R = TypeVar("R")

MIN_CHARACTERS = 10
MAX_CHARACTERS = 128
_MIN_DIFFERENT_CHARACTERS = 5
_MAX_WAITING = 64
# Frequent words of leaked passwords; a new password may not be one of them plus digits.
_COMMON_WORDS = frozenset(files("solaris").joinpath("auth", "common_words.txt").read_text(encoding="utf-8").split())
_FIGURES = "0123456789"
_SEQUENCES = (
    "01234567890123456789",
    "98765432109876543210",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
)


def check_new_password(password: str, *, email: str = "", param: str = "password") -> None:
    """Refuse a password that is easy to guess.

    Raises:
        PasswordTooWeak: the length is not 10 to 128 characters, or the password has few different
            characters, is a sequence, or is the user's address or a common word, also with digits
            or punctuation around it.
    """
    text = unicodedata.normalize("NFC", password)
    if len(text) < MIN_CHARACTERS:
        raise PasswordTooWeak(f"A senha deve ter pelo menos {MIN_CHARACTERS} caracteres.", param=param)
    if len(text) > MAX_CHARACTERS:
        raise PasswordTooWeak(f"A senha deve ter no máximo {MAX_CHARACTERS} caracteres.", param=param)
    plain = text.lower()
    letters = "".join(character for character in plain if character.isalpha())
    own = {email, email.partition("@")[0]} - {""}
    trivial = (
        len(set(plain)) < _MIN_DIFFERENT_CHARACTERS
        or any(plain in sequence for sequence in _SEQUENCES)
        or any(plain == word * (len(plain) // len(word)) for word in _COMMON_WORDS)
        or letters in _COMMON_WORDS
        or plain.strip(_FIGURES + "!@#$%&*._-") in {*_COMMON_WORDS, *own}
        or plain in own
    )
    if trivial:
        raise PasswordTooWeak(
            "Esta senha é fácil de adivinhar. Use uma frase ou palavras sem relação entre si.", param=param
        )


class Passwords:
    """Hashes and verifies passwords.

    At most `max_at_once` hashes run at the same time (19 MiB each); up to 64 others wait.
    """

    def __init__(self, *, max_at_once: int = 2, hasher: PasswordHasher | None = None) -> None:
        # OWASP's parameters for argon2id: m = 19 MiB, t = 2, p = 1; about 30 ms on one core.
        self._hasher = hasher or PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
        self._slots = asyncio.Semaphore(max_at_once)
        self._waiting = 0
        self._unknown_hash: str | None = None

    async def hash(self, password: str) -> str:
        """The hash to store.

        Raises:
            SignInOverloaded: too many hashes are waiting.
        """
        return await self._in_thread(self._hasher.hash, _normalised(password))

    async def matches(self, password: str, stored_hash: str | None) -> bool:
        """Whether the password matches the hash.

        `stored_hash` None (unknown user): takes as long as a real check and returns False.

        Raises:
            SignInOverloaded: too many hashes are waiting.
        """
        if stored_hash is None:
            if self._unknown_hash is None:
                self._unknown_hash = await self.hash("no user has this password")
            await self._in_thread(self._verify, self._unknown_hash, _normalised(password))
            return False
        return await self._in_thread(self._verify, stored_hash, _normalised(password))

    def is_outdated(self, stored_hash: str) -> bool:
        """Whether the hash has other parameters than the current ones."""
        try:
            return self._hasher.check_needs_rehash(stored_hash)
        except InvalidHashError:
            return True

    def _verify(self, stored_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored_hash, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _in_thread(self, work: Callable[P, R], *values: P.args, **_none: P.kwargs) -> R:
        if self._waiting >= _MAX_WAITING:
            raise SignInOverloaded("Muitas pessoas estão entrando agora. Tente novamente em alguns segundos.")
        self._waiting += 1
        try:
            async with self._slots:
                return await asyncio.to_thread(work, *values, **_none)
        finally:
            self._waiting -= 1


def _normalised(password: str) -> str:
    # macOS and Windows encode "ã" differently. Cut to bound the work: no password is longer.
    return unicodedata.normalize("NFC", password)[: MAX_CHARACTERS + 1]

"""Tokens that are not exactly ours are refused; passwords that would be guessed early too."""

import asyncio
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from solaris.auth.errors import PasswordTooWeak, SignInOverloaded
from solaris.auth.passwords import Passwords, check_new_password
from solaris.auth.tokens import Tokens
from solaris.domain.errors import NotAuthenticated
from solaris.domain.roles import Role

SECRET = "a jwt secret of thirty-two bytes and some more"
USER = uuid4()


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tokens(clock: Clock) -> Tokens:
    return Tokens(SECRET, lifetime_seconds=3600, clock=clock)


def test_a_token_names_its_user_until_it_expires(tokens, clock):
    issued = tokens.issue(USER, Role.OPERATOR)
    claims = tokens.verify(issued.text)
    assert (claims.user_id, claims.token_id) == (USER, issued.token_id)
    assert abs(claims.issued_at - clock.now) < timedelta(microseconds=2)
    clock.now += timedelta(seconds=3600)
    with pytest.raises(NotAuthenticated):
        tokens.verify(issued.text)


def test_a_token_carries_the_claims_of_the_contract(tokens):
    raw = jwt.decode(tokens.issue(USER, Role.ADMIN).text, options={"verify_signature": False})
    assert set(raw) == {"sub", "role", "exp", "iat", "jti"}
    assert raw["role"] == "admin"


def forged(clock: Clock, **changes: Any) -> str:
    claims = {
        "sub": str(USER),
        "role": "user",
        "iat": clock().timestamp(),
        "exp": clock().timestamp() + 60,
        "jti": "1",
        **changes,
    }
    return jwt.encode({key: value for key, value in claims.items() if value is not None}, SECRET, algorithm="HS256")


@pytest.mark.parametrize(
    "changes",
    [
        {"sub": "nobody"}, {"sub": None}, {"jti": None}, {"jti": ""}, {"jti": "x" * 101}, {"jti": "a\0b"}, {"exp": None},
        {"exp": "tomorrow"}, {"exp": True}, {"exp": float("nan")}, {"exp": 1e300}, {"iat": None}, {"iat": "now"},
        {"iat": 4e9, "exp": 5e9},
    ],
)  # fmt: skip
def test_a_token_with_odd_claims_is_refused_though_the_signature_is_right(tokens, clock, changes):
    with pytest.raises(NotAuthenticated):
        tokens.verify(forged(clock, **changes))


def test_only_our_secret_and_our_algorithm_count(tokens, clock):
    claims = {"sub": str(USER), "iat": clock().timestamp(), "exp": clock().timestamp() + 60, "jti": "1"}
    for token in (
        jwt.encode(claims, SECRET + "!", algorithm="HS256"),
        jwt.encode(claims, SECRET * 2, algorithm="HS512"),
        jwt.encode(claims, None, algorithm="none"),
        tokens.issue(USER, Role.USER).text[:-3],
        "x" * 5000,
        "",
    ):
        with pytest.raises(NotAuthenticated):
            tokens.verify(token)


@given(st.text(max_size=200))
def test_no_text_that_we_did_not_sign_is_a_token(text):
    with pytest.raises(NotAuthenticated):
        Tokens(SECRET, lifetime_seconds=60).verify(text)


@pytest.mark.parametrize(
    "password",
    [
        "", "curta1!", "x" * 129, "aaaaaaaaaaaa", "1234567890", "9876543210", "0123456789", "abcdefghijk", "qwertyuiop",
        "senha12345", "Password2026!", "123456senha", "senhasenha", "maria@demo.local", "aaaaabbbbbcc", "Flamengo2026",
    ],
)  # fmt: skip
def test_a_password_that_would_be_guessed_early_is_refused(password):
    with pytest.raises(PasswordTooWeak):
        check_new_password(password, email="maria@demo.local")


@pytest.mark.parametrize("password", ["cavalo correto bateria", "Zq7!pLw2#x", "ção-ñandú-ß 42"])
def test_a_good_password_is_accepted(password):
    check_new_password(password, email="maria@demo.local")


async def test_a_password_matches_its_hash_and_no_other():
    passwords = Passwords()
    stored = await passwords.hash("cavalo correto bateria")
    assert stored.startswith("$argon2id$")
    assert await passwords.matches("cavalo correto bateria", stored)
    assert not await passwords.matches("cavalo correto baterias", stored)
    assert not await passwords.matches("cavalo correto bateria", "no hash at all")
    assert not await passwords.matches("cavalo correto bateria", None)


async def test_the_same_letters_typed_on_another_system_match():
    passwords = Passwords()
    typed = "coração e açaí"
    stored = await passwords.hash(unicodedata.normalize("NFC", typed))
    assert await passwords.matches(unicodedata.normalize("NFD", typed), stored)


async def test_a_hash_with_older_parameters_is_outdated():
    passwords = Passwords()
    assert passwords.is_outdated(PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash("x"))
    assert passwords.is_outdated("no hash at all")
    assert not passwords.is_outdated(await passwords.hash("x"))


async def test_a_flood_of_sign_ins_is_refused_and_not_queued_for_ever():
    passwords = Passwords(max_at_once=1, hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    outcomes = await asyncio.gather(*(passwords.hash("x") for _ in range(200)), return_exceptions=True)
    refused = [outcome for outcome in outcomes if isinstance(outcome, SignInOverloaded)]
    assert 0 < len(refused) <= 136
    assert await passwords.hash("x")

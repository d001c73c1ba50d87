"""Open WebUI's signed identity: an HS256 JWT in `X-OpenWebUI-User-Jwt`, required in strict mode."""

import math
import unicodedata
from collections.abc import Callable
from datetime import datetime
from typing import Any

import jwt

from solaris.auth.email_addresses import normalised_email
from solaris.auth.errors import IdentityNotProven
from solaris.auth.identity_headers import (
    MAX_ID_CHARACTERS,
    ExternalIdentity,
    MultiValueHeaders,
    cleaned_name,
)
from solaris.auth.placeholders import is_blank, names_no_user
from solaris.domain.errors import UnresolvedPlaceholder

HEADER = "X-OpenWebUI-User-Jwt"
ISSUER = "open-webui"
MAX_CHARACTERS = 8192
_CLOCK_LEEWAY_SECONDS = 30


def read_signed_identity(headers: MultiValueHeaders, secret: str, clock: Callable[[], datetime]) -> ExternalIdentity:
    """The identity that Open WebUI signed with the shared secret.

    Raises:
        IdentityNotProven: the key has no secret; the header is missing, repeated or too long; or
            the token is expired, has a wrong signature, or names no user.
        UnresolvedPlaceholder: the user's id is an unfilled template.
    """
    if not secret:
        # Anyone could sign with an empty secret.
        raise IdentityNotProven(
            "Esta chave exige identidade assinada e não tem segredo. Avise o administrador.", param=HEADER
        )
    values = headers.getlist(HEADER)
    if len(values) == 1 and len(values[0]) > MAX_CHARACTERS:
        raise IdentityNotProven(f"O cabeçalho {HEADER} é longo demais.", param=HEADER)
    if len(values) != 1:
        raise IdentityNotProven(
            f"Falta o cabeçalho {HEADER}. No Open WebUI, defina ENABLE_FORWARD_USER_INFO_HEADERS=true e "
            "FORWARD_USER_INFO_HEADER_JWT_SECRET com o segredo desta chave.",
            param=HEADER,
        )
    claims = _claims(values[0], secret)
    if claims["exp"] + _CLOCK_LEEWAY_SECONDS <= clock().timestamp():
        raise IdentityNotProven(
            "A identidade assinada pelo Open WebUI expirou. Confira o relógio dos servidores.", param=HEADER
        )
    external_id, email, name = (_text(claims, key) for key in ("sub", "email", "name"))
    if is_blank(external_id) or len(external_id) > MAX_ID_CHARACTERS:
        raise IdentityNotProven("A identidade assinada pelo Open WebUI não diz quem é o usuário.", param=HEADER)
    if names_no_user(external_id):
        raise UnresolvedPlaceholder(
            "A identidade assinada pelo Open WebUI traz um modelo de texto no lugar do usuário. Confira a configuração dele.",
            param=HEADER,
        )
    return ExternalIdentity(external_id, normalised_email(email), cleaned_name(name))


def _claims(token: str, secret: str) -> dict[str, Any]:
    options: Any = {"require": ["sub", "exp", "iss"], "verify_exp": False, "verify_iat": False, "verify_nbf": False}
    try:
        claims: dict[str, Any] = jwt.decode(token, secret, algorithms=["HS256"], issuer=ISSUER, options=options)
    except jwt.InvalidTokenError as error:
        raise IdentityNotProven(
            "A identidade enviada não foi assinada com o segredo desta chave. Confira FORWARD_USER_INFO_HEADER_JWT_SECRET.",
            param=HEADER,
        ) from error
    if (
        isinstance(claims["exp"], bool)
        or not isinstance(claims["exp"], int | float)
        or not math.isfinite(claims["exp"])
    ):
        raise IdentityNotProven("A identidade assinada pelo Open WebUI não diz até quando vale.", param=HEADER)
    return claims


def _text(claims: dict[str, Any], key: str) -> str:
    value = claims.get(key)
    if not isinstance(value, str):
        return ""
    return "".join(character for character in value if unicodedata.category(character) not in ("Cc", "Cs")).strip()

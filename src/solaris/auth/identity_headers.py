"""Reads a user's identity from a front end's headers. Pure: no store, no clock.

LibreChat sends Latin-1 unchanged, and text beyond U+00FF as `b64:` with Base64 of the UTF-8; Open
WebUI percent-encodes names. Unfilled placeholders arrive literally; as ids they are refused, since
all users would share one account. A name or e-mail address that can't be read is ignored and never
refuses a call (docs/decisions/0121).
"""

import base64
import binascii
import string
import unicodedata
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import unquote, unquote_to_bytes

from solaris.auth.email_addresses import normalised_email
from solaris.auth.errors import IdentityMissing
from solaris.auth.front_end import FrontEndKind, HeaderNames
from solaris.auth.placeholders import holds_template, is_blank, is_no_name, names_no_user
from solaris.domain.errors import InvalidInput, UnresolvedPlaceholder

MAX_ID_CHARACTERS = 200
MAX_NAME_CHARACTERS = 200
MAX_RAW_CHARACTERS = 2000
_BASE64_START = "b64:"
_REFUSED_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})
_LIBRECHAT_PLACEHOLDERS = {
    "id": "{{LIBRECHAT_USER_ID}}",
    "email": "{{LIBRECHAT_USER_EMAIL}}",
    "name": "{{LIBRECHAT_USER_NAME}}",
}


class MultiValueHeaders(Protocol):
    """The part of Starlette's `Headers` that is used: case-insensitive, decoded as Latin-1."""

    def getlist(self, key: str) -> list[str]:
        """All values sent under the name."""


@dataclass(frozen=True, slots=True)
class ExternalIdentity:
    """A user as the front end's headers name them.

    `email` is None and `name` is empty if absent or not valid. `unfilled_email`: the error message
    for an e-mail header that contains an unfilled template.
    """

    external_id: str
    email: str | None
    name: str
    unfilled_email: str | None = None


def read_identity(headers: MultiValueHeaders, kind: FrontEndKind, names: HeaderNames) -> ExternalIdentity:
    """The identity in these headers.

    Raises:
        IdentityMissing: the id header is absent or empty.
        UnresolvedPlaceholder: the id is an unfilled template, or a word such as `undefined`; the
            message contains the correct configuration line.
        InvalidInput: the id header is repeated, too long, not decodable, or has control characters.
    """
    external_id = _external_id(headers, kind, names)
    email, unfilled_email = _email(headers, kind, names.email)
    return ExternalIdentity(external_id, email, _name(headers, kind, names.name), unfilled_email)


def cleaned_name(text: str) -> str:
    """The display name to store: no control characters, at most 200 characters.

    Empty if the text is not a name.
    """
    if not text.isprintable():
        text = "".join(character for character in text if unicodedata.category(character) not in _REFUSED_CATEGORIES)
    name = text.strip()[:MAX_NAME_CHARACTERS].rstrip()
    return "" if is_no_name(name) or is_blank(name) else name


def _external_id(headers: MultiValueHeaders, kind: FrontEndKind, names: HeaderNames) -> str:
    header = names.id
    values = headers.getlist(header)
    if len(values) > 1:
        raise InvalidInput(f"O cabeçalho {header} veio mais de uma vez. Envie um valor só.", param=header)
    # Only ASCII blanks: other blanks may be the second byte of a UTF-8 character.
    raw = values[0].strip(string.whitespace) if values else ""
    if len(raw) > MAX_RAW_CHARACTERS:
        raise InvalidInput(f"O cabeçalho {header} é longo demais.", param=header)
    external_id = _decoded_id(raw, kind, header)
    if is_blank(external_id):
        raise IdentityMissing(_missing_message(kind, names), param=header)
    if names_no_user(external_id):
        raise UnresolvedPlaceholder(_unfilled_message(external_id, kind, header, "id"), param=header)
    if not external_id.isascii() or not external_id.isprintable():
        external_id = _without_controls(external_id, header)
    if len(external_id) > MAX_ID_CHARACTERS:
        raise InvalidInput(
            f"O cabeçalho {header} tem mais de {MAX_ID_CHARACTERS} caracteres. Envie o identificador do usuário.",
            param=header,
        )
    return external_id


def _decoded_id(raw: str, kind: FrontEndKind, header: str) -> str:
    if kind is not FrontEndKind.LIBRECHAT or not raw.startswith(_BASE64_START):
        return raw
    try:
        return base64.b64decode(raw.removeprefix(_BASE64_START), validate=True).decode().strip()
    except (binascii.Error, ValueError) as error:
        raise InvalidInput(
            f"O cabeçalho {header} não pôde ser decodificado. Envie texto em UTF-8.", param=header
        ) from error


def _without_controls(external_id: str, header: str) -> str:
    """The id; decoded as UTF-8 if its Latin-1 decoding has control characters."""
    if _is_clean(external_id):
        return external_id
    try:
        read_again = external_id.encode("latin-1").decode().strip()
    except UnicodeError:
        read_again = external_id
    if _is_clean(read_again):
        return read_again
    raise InvalidInput(f"O cabeçalho {header} contém caracteres de controle, que não são aceitos.", param=header)


def _is_clean(text: str) -> bool:
    return all(unicodedata.category(character) not in _REFUSED_CATEGORIES for character in text)


def _email(headers: MultiValueHeaders, kind: FrontEndKind, header: str) -> tuple[str | None, str | None]:
    """The address, and the error message if the header has an unfilled template instead."""
    text = _optional_text(headers, kind, header)
    email = normalised_email(text)
    if email is None and "@" not in text:
        email = normalised_email(unquote(text))
    if email is None:
        return None, _unfilled_message(text, kind, header, "email") if holds_template(text) else None
    # Addresses may contain braces, so a template before a domain can look like an address.
    return (None, _unfilled_message(text, kind, header, "email")) if holds_template(email) else (email, None)


def _name(headers: MultiValueHeaders, kind: FrontEndKind, header: str) -> str:
    return cleaned_name(_optional_text(headers, kind, header, percent_encoded=kind is FrontEndKind.OPEN_WEBUI))


def _optional_text(
    headers: MultiValueHeaders, kind: FrontEndKind, header: str, *, percent_encoded: bool = False
) -> str:
    """The header's text, decoded as UTF-8 or else Latin-1; empty if not decodable or repeated."""
    values = headers.getlist(header)
    raw = values[0] if len(values) == 1 else ""
    if not raw or len(raw) > MAX_RAW_CHARACTERS:
        return ""
    if kind is FrontEndKind.LIBRECHAT and raw.startswith(_BASE64_START):
        try:
            return _text_of(base64.b64decode(raw.strip().removeprefix(_BASE64_START), validate=True))
        except (binascii.Error, ValueError):
            return ""
    if percent_encoded and "%" in raw:
        return _text_of(unquote_to_bytes(raw.encode("latin-1", errors="ignore")))
    return raw if raw.isascii() else _text_of(raw.encode("latin-1", errors="ignore"))


def _text_of(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _unfilled_message(value: str, kind: FrontEndKind, header: str, part: str) -> str:
    shown = value if len(value) <= 50 else f"{value[:49]}…"
    if kind is FrontEndKind.LIBRECHAT:
        cure = f'Em librechat.yaml, em headers do endpoint, a linha certa é {header}: "{_LIBRECHAT_PLACEHOLDERS[part]}"'
    else:
        cure = f"Deixe o Open WebUI enviar {header} com ENABLE_FORWARD_USER_INFO_HEADERS=true, sem valor fixo."
    printable = "".join(character for character in shown if character.isprintable())
    return f"O cabeçalho {header} chegou sem ser preenchido: {printable}. {cure}"


def _missing_message(kind: FrontEndKind, names: HeaderNames) -> str:
    start = f"Falta o cabeçalho {names.id}, que diz quem é o usuário."
    if kind is FrontEndKind.LIBRECHAT:
        return (
            f'{start} Em librechat.yaml, em headers do endpoint, inclua {names.id}: "{_LIBRECHAT_PLACEHOLDERS["id"]}"'
        )
    return f"{start} No Open WebUI, defina ENABLE_FORWARD_USER_INFO_HEADERS=true."

"""Reading the user's identity out of a front end's headers. Pure: no store, no clock.

LibreChat sends Latin-1 as it is and everything above U+00FF as `b64:` and Base64 of the UTF-8; Open WebUI percent-encodes names.
Placeholders that were not resolved arrive literally, and would make one account of all users: they are refused.
"""

import base64
import binascii
import unicodedata
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import unquote

from solaris.accounts.addresses import normalised_email
from solaris.accounts.errors import IdentityMissing
from solaris.accounts.front_end import FrontEndKind, HeaderNames
from solaris.domain.errors import InvalidInput, UnresolvedPlaceholder

MOST_ID_CHARACTERS = 200
MOST_NAME_CHARACTERS = 200
MOST_RAW_CHARACTERS = 2000
_BASE64_START = "b64:"
_PLACEHOLDER_STARTS = ("{{", "${")
_REFUSED_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})
_LIBRECHAT_PLACEHOLDERS = {
    "id": "{{LIBRECHAT_USER_ID}}",
    "email": "{{LIBRECHAT_USER_EMAIL}}",
    "name": "{{LIBRECHAT_USER_NAME}}",
}


class ManyHeaders(Protocol):
    """What we need of Starlette's headers: names without regard to case, every value of a name, decoded as Latin-1."""

    def getlist(self, key: str) -> list[str]:
        """All values sent under the name."""


@dataclass(frozen=True, slots=True)
class ExternalIdentity:
    """A user as a front end names him. `email` is None where none was sent, or no address."""

    external_id: str
    email: str | None
    name: str


def read_identity(headers: ManyHeaders, kind: FrontEndKind, names: HeaderNames) -> ExternalIdentity:
    """The identity in these headers.

    Raises:
        IdentityMissing: the id header is absent or empty.
        UnresolvedPlaceholder: a value still holds a template; the message shows the right line.
        InvalidInput: a header came twice, holds control characters, can't be decoded, or is too long.
    """
    external_id = _value(headers, kind, names, "id")
    if not external_id:
        raise IdentityMissing(_missing_message(kind, names), param=names.id)
    if len(external_id) > MOST_ID_CHARACTERS:
        raise InvalidInput(
            f"O cabeçalho {names.id} tem mais de {MOST_ID_CHARACTERS} caracteres. Envie o identificador do usuário.",
            param=names.id,
        )
    email = normalised_email(_value(headers, kind, names, "email"))
    name = _value(headers, kind, names, "name")[:MOST_NAME_CHARACTERS].strip()
    return ExternalIdentity(external_id, email, name)


def holds_placeholder(value: str) -> bool:
    """Whether a template was sent where its value belongs."""
    return any(start in value for start in _PLACEHOLDER_STARTS)


def _value(headers: ManyHeaders, kind: FrontEndKind, names: HeaderNames, part: str) -> str:
    header = str(getattr(names, part))
    values = headers.getlist(header)
    if len(values) > 1:
        raise InvalidInput(f"O cabeçalho {header} veio mais de uma vez. Envie um valor só.", param=header)
    raw = values[0].strip() if values else ""
    if len(raw) > MOST_RAW_CHARACTERS:
        raise InvalidInput(f"O cabeçalho {header} é longo demais.", param=header)
    _refuse_placeholder(raw, kind, header, part)
    value = _decoded(raw, kind, header, part).strip()
    _refuse_placeholder(value, kind, header, part)
    if any(unicodedata.category(character) in _REFUSED_CATEGORIES for character in value):
        raise InvalidInput(f"O cabeçalho {header} contém caracteres de controle, que não são aceitos.", param=header)
    return value


def _decoded(raw: str, kind: FrontEndKind, header: str, part: str) -> str:
    try:
        if kind is FrontEndKind.LIBRECHAT and raw.startswith(_BASE64_START):
            return base64.b64decode(raw.removeprefix(_BASE64_START), validate=True).decode()
        if kind is FrontEndKind.OPEN_WEBUI and part == "name":
            return unquote(raw, errors="strict")
    except (binascii.Error, ValueError) as error:
        raise InvalidInput(
            f"O cabeçalho {header} não pôde ser decodificado. Envie texto em UTF-8.", param=header
        ) from error
    return raw


def _refuse_placeholder(value: str, kind: FrontEndKind, header: str, part: str) -> None:
    if not holds_placeholder(value):
        return
    shown = value if len(value) <= 50 else f"{value[:49]}…"
    if kind is FrontEndKind.LIBRECHAT:
        cure = f'Em librechat.yaml, em headers do endpoint, a linha certa é {header}: "{_LIBRECHAT_PLACEHOLDERS[part]}"'
    else:
        cure = f"Deixe o Open WebUI enviar {header} com ENABLE_FORWARD_USER_INFO_HEADERS=true, sem valor fixo."
    printable = "".join(character for character in shown if character.isprintable())
    raise UnresolvedPlaceholder(f"O cabeçalho {header} chegou sem ser preenchido: {printable}. {cure}", param=header)


def _missing_message(kind: FrontEndKind, names: HeaderNames) -> str:
    start = f"Falta o cabeçalho {names.id}, que diz quem é o usuário."
    if kind is FrontEndKind.LIBRECHAT:
        return (
            f'{start} Em librechat.yaml, em headers do endpoint, inclua {names.id}: "{_LIBRECHAT_PLACEHOLDERS["id"]}"'
        )
    return f"{start} No Open WebUI, defina ENABLE_FORWARD_USER_INFO_HEADERS=true."

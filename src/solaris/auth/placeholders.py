"""Recognises values that are sent as a user's id but name no user.

Such values are unfilled templates and words for "no value". They are the same for all users of a
chat server, so all users would share one account.
"""

import re
import string
import unicodedata
from urllib.parse import unquote

# The usual forms of ids: ObjectIds, UUIDs, numbers, e-mail addresses, names. Checked on every call.
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@+-]*")
# Whole values, case-insensitive: what languages and template engines print for a missing value.
_NO_VALUE = frozenset(
    {
        "undefined", "null", "none", "nil", "nan", "true", "false", "n/a", "#n/a", "(null)", "(nil)", "(none)",
        "(undefined)", "[null]", "[undefined]", "[none]", "object object", "%s", "%d", "%i", "%u", "%v", "%@",
    }
)  # fmt: skip
# Whole values, case-insensitive: names of variables, sent instead of their values.
_BARE_NAMES = frozenset(
    {
        "librechat_user_id", "librechat_userid", "librechat_user_email", "librechat_user_name", "librechat_user_username",
        "user_id", "userid", "user-id", "user.id", "your_user_id", "your-user-id", "x-librechat-user-id",
        "x-openwebui-user-id",
    }
)  # fmt: skip
_NO_NAME = frozenset({"undefined", "null", "none", "(null)"})
# Anywhere in a value: JavaScript, Jinja, shells, Ruby, and JavaScript objects printed as text.
_TEMPLATE_STARTS = ("{{", "${", "#{", "{%", "<%", "$(", "%!", "[object ")
_IDENTIFIER = r"[A-Za-z_][\w.]*(?:-[A-Za-z_][\w.]*)*"
# Anywhere: {user_id}; the whole value: {0}, <no value>, $USER_ID, %USER_ID%, %(user_id)s.
_IN_BRACES = re.compile(r"\{\s*(" + _IDENTIFIER + r")\s*\}", re.ASCII)
_WHOLE_TEMPLATE = re.compile(r"\{\d{0,2}\}|%\([^)]*\)[a-z]?|%" + _IDENTIFIER + r"%", re.ASCII)
_IN_ANGLES = re.compile(r"<([^<>@]*)>")
_NAMED = re.compile(r"(?:\$(?:env:)?|:)(" + _IDENTIFIER + r")", re.ASCII)
_SHELL_VARIABLE = re.compile(r"\$[A-Z_][A-Z0-9_]+", re.ASCII)
_BARE_ID = re.compile(r"[0-9A-Fa-f-]{16,}|\d+")
_NAME_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_WORDS_OF_TEMPLATES = frozenset(
    {
        "user", "usuario", "id", "uid", "userid", "username", "name", "nome", "email", "mail", "librechat", "openwebui",
    }
)  # fmt: skip
_SIGN_OF_TEMPLATES = re.compile(r"[{$#%\[<]")
_MAX_ROUNDS_OF_PERCENT = 3
_INVISIBLE = frozenset("\u2800\u3164\u115f\u1160\uffa0")


def names_no_user(value: str) -> bool:
    """Whether a user id is an unfilled template or a word for "no value"."""
    if _PLAIN.fullmatch(value):
        lower = value.lower()
        return lower in _NO_VALUE or lower in _BARE_NAMES
    return any(_is_placeholder(form) for form in _forms(value))


def is_blank(value: str) -> bool:
    """Whether a value has no visible character: only blanks, zero-width characters, fillers."""
    return all(
        character.isspace() or character in _INVISIBLE or unicodedata.category(character) == "Cf" for character in value
    )


def holds_template(value: str) -> bool:
    """Whether a display name or an e-mail address contains an unfilled template."""
    if _SIGN_OF_TEMPLATES.search(value) is None:
        return False
    return any(
        any(start in form for start in _TEMPLATE_STARTS) or any(map(_names_a_user_field, _IN_BRACES.findall(form)))
        for form in _with_percents_decoded(value)
    )


def is_no_name(value: str) -> bool:
    """Whether a display name contains a template, or is a word for "no value"."""
    return value.lower() in _NO_NAME or holds_template(value) or _named(value)


def _is_placeholder(value: str) -> bool:
    lower = value.lower()
    return (
        lower in _NO_VALUE
        or lower in _BARE_NAMES
        or any(start in lower for start in _TEMPLATE_STARTS)
        or all(character in string.punctuation or character.isspace() for character in value)
        or _braced_names(value)
        or _WHOLE_TEMPLATE.fullmatch(value) is not None
        or _SHELL_VARIABLE.fullmatch(value) is not None
        or _angled(value)
        or _named(value)
    )


def _forms(value: str) -> set[str]:
    """Variants of the value: percent-decoded, as UTF-8, without invisible characters and quotes."""
    forms = set()
    for form in _with_percents_decoded(value):
        folded = unicodedata.normalize("NFKC", _as_utf8(form))
        seen = "".join(
            character for character in folded if unicodedata.category(character) != "Cf" and character not in _INVISIBLE
        ).strip()
        forms |= {seen, seen.strip("\"'`“”‘’").strip()}
    return forms


def _with_percents_decoded(value: str) -> list[str]:
    forms = [value]
    while len(forms) <= _MAX_ROUNDS_OF_PERCENT and (decoded := unquote(forms[-1])) != forms[-1]:
        forms.append(decoded)
    return forms


def _as_utf8(value: str) -> str:
    # Servers decode header bytes as Latin-1, whatever their encoding is.
    try:
        return value.encode("latin-1").decode()
    except UnicodeError:
        return value


def _braced_names(value: str) -> bool:
    # Some systems write UUIDs in braces.
    return any(_BARE_ID.fullmatch(found) is None for found in _IN_BRACES.findall(value))


def _angled(value: str) -> bool:
    found = _IN_ANGLES.fullmatch(value)
    return found is not None and _BARE_ID.fullmatch(found[1]) is None


def _named(value: str) -> bool:
    found = _NAMED.fullmatch(value)
    return found is not None and _names_a_user_field(found[1])


def _names_a_user_field(identifier: str) -> bool:
    return any(part.lower() in _WORDS_OF_TEMPLATES for part in _NAME_PARTS.findall(identifier))

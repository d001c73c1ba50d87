"""What front ends put into headers, decoded as they encode it, and refused where it is no identity."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import jwt
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from solaris.auth.email_addresses import normalised_email
from solaris.auth.errors import IdentityMissing, IdentityNotProven
from solaris.auth.front_end import DEFAULT_HEADER_NAMES, FrontEndKind
from solaris.auth.identity_headers import MAX_ID_CHARACTERS, MAX_NAME_CHARACTERS, ExternalIdentity, read_identity
from solaris.auth.placeholders import is_no_name
from solaris.auth.signed_identity import HEADER, read_signed_identity
from solaris.domain.errors import InvalidInput, UnresolvedPlaceholder

LIBRECHAT = FrontEndKind.LIBRECHAT
OPEN_WEBUI = FrontEndKind.OPEN_WEBUI
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECRET = "a shared secret of thirty-two bytes and more"
printable = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=60)


def headers_of(kind: FrontEndKind, **values: str | bytes) -> Headers:
    names = DEFAULT_HEADER_NAMES[kind]
    raw = []
    for part, value in values.items():
        data = value if isinstance(value, bytes) else value.encode("latin-1")
        raw.append((getattr(names, part).lower().encode(), data))
    return Headers(raw=raw)


def read(kind: FrontEndKind, **values: str | bytes) -> ExternalIdentity:
    return read_identity(headers_of(kind, **values), kind, DEFAULT_HEADER_NAMES[kind])


def as_librechat_sends(text: str) -> bytes:
    """Latin-1 as it is; with anything above U+00FF, `b64:` and Base64."""
    if all(ord(character) <= 0xFF for character in text):
        return text.encode("latin-1")
    return b"b64:" + base64.b64encode(text.encode())


def reads_as_utf8(name: str) -> bool:
    """Whether a name sent as Latin-1 is also other text in UTF-8, which is read first."""
    try:
        return not name.isascii() and name.encode("latin-1").decode() != name
    except UnicodeError:
        return False


@given(printable)
def test_a_name_that_librechat_sends_arrives_as_it_was_typed(name):
    assume(not name.startswith("b64:") and not is_no_name(name) and not reads_as_utf8(name))
    assert read(LIBRECHAT, id="u1", name=as_librechat_sends(name)).name == name


@given(printable)
def test_a_name_that_open_webui_sends_arrives_as_it_was_typed(name):
    assume(not is_no_name(name))
    assert read(OPEN_WEBUI, id="u1", name=quote(name, safe=" ")).name == name


@given(st.binary(max_size=300), st.binary(max_size=300), st.binary(max_size=300), st.sampled_from(FrontEndKind))
def test_any_bytes_give_a_bounded_identity_or_a_refusal(external_id, email, name, kind):
    try:
        identity = read(kind, id=external_id, email=email, name=name)
    except (IdentityMissing, InvalidInput):
        return
    assert 1 <= len(identity.external_id) <= MAX_ID_CHARACTERS
    assert len(identity.name) <= MAX_NAME_CHARACTERS
    assert not any(ord(character) < 32 for character in identity.external_id + identity.name)
    assert identity.email is None or identity.email == normalised_email(identity.email)


def test_librechats_three_headers_make_an_identity():
    identity = read(LIBRECHAT, id="66f1c0ffee", email=" Maria@Empresa.COM.br ", name="João da Silva")
    assert identity == ExternalIdentity("66f1c0ffee", "maria@empresa.com.br", "João da Silva")


@pytest.mark.parametrize(
    ("part", "value", "line"),
    [
        ("id", "{{LIBRECHAT_USER_ID}}", 'X-Librechat-User-Id: "{{LIBRECHAT_USER_ID}}"'),
        ("id", "{{LIBRECHAT_USERID}}", 'X-Librechat-User-Id: "{{LIBRECHAT_USER_ID}}"'),
        ("id", "user-{{id}}", 'X-Librechat-User-Id: "{{LIBRECHAT_USER_ID}}"'),
        ("id", "${USER_ID}", 'X-Librechat-User-Id: "{{LIBRECHAT_USER_ID}}"'),
        ("id", b"b64:" + base64.b64encode("{{USUÁRIO_Ω}}".encode()), 'X-Librechat-User-Id: "{{LIBRECHAT_USER_ID}}"'),
    ],
)
def test_a_placeholder_that_was_not_filled_in_is_refused_with_the_right_line(part, value, line):
    with pytest.raises(UnresolvedPlaceholder) as caught:
        read(LIBRECHAT, **{"id": "u1", part: value})
    assert "librechat.yaml" in caught.value.message
    assert line in caught.value.message
    assert "\n" not in caught.value.message
    assert len(caught.value.message) <= 240


NAMES_NO_USER = [
    "undefined", "UNDEFINED", "null", "Null", "NULL", "None", "none", "nil", "NaN", "nan", "true", "False", "(null)", "<null>",
    "[object Object]", "[object Undefined]", "user-[object Object]", "object Object", "<no value>", "<nil>", "<none>", "n/a",
    "$LIBRECHAT_USER_ID", "$USER_ID", "$user_id", "$userId", "$env:USER_ID", "$(USER_ID)", "${USER_ID}", "#{user.id}",
    "{LIBRECHAT_USER_ID}", "{user_id}", "{userId}", "{ user.id }", "{id}", "{0}", "{}", "chat-{user_id}", "{user-id}",
    "%7B%7BLIBRECHAT_USER_ID%7D%7D", "%7b%7bLIBRECHAT_USER_ID%7d%7d", "%257B%257BLIBRECHAT_USER_ID%257D%257D", "%24%7BUSER_ID%7D",
    "%7BLIBRECHAT_USER_ID%7D", "%3Cno%20value%3E", "%20", "%s", "%d", "%v", "%@", "%!s(<nil>)", "%USER_ID%", "%(user_id)s",
    "<user_id>", "<USER_ID>", "<id do usuário>", "<%= user.id %>", "{% user %}", ":user_id", ":id", ":userId", '"undefined"',
    "'null'", '""', "''", "-", "[]", "???", "LIBRECHAT_USER_ID", "librechat_user_id", "user_id", "userId", "USER_ID",
    b"undefined\xe2\x80\x8b", b"\xc2\xa0undefined", b"\xef\xbd\x8e\xef\xbd\x95\xef\xbd\x8c\xef\xbd\x8c", b"\xc2\xa0",
    b"\xe2\x80\x8b",
    b"\xe3\x80\x80", b"\xe2\xa0\x80", b"\xe3\x85\xa4", b"b64:" + base64.b64encode(b"undefined"),
]  # fmt: skip


@pytest.mark.parametrize("value", NAMES_NO_USER, ids=repr)
@pytest.mark.parametrize("kind", FrontEndKind)
def test_an_id_that_is_the_same_for_every_user_is_refused_and_the_message_names_the_mistake(kind, value):
    if kind is OPEN_WEBUI and isinstance(value, bytes) and value.startswith(b"b64:"):
        return
    with pytest.raises(UnresolvedPlaceholder) as caught:
        read(kind, id=value)
    message = caught.value.message
    assert "User-Id chegou sem ser preenchido" in message
    line = 'a linha certa é X-Librechat-User-Id: "{{LIBRECHAT_USER_ID}}"'
    assert (line if kind is LIBRECHAT else "ENABLE_FORWARD_USER_INFO_HEADERS=true") in message
    assert "\n" not in message
    assert len(message) <= 240


@pytest.mark.parametrize(
    "value",
    [
        "66f1c0ffee66f1c0ffee1234", "550e8400-e29b-41d4-a716-446655440000", "{a50e8400-e29b-41d4-a716-446655440000}", "0",
        "1", "42",
        "ana@empresa.com.br", "ana+chat@empresa.com.br", "null@null.com", "undefined@empresa.com", "Nulla", "Nonemaker", "Nilton",
        "Nilo", "nanda", "Trueman", "nullius", "undefinedx", "none-of-us", "user-17", "user_1", "id7", "user", "admin", "João",
        "ana maria", "Ana <ana@empresa.com>", "auth0|66f1c0", "google-oauth2|1087", "cn=Ana,ou=RH,dc=empresa", "EMPRESA\\ana",
        "ana:rh", "100%", "50%off", "R$5", "a$b", "#42", "@ana:matrix.org", "x{1}y", '{"id":"ana"}', "o'hara", "[ana]",
        "(ana)", "é",
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", FrontEndKind)
def test_a_real_id_is_taken_as_it_came(kind, value):
    assert read(kind, id=value).external_id == value


@given(st.one_of(st.uuids().map(str), st.emails(domains=st.just("empresa.com.br")), st.integers(0).map(str),
                 st.binary(min_size=12, max_size=12).map(bytes.hex)))  # fmt: skip
def test_ids_that_databases_make_are_taken(value):
    assume(len(value) <= MAX_ID_CHARACTERS)
    assume("{" not in value and "$" not in value and "#" not in value and "%" not in value)
    assert read(LIBRECHAT, id=value).external_id == value


def test_ids_whose_last_letters_differ_only_in_utf8s_second_byte_stay_apart():
    assert read(LIBRECHAT, id="olà".encode()).external_id != read(LIBRECHAT, id="olÅ".encode()).external_id


@pytest.mark.parametrize(
    ("kind", "sent", "name"),
    [
        (LIBRECHAT, "João Olà".encode(), "João Olà"),
        (LIBRECHAT, "João".encode("latin-1"), "João"),
        (LIBRECHAT, "Ångström Å".encode(), "Ångström Å"),
        (LIBRECHAT, b"b64:" + base64.b64encode("Γιώργος".encode()), "Γιώργος"),
        (LIBRECHAT, b"b64:" + base64.b64encode("João".encode("latin-1")), "João"),
        (LIBRECHAT, b"b64:%%%", ""),
        (LIBRECHAT, b"Ana\x01 \x7fMaria\tSilva", "Ana MariaSilva"),
        (LIBRECHAT, b"\x00\x01", ""),
        (LIBRECHAT, b"\xe2\x80\x8b", ""),
        (LIBRECHAT, b"{{LIBRECHAT_USER_NAME}}", ""),
        (LIBRECHAT, b"{LIBRECHAT_USER_NAME}", ""),
        (LIBRECHAT, b"%7B%7BLIBRECHAT_USER_NAME%7D%7D", ""),
        (LIBRECHAT, b"$LIBRECHAT_USER_NAME", ""),
        (LIBRECHAT, b"undefined", ""),
        (LIBRECHAT, b"x" * 2001, ""),
        (LIBRECHAT, b"x" * 300, "x" * 200),
        (LIBRECHAT, b"", ""),
        (LIBRECHAT, b"Nulla Nilton {Jota} <3 100%", "Nulla Nilton {Jota} <3 100%"),
        (OPEN_WEBUI, b"Jo%C3%A3o", "João"),
        (OPEN_WEBUI, b"Jo%E3o", "João"),
        (OPEN_WEBUI, "João".encode(), "João"),
        (OPEN_WEBUI, b"%ff%fe", "ÿþ"),
        (OPEN_WEBUI, b"a%0Ab", "ab"),
        (OPEN_WEBUI, b"100% Ana", "100% Ana"),
    ],
)
def test_a_display_name_never_refuses_a_call(kind, sent, name):
    assert read(kind, id="u1", name=sent) == ExternalIdentity("u1", None, name)


@pytest.mark.parametrize("part", ["name", "email"])
def test_a_name_or_address_that_comes_twice_is_none(part):
    names = DEFAULT_HEADER_NAMES[LIBRECHAT]
    header = getattr(names, part).lower().encode()
    headers = Headers(raw=[(names.id.lower().encode(), b"u1"), (header, b"a@b.com"), (header, b"c@d.com")])
    assert read_identity(headers, LIBRECHAT, names) == ExternalIdentity("u1", None, "")


@pytest.mark.parametrize(
    "sent", [b"x" * 5000, b"\xff\xfe", b"ana@b.com\x01", b"b64:%%%", b"undefined", "ána@b.com".encode()]
)
def test_an_address_that_can_not_be_read_is_none(sent):
    assert read(LIBRECHAT, id="u1", email=sent) == ExternalIdentity("u1", None, "")


def test_an_address_with_a_percent_encoded_sign_is_read():
    assert read(OPEN_WEBUI, id="u1", email="ana%40b.com").email == "ana@b.com"


@pytest.mark.parametrize(
    "sent", ["{{LIBRECHAT_USER_MAIL}}", "%7B%7BUSER_EMAIL%7D%7D", "{user_email}", "{{email}}@b.com"]
)
def test_a_template_in_the_address_is_no_address_and_the_right_line_is_kept_for_who_needs_it(sent):
    identity = read(LIBRECHAT, id="u1", email=sent)
    assert identity.email is None
    assert identity.unfilled_email is not None
    assert 'X-Librechat-User-Email: "{{LIBRECHAT_USER_EMAIL}}"' in identity.unfilled_email


def test_open_webuis_placeholder_names_its_own_cure():
    with pytest.raises(UnresolvedPlaceholder, match="ENABLE_FORWARD_USER_INFO_HEADERS=true"):
        read(OPEN_WEBUI, id="{{USER_ID}}")


@pytest.mark.parametrize("values", [{}, {"id": ""}, {"id": "   "}, {"id": b"b64:"}, {"email": "a@b.com"}])
def test_without_an_id_the_message_names_the_header_that_is_missing(values):
    with pytest.raises(IdentityMissing, match="X-Librechat-User-Id"):
        read(LIBRECHAT, **values)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (LIBRECHAT, {"id": "x" * 201}),
        (LIBRECHAT, {"id": "x" * 5000}),
        (LIBRECHAT, {"id": "a\x01b"}),
        (LIBRECHAT, {"id": "a\tb"}),
        (LIBRECHAT, {"id": b"b64:" + base64.b64encode(b"a\x00b")}),
        (LIBRECHAT, {"id": "b64:%%%"}),
        (LIBRECHAT, {"id": b"b64:" + base64.b64encode(b"\xff\xfe")}),
        (OPEN_WEBUI, {"id": b"a\xc2\x80b"}),
    ],
)
def test_what_can_not_be_an_identity_is_refused(kind, values):
    with pytest.raises(InvalidInput):
        read(kind, **values)


def test_a_header_that_comes_twice_is_refused():
    header = b"x-librechat-user-id"
    with pytest.raises(InvalidInput, match="mais de uma vez"):
        read_identity(Headers(raw=[(header, b"a"), (header, b"b")]), LIBRECHAT, DEFAULT_HEADER_NAMES[LIBRECHAT])


def test_an_address_that_is_none_is_no_reason_to_refuse_the_user():
    assert read(LIBRECHAT, id="u1", email="n/a").email is None


@pytest.mark.parametrize(
    "text",
    ["a", "@b.com", "a@b", "a b@c.com", "á@b.com", "a@b..com", "a@-b.com", "a@b.com\n@", f"{'a' * 65}@b.com", ""],
)
def test_what_is_no_address_is_none(text):
    assert normalised_email(text) is None


def signed(**changes: Any) -> str:
    claims = {"sub": "u1", "email": "Ana@Empresa.com", "name": "Ana", "role": "admin", "iss": "open-webui",
              "exp": int((NOW + timedelta(minutes=5)).timestamp()), **changes}  # fmt: skip
    return jwt.encode({key: value for key, value in claims.items() if value is not None}, SECRET, algorithm="HS256")


def read_signed(*tokens: str, secret: str = SECRET) -> ExternalIdentity:
    headers = Headers(raw=[(HEADER.lower().encode(), token.encode()) for token in tokens])
    return read_signed_identity(headers, secret, lambda: NOW)


def test_a_missing_signed_identity_names_both_of_open_webuis_switches():
    with pytest.raises(IdentityNotProven) as refused:
        read_signed()
    assert "ENABLE_FORWARD_USER_INFO_HEADERS=true" in refused.value.message
    assert "FORWARD_USER_INFO_HEADER_JWT_SECRET" in refused.value.message


def test_open_webuis_signed_identity_is_read():
    assert read_signed(signed()) == ExternalIdentity("u1", "ana@empresa.com", "Ana")


@pytest.mark.parametrize(
    "token",
    [
        signed(exp=int((NOW - timedelta(minutes=1)).timestamp())),
        signed(exp=None),
        signed(exp="soon"),
        signed(exp=float("nan")),
        signed(iss="somebody"),
        signed(iss=None),
        signed(sub=None),
        signed(sub=""),
        signed(sub="x" * 201),
        jwt.encode({"sub": "u1", "iss": "open-webui", "exp": 2e9}, "another secret of thirty-two bytes ok", algorithm="HS256"),
        jwt.encode({"sub": "u1", "iss": "open-webui", "exp": 2e9}, None, algorithm="none"),
        jwt.encode({"sub": "u1", "iss": "open-webui", "exp": 2e9}, SECRET * 2, algorithm="HS512"),
        "not.a.token",
        "",
        "x" * 9000,
    ],
)  # fmt: skip
def test_a_signed_identity_that_proves_nothing_is_refused(token):
    with pytest.raises(IdentityNotProven):
        read_signed(token)


@pytest.mark.parametrize(
    "sub", ["{{USER_ID}}", "a{{", "${USER_ID}", "undefined", "None", "[object Object]", "{user_id}"]
)
def test_a_template_in_a_signed_identity_would_make_one_account_of_all_users_and_is_refused(sub):
    with pytest.raises(UnresolvedPlaceholder):
        read_signed(signed(sub=sub))


def test_strict_mode_needs_exactly_one_signed_identity():
    with pytest.raises(IdentityNotProven):
        read_signed()
    with pytest.raises(IdentityNotProven):
        read_signed(signed(), signed())


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_an_empty_secret_proves_nothing():
    with pytest.raises(IdentityNotProven):
        read_signed(jwt.encode({"sub": "u1", "iss": "open-webui", "exp": 2e9}, "x", algorithm="HS256"), secret="")

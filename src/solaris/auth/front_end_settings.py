"""Builds the settings to paste into a chat server."""

from solaris.auth.front_end import FrontEnd, FrontEndKind

KEY_PLACEHOLDER = "COLE_AQUI_A_CHAVE"
SECRET_PLACEHOLDER = "COLE_AQUI_O_SEGREDO"  # noqa: S105 - stands where a secret goes


def settings_block(front_end: FrontEnd, public_url: str, *, key: str | None = None, secret: str | None = None) -> str:
    """Settings for librechat.yaml or Open WebUI's environment.

    Without `key` and `secret` the settings contain placeholders.
    """
    if front_end.kind is FrontEndKind.LIBRECHAT:
        return _librechat(front_end, public_url, key or KEY_PLACEHOLDER)
    needs_secret = front_end.signing_secret is not None
    return _open_webui(public_url, key or KEY_PLACEHOLDER, (secret or SECRET_PLACEHOLDER) if needs_secret else None)


def _librechat(front_end: FrontEnd, public_url: str, key: str) -> str:
    headers = front_end.headers
    return f"""\
# .env do LibreChat
SOLARIS_FRONT_END_KEY={key}

# librechat.yaml
endpoints:
  custom:
    - name: "IA SOLARIS"
      apiKey: "${{SOLARIS_FRONT_END_KEY}}"
      baseURL: "{public_url}/v1"
      headers:
        {headers.id}: "{{{{LIBRECHAT_USER_ID}}}}"
        {headers.email}: "{{{{LIBRECHAT_USER_EMAIL}}}}"
        {headers.name}: "{{{{LIBRECHAT_USER_NAME}}}}"
      models:
        default: ["gpt-4"]
        fetch: true
      titleConvo: true
      titleModel: "current_model"
"""


def _open_webui(public_url: str, key: str, secret: str | None) -> str:
    lines = [
        "# variáveis de ambiente do Open WebUI",
        f"OPENAI_API_BASE_URL={public_url}/v1",
        f"OPENAI_API_KEY={key}",
        "ENABLE_FORWARD_USER_INFO_HEADERS=true",
    ]
    if secret is not None:
        lines.append(f"FORWARD_USER_INFO_HEADER_JWT_SECRET={secret}")
    return "\n".join(lines) + "\n"

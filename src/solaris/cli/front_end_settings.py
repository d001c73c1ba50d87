"""What to paste into a chat server's own settings, with the key shown once."""

from solaris.accounts.front_end import FrontEndKind
from solaris.accounts.front_ends import FrontEndKey


def settings_for(created: FrontEndKey, public_url: str) -> str:
    """The key, and a block for librechat.yaml or Open WebUI's environment that is right as it stands."""
    block = (
        _librechat(created, public_url)
        if created.front_end.kind is FrontEndKind.LIBRECHAT
        else _open_webui(created, public_url)
    )
    return f"key of {created.front_end.name} (shown once): {created.key}\n\n{block}"


def _librechat(created: FrontEndKey, public_url: str) -> str:
    headers = created.front_end.headers
    return f"""\
# .env of LibreChat
SOLARIS_FRONT_END_KEY={created.key}

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


def _open_webui(created: FrontEndKey, public_url: str) -> str:
    lines = [
        "# environment of Open WebUI",
        f"OPENAI_API_BASE_URL={public_url}/v1",
        f"OPENAI_API_KEY={created.key}",
        "ENABLE_FORWARD_USER_INFO_HEADERS=true",
    ]
    if created.front_end.signing_secret:
        lines.append(f"FORWARD_USER_INFO_HEADER_JWT_SECRET={created.front_end.signing_secret}")
    return "\n".join(lines) + "\n"

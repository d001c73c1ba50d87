"""Prints a new front-end key, with the settings to paste into the chat server's configuration."""

from solaris.auth.front_end_settings import settings_block
from solaris.auth.front_ends import FrontEndKey


def settings_for(created: FrontEndKey, public_url: str) -> str:
    """The key, shown once, and the settings for librechat.yaml or Open WebUI's environment."""
    front_end = created.front_end
    block = settings_block(front_end, public_url, key=created.key, secret=front_end.signing_secret)
    return f"key of {front_end.name} (shown once): {created.key}\n\n{block}"

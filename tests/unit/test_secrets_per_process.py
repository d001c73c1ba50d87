"""Each process knows the secrets that it needs, and no others (SPEC 6)."""

from pathlib import Path

import pytest

from solaris.apps.admin import build_admin
from solaris.apps.proxy import build_proxy
from solaris.local.children import Stores, child_environment
from solaris.local.state import Secrets
from solaris.platform.settings import Settings, SettingsError, load_settings

LONG = "a secret of the tests, thirty-two bytes long"
STORES = Stores("postgresql://u:p@127.0.0.1:9/x", None)


@pytest.fixture(autouse=True)
def provider_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-openai")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-anthropic")


def in_production(**more: object) -> Settings:
    return load_settings(
        _env_file=None, solaris_env="production", database_url=STORES.database_url, jwt_secret=LONG, **more
    )


@pytest.mark.parametrize("given", [None, "sk-given"])
@pytest.mark.parametrize("name", ["proxy", "admin", "worker", "demo"])
def test_the_proxy_alone_is_told_litellms_key_and_nobody_the_providers(
    name: str, given: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if given is not None:
        monkeypatch.setenv("LITELLM_API_KEY", given)
    secrets = Secrets.generate()
    told = child_environment(name, load_settings(_env_file=None), secrets, Path("state"), STORES, "http://127.0.0.1:9")
    assert told["LITELLM_API_KEY"] == ((given or secrets.litellm_api_key) if name == "proxy" else "")
    assert (told["OPENAI_API_KEY"], told["ANTHROPIC_API_KEY"]) == ("", "")
    assert told["JWT_SECRET"] == secrets.jwt_secret


def test_what_is_blank_in_the_environment_is_not_read_from_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("LITELLM_API_KEY=sk-from-the-file\n")
    monkeypatch.setenv("LITELLM_API_KEY", "")
    assert load_settings(_env_file=tmp_path / ".env").litellm_api_key is None


def test_in_production_the_proxy_asks_for_litellms_key_and_admin_does_without() -> None:
    build_admin(in_production())
    build_proxy(in_production(litellm_api_key="sk-" + LONG))
    with pytest.raises(SettingsError, match="LITELLM_API_KEY is required in production"):
        build_proxy(in_production())
    with pytest.raises(SettingsError, match="default secret"):
        in_production(litellm_api_key="sk-litellm-key")

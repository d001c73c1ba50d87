"""Wrong values stop the start with one line that names the variable and shows a right value, never the wrong one."""

import pytest

from solaris.platform.settings import SettingsError, load_settings


@pytest.mark.parametrize(
    ("variable", "value"),
    [("STRIPE_SECRET_KEY", "pk_live_given-by-mistake"), ("STRIPE_WEBHOOK_SECRET", "sk_live_given-by-mistake")],
)
def test_a_stripe_key_in_the_wrong_variable_stops_the_start(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)

    with pytest.raises(SettingsError) as refused:
        load_settings(_env_file=None)

    message = str(refused.value)
    assert message.startswith(f"{variable} is wrong")
    assert "a right value" in message
    assert "given-by-mistake" not in message
    assert "\n" not in message


def test_stripes_own_forms_of_keys_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIPE_SECRET_KEY", "rk_live_restricted")
    monkeypatch.setenv("STRIPE_WEBHOOK_SECRET", "whsec_abc")

    assert load_settings(_env_file=None).stripe_secret_key is not None


def test_denied_fields_are_names_with_dots_that_metering_does_not_need() -> None:
    settings = load_settings(
        _env_file=None, solaris_denied_fields="provider, plugins ,chat_template_kwargs.enable_thinking"
    )
    assert settings.denied_fields == ("provider", "plugins", "chat_template_kwargs.enable_thinking")
    assert load_settings(_env_file=None).denied_fields == ()
    for wrong in ("model", "a,max_tokens", "metadata.user_id", "a..b", "a.b.c.d.e", "a b", "stream_options"):
        with pytest.raises(SettingsError, match="SOLARIS_DENIED_FIELDS"):
            load_settings(_env_file=None, solaris_denied_fields=wrong)

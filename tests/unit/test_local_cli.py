"""What the command line decides by itself: demo data or not, known failures, passwords off the command line."""

import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from typer.testing import CliRunner

from solaris.cli.main import build_app, known_failure
from solaris.cli.stores import without_password
from solaris.cli.up import command_name, wants_demo
from solaris.domain.errors import StoreUnavailable
from solaris.platform.logs import readable_line
from solaris.platform.settings import load_settings

_LONG = "x" * 40


@pytest.mark.parametrize(
    ("given", "asked", "wanted"),
    [
        ({}, None, True),
        ({}, False, False),
        ({"solaris_demo_data": False}, None, False),
        ({"solaris_demo_data": False}, True, True),
        ({"database_url": "postgresql://u:p@db/x"}, None, False),
        ({"database_url": "postgresql://u:p@db/x", "solaris_demo_data": True}, None, True),
        ({"database_url": "postgresql://u:p@db/x"}, True, True),
        (
            {
                "database_url": "postgresql://u:p@db/x",
                "solaris_env": "production",
                "jwt_secret": _LONG,
                "litellm_api_key": _LONG,
            },
            None,
            False,
        ),
    ],
)
def test_demo_data_comes_by_itself_only_into_an_embedded_development_database(
    given: dict[str, object], asked: bool | None, wanted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DATABASE_URL", "SOLARIS_DEMO_DATA", "SOLARIS_ENV"):
        monkeypatch.delenv(name, raising=False)
    assert wants_demo(load_settings(_env_file=None, **given), asked) is wanted


def test_the_password_goes_off_the_url_and_is_decoded() -> None:
    place, password = without_password("postgresql://solaris:it%27s%40me@db:5433/ia_solaris?sslmode=require")
    assert place == "postgresql://solaris@db:5433/ia_solaris?sslmode=require"
    assert password == "it's@me"


def test_a_failure_with_a_name_is_one_line_and_a_mistake_of_ours_is_not_hidden() -> None:
    assert known_failure(StoreUnavailable("away\nfor now")) == "away for now"
    assert known_failure(ZeroDivisionError()) is None


def test_the_version_needs_no_command() -> None:
    shown = CliRunner().invoke(build_app(), ["--version"])
    assert (shown.exit_code, shown.output) == (0, f"solaris {version('solaris-token-control')}\n")


def test_what_up_prints_can_be_pasted_where_it_was_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / ".venv" / "bin"
    folder.mkdir(parents=True)
    program = folder / "solaris"
    program.touch(mode=0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "/nowhere")
    assert command_name(str(program)) == ".venv/bin/solaris"
    monkeypatch.chdir(folder)
    assert command_name("./solaris") == "./solaris"
    monkeypatch.chdir("/")
    monkeypatch.setenv("PATH", str(folder))
    assert command_name(str(program)) == "solaris"


def test_what_make_run_prints_names_the_command_beside_its_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / ".venv" / "bin"
    folder.mkdir(parents=True)
    module = str(tmp_path / "src" / "solaris" / "cli" / "main.py")
    monkeypatch.setattr(sys, "executable", str(folder / "python"))
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.chdir(tmp_path)
    assert command_name(module) == "solaris"
    (folder / "solaris").touch(mode=0o755)
    assert command_name(module) == ".venv/bin/solaris"


def test_lines_of_our_logs_are_readable_on_a_terminal_and_others_stay() -> None:
    line = (
        '{"timestamp":"2026-12-01T10:20:30.123Z","level":"info","service":"proxy-solaris","user_id":null,'
        '"action":"started","details":{"port":3001},"trace_id":null}'
    )
    assert readable_line(line) == "10:20:30 info  proxy-solaris started port=3001"
    for other in ("LOG:  checkpoint complete", '{"a":1}', "[]", ""):
        assert readable_line(other) == other

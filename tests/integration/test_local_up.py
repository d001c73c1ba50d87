"""`solaris up` where it must refuse: one line that names cause and cure, exit code 1, nothing left running."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from solaris.local.ports import any_free_port
from solaris.local.state import StateFolder


@pytest.fixture
def variables(tmp_path: Path, empty_database_url: str, redis_url: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    ports = {f"SOLARIS_{name}_PORT": str(any_free_port()) for name in ("PROXY", "ADMIN", "LITELLM")}
    given = {
        # Not our own LiteLLM, and stores that run already: nothing is installed or started for these tests.
        "LITELLM_URL": f"http://127.0.0.1:{any_free_port()}",
        "DATABASE_URL": empty_database_url,
        "REDIS_URL": redis_url,
        "SOLARIS_STATE_DIR": str(tmp_path / ".solaris"),
    }
    return {**kept, **ports, **given}


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def solaris(variables: dict[str, str], folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "solaris.cli.main", *arguments]
    return subprocess.run(command, env=variables, cwd=folder, capture_output=True, text=True, timeout=60)


def running_in(folder: Path) -> list[str]:
    found = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return [line for line in found.splitlines() if str(folder) in line]


def assert_refused(answer: subprocess.CompletedProcess[str], *parts: str) -> None:
    assert answer.returncode == 1
    assert len(answer.stderr.strip().splitlines()) == 1, answer.stderr
    for part in parts:
        assert part in answer.stderr


def test_a_taken_port_is_named_with_the_variable_that_moves_it(
    variables: dict[str, str], tmp_path: Path, taken_port: int
) -> None:
    variables["SOLARIS_ADMIN_PORT"] = str(taken_port)
    assert_refused(
        solaris(variables, tmp_path, "up"), f"port {taken_port} is taken", "SOLARIS_ADMIN_PORT=", str(os.getpid())
    )
    assert running_in(tmp_path) == []
    assert not (tmp_path / ".solaris" / "run.json").exists()


def test_every_taken_port_is_named_at_once(variables: dict[str, str], tmp_path: Path, taken_port: int) -> None:
    with socket.socket() as another:
        another.bind(("127.0.0.1", 0))
        another.listen()
        variables["SOLARIS_PROXY_PORT"] = str(taken_port)
        variables["SOLARIS_ADMIN_PORT"] = str(another.getsockname()[1])
        assert_refused(
            solaris(variables, tmp_path, "up"),
            f"port {taken_port} is taken",
            "SOLARIS_PROXY_PORT=",
            "SOLARIS_ADMIN_PORT=",
        )


def test_a_second_start_in_the_same_folder_names_the_first(variables: dict[str, str], tmp_path: Path) -> None:
    state = StateFolder(tmp_path / ".solaris")
    state.create()
    state.lock()
    try:
        assert_refused(solaris(variables, tmp_path, "up"), "already running", f"pid {os.getpid()}")
    finally:
        state.unlock()


@pytest.mark.parametrize(
    ("name", "url", "cause"),
    [
        ("DATABASE_URL", "postgresql://solaris:verysecret@127.0.0.1:{port}/ia_solaris", "nothing listens"),
        ("DATABASE_URL", "postgresql://solaris:verysecret@nowhere.invalid/ia_solaris", "can't be reached"),
        ("REDIS_URL", "redis://:verysecret@127.0.0.1:{port}/0", "can't be used"),
    ],
)
def test_a_given_server_that_is_not_there_is_told_without_its_password(
    variables: dict[str, str], tmp_path: Path, name: str, url: str, cause: str
) -> None:
    variables[name] = url.format(port=any_free_port())
    answer = solaris(variables, tmp_path, "up")
    assert_refused(answer, name, cause)
    assert "verysecret" not in answer.stdout + answer.stderr
    assert running_in(tmp_path) == []


async def test_a_given_database_with_a_wrong_password_or_name_is_told(
    variables: dict[str, str], tmp_path: Path, postgres_url: str
) -> None:
    wrong_name = postgres_url.rsplit("/", 1)[0] + "/no_such_database"
    variables["DATABASE_URL"] = wrong_name
    assert_refused(solaris(variables, tmp_path, "up"), "DATABASE_URL", "no_such_database")
    scheme, rest = postgres_url.split("://")
    variables["DATABASE_URL"] = f"{scheme}://solaris:verysecret@{rest.rsplit('@', 1)[1]}"
    answer = solaris(variables, tmp_path, "up")
    assert_refused(answer, "password is refused")
    assert "verysecret" not in answer.stdout + answer.stderr


async def test_psql_reaches_the_database_and_hides_the_password(
    variables: dict[str, str], tmp_path: Path, postgres_url: str
) -> None:
    variables["DATABASE_URL"] = postgres_url
    answer = solaris(variables, tmp_path, "psql", "-At", "-c", "SELECT 6 * 7")
    assert (answer.returncode, answer.stdout.strip()) == (0, "42")


def test_logs_show_the_last_lines_of_a_part(variables: dict[str, str], tmp_path: Path) -> None:
    state = StateFolder(tmp_path / ".solaris")
    state.create()
    state.log_file("proxy").write_text("one\ntwo\nthree\n")
    state.log_file("admin").write_text("four\n")
    assert solaris(variables, tmp_path, "logs", "proxy", "-n", "2").stdout == "two\nthree\n"
    assert solaris(variables, tmp_path, "logs", "-n", "1").stdout == "proxy     | three\nadmin     | four\n"
    assert_refused(solaris(variables, tmp_path, "logs", "nothing"), "there is no part named nothing")

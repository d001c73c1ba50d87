"""The state folder: private, owned by one run at a time, and the same secrets at every start."""

import json
import os
import stat
from pathlib import Path

import pytest

from solaris.local import state as state_module
from solaris.local.errors import AlreadyRunning, StateDamaged
from solaris.local.state import StateFolder
from solaris.platform.run_file import RunFileDamaged, read_run_file


@pytest.fixture
def state(tmp_path: Path) -> StateFolder:
    folder = StateFolder(tmp_path / ".solaris")
    folder.create()
    return folder


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_only_the_owner_may_look_into_the_folder_and_its_files(state: StateFolder) -> None:
    state.secrets()
    state.write_run({"proxy_url": "http://127.0.0.1:3001"})
    assert mode_of(state.path) == 0o700
    assert mode_of(state.path / "secrets.json") == 0o600
    assert mode_of(state.run_file) == 0o600
    assert mode_of(state.log_file("proxy")) == 0o600


def test_an_existing_folder_that_others_can_read_is_closed(tmp_path: Path) -> None:
    (tmp_path / ".solaris").mkdir(mode=0o755)
    StateFolder(tmp_path / ".solaris").create()
    assert mode_of(tmp_path / ".solaris") == 0o700


def test_the_secrets_are_the_same_at_every_start_and_differ_between_folders(state: StateFolder, tmp_path: Path) -> None:
    first = state.secrets()
    other = StateFolder(tmp_path / "other")
    other.create()
    assert StateFolder(state.path).secrets() == first
    assert other.secrets().jwt_secret != first.jwt_secret
    assert first.litellm_api_key.startswith("sk-")


def test_a_secret_that_an_older_version_did_not_know_is_added_and_the_others_stay(state: StateFolder) -> None:
    first = state.secrets()
    (state.path / "secrets.json").write_text(json.dumps({"jwt_secret": first.jwt_secret}))
    again = state.secrets()
    assert again.jwt_secret == first.jwt_secret
    assert again.redis_password


@pytest.mark.parametrize("content", ["{", "[]", '{"jwt_secret": 7}'])
def test_damaged_secrets_are_told_and_left_alone(state: StateFolder, content: str) -> None:
    (state.path / "secrets.json").write_text(content)
    with pytest.raises(StateDamaged, match=r"secrets\.json"):
        state.secrets()
    assert (state.path / "secrets.json").read_text() == content


def test_a_second_owner_is_refused_and_told_the_pid_of_the_first(state: StateFolder) -> None:
    state.lock()
    with pytest.raises(AlreadyRunning, match=f"pid {os.getpid()}"):
        StateFolder(state.path).lock()
    state.unlock()
    second = StateFolder(state.path)
    second.lock()
    second.unlock()


def test_run_json_is_there_only_while_it_is_published(state: StateFolder) -> None:
    assert read_run_file(state.path) is None
    state.write_run({"proxy_url": "x"})
    assert read_run_file(state.path) == {"proxy_url": "x"}
    state.remove_run()
    assert read_run_file(state.path) is None


@pytest.mark.parametrize("content", ["{", "[]", "\x00"])
def test_a_damaged_run_json_is_named_with_the_cure(state: StateFolder, content: str) -> None:
    state.run_file.write_text(content)
    with pytest.raises(RunFileDamaged, match=r"run\.json is damaged; delete it"):
        read_run_file(state.path)


def test_a_log_that_has_grown_is_rotated_at_the_next_start(state: StateFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_module, "LOG_BYTES_KEPT", 10)
    state.log_file("proxy").write_text("more than ten bytes")
    assert state.log_file("proxy").read_text() == ""
    assert state.log_path("proxy").with_suffix(".log.1").read_text() == "more than ten bytes"


def test_a_log_over_the_limit_is_cut_while_its_service_goes_on_writing(
    state: StateFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_module, "LOG_BYTES_KEPT", 4)
    monkeypatch.setattr(state_module, "LOG_BYTES_LIMIT", 8)
    with state.log_file("proxy").open("ab", buffering=0) as service:
        service.write(b"0123456789")
        state.bound_logs()
        service.write(b"after")
    assert state.log_path("proxy").read_bytes() == b"after"
    assert state.log_path("proxy").with_suffix(".log.1").read_bytes() == b"6789"

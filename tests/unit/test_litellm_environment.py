"""Environments of their own: found, built, refused. No package is fetched here."""

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from solaris.local import locked_environment
from solaris.local.locked_environment import (
    InstallationFailed,
    LockedEnvironment,
    NoPackageForPlatform,
    ensure_environment,
    is_installed,
)
from solaris.platform.resources import resource_path

EMPTY_SHA = "e3b0c44298fc1c14"


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LockedEnvironment:
    """One without packages, below a prefix of its own."""
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "prefix"))
    (tmp_path / "thing.in").write_text("")
    (tmp_path / "thing.txt").write_text("")
    return LockedEnvironment("thing", tmp_path / "thing.txt", "SOLARIS_THING_VENV")


def quiet(_line: str) -> None:
    return


def built(environment: LockedEnvironment, variables: dict[str, str] | None = None) -> Path:
    return ensure_environment(environment, quiet, variables or {})


def test_it_is_built_once_and_found_afterwards(environment, monkeypatch):
    location = built(environment)
    assert location.name == f"thing-{EMPTY_SHA[:12]}"
    assert is_installed(environment, {})
    monkeypatch.setattr(subprocess, "Popen", None)
    assert built(environment) == location


def test_an_interrupted_one_is_built_anew_and_older_ones_go(environment):
    location = built(environment)
    stamp = location / ".solaris-environment.json"
    stamp.write_text("{}")
    (location / "rest").write_text("half")
    older = location.parent / "thing-0123456789ab"
    other = location.parent / "thing-else"
    older.mkdir()
    other.mkdir()
    built(environment)
    assert json.loads(stamp.read_text())["location"] == str(location)
    assert not (location / "rest").exists()
    assert not older.exists()
    assert other.exists()


def test_two_at_once_build_it_once(environment):
    told: list[str] = []
    threads = [threading.Thread(target=ensure_environment, args=(environment, told.append, {})) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum("installing 0 packages" in line for line in told) == 1
    assert is_installed(environment, {})


def test_the_user_may_move_it_but_his_own_folder_is_never_wiped(environment, tmp_path):
    moved = tmp_path / "moved"
    assert built(environment, {"SOLARIS_THING_VENV": str(moved)}) == moved
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "thesis.txt").write_text("x")
    with pytest.raises(InstallationFailed, match="name an empty folder"):
        built(environment, {"SOLARIS_THING_VENV": str(precious)})
    assert (precious / "thesis.txt").exists()


def test_a_place_that_cannot_be_written_is_named_with_the_way_out(environment, tmp_path):
    (tmp_path / "prefix").write_text("a file where the folder should be")
    with pytest.raises(InstallationFailed, match="SOLARIS_THING_VENV=/path"):
        built(environment)


@pytest.mark.parametrize(
    ("output", "kind", "said"),
    [
        ("WARNING: NewConnectionError\nERROR: No matching distribution found for x==1", InstallationFailed, "does not answer"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", InstallationFailed, "wrong hash"),
        ("ERROR: Could not install: [Errno 28] No space left on device", InstallationFailed, "disk is full"),
        ("ERROR: No matching distribution found for xllamacpp==2", NoPackageForPlatform, "xllamacpp==2 has no build"),
        ("ERROR: strange", InstallationFailed, "strange"),
    ],
)  # fmt: skip
def test_pips_reasons_are_told_in_one_line(environment, output, kind, said):
    error = locked_environment._explained(environment, output)
    assert type(error) is kind
    assert said in str(error)
    assert "\n" not in str(error)


@pytest.mark.parametrize("name", ["litellm", "smollm2"])
def test_each_locked_package_has_a_hash_and_no_address_is_written(name):
    text = (resource_path("requirements") / f"{name}.txt").read_text()
    packages = [block for block in text.replace("\\\n", "").splitlines() if "==" in block]
    assert packages
    assert all("--hash=sha256:" in block for block in packages)
    assert "http" not in text.replace("httpcore", "").replace("httpx", "").replace("aiohttp", "").replace(
        "httptools", ""
    )

"""Virtual environments: made, found, refused, by the product and by the bootstrap. No package is fetched here."""

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from solaris.local import virtual_environment
from solaris.local.locked_environment import InstallationFailed, LockedEnvironment, ensure_environment, is_installed

EMPTY_SHA = "e3b0c44298fc1c14"
_ROOT = Path(__file__).parents[2]


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


def test_it_is_built_once_and_found_afterwards(environment: LockedEnvironment, monkeypatch: pytest.MonkeyPatch) -> None:
    location = built(environment)
    assert location.name == f"thing-{EMPTY_SHA[:12]}"
    assert is_installed(environment, {})
    monkeypatch.setattr(subprocess, "Popen", None)
    assert built(environment) == location


def test_an_interrupted_one_is_built_anew_and_older_ones_go(environment: LockedEnvironment) -> None:
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


def test_two_at_once_build_it_once(environment: LockedEnvironment) -> None:
    lines: list[str] = []
    threads = [threading.Thread(target=ensure_environment, args=(environment, lines.append, {})) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum("installing 0 packages" in line for line in lines) == 1
    assert is_installed(environment, {})


def test_the_user_may_move_it_but_their_own_folder_is_never_wiped(
    environment: LockedEnvironment, tmp_path: Path
) -> None:
    moved = tmp_path / "moved"
    assert built(environment, {"SOLARIS_THING_VENV": str(moved)}) == moved
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "thesis.txt").write_text("x")
    with pytest.raises(InstallationFailed, match="name an empty folder"):
        built(environment, {"SOLARIS_THING_VENV": str(precious)})
    assert (precious / "thesis.txt").exists()


def test_a_place_that_cannot_be_written_is_named_with_the_way_out(
    environment: LockedEnvironment, tmp_path: Path
) -> None:
    (tmp_path / "prefix").write_text("a file where the folder should be")
    with pytest.raises(InstallationFailed, match="SOLARIS_THING_VENV=/path"):
        built(environment)


def test_a_package_that_pip_refuses_is_one_line_and_the_environment_counts_as_missing(
    environment: LockedEnvironment, tmp_path: Path
) -> None:
    package = tmp_path / "thing-1-py3-none-any.whl"
    package.write_bytes(b"no wheel")
    environment.lock_file.write_text(f"thing @ {package.as_uri()} --hash=sha256:{'0' * 64}\n")
    with pytest.raises(InstallationFailed, match="wrong hash") as caught:
        built(environment)
    assert "\n" not in str(caught.value)
    assert not is_installed(environment, {})


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The bootstrap and what it loads, with lists of no packages."""
    for name in ("tools/bootstrap.py", "src/solaris/local/virtual_environment.py"):
        (tmp_path / name).parent.mkdir(parents=True)
        shutil.copy(_ROOT / name, tmp_path / name)
    (tmp_path / "requirements").mkdir()
    for name in ("local.txt", "build.txt"):
        (tmp_path / "requirements" / name).write_text("")
    return tmp_path


def prepare(checkout: Path) -> subprocess.CompletedProcess[str]:
    """Run the bootstrap; there is no product to install, so it always ends with pip's refusal of that step."""
    return subprocess.run(
        [sys.executable, "-I", "tools/bootstrap.py", "prepare"], cwd=checkout, capture_output=True, text=True
    )


def stamps_of(checkout: Path) -> dict[str, str]:
    return virtual_environment.Stamps(checkout / ".venv" / ".solaris-bootstrap.json").read()


def test_the_bootstrap_makes_an_environment_with_pip_before_anything_is_installed(checkout: Path) -> None:
    (checkout / "pyproject.toml").write_text("no toml")
    done = prepare(checkout)
    assert "creating .venv" in done.stdout
    assert "installing the locked packages (local.txt, build.txt)" in done.stdout
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("solaris: the product itself can't be installed: ERROR")
    assert "Traceback" not in done.stderr.splitlines()[-1]
    assert set(stamps_of(checkout)) == {"venv", "local"}
    python = checkout / ".venv" / "bin" / "python"
    assert subprocess.run([python, "-I", "-m", "pip", "--version"], capture_output=True).returncode == 0

    again = prepare(checkout)
    assert "creating .venv" not in again.stdout
    assert "locked packages" not in again.stdout


def test_two_bootstraps_at_once_wait_for_each_other(checkout: Path) -> None:
    waiting: list[str] = []
    (checkout / "pyproject.toml").write_text("no toml")
    with virtual_environment.exclusive_lock(checkout / "tools" / "bootstrap.py", lambda: waiting.append("")):
        second = subprocess.Popen(
            [sys.executable, "-I", "tools/bootstrap.py", "prepare"], cwd=checkout,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        assert second.stdout is not None
        assert second.stdout.readline() == "solaris: another process prepares .venv; waiting\n"
        assert not (checkout / ".venv").exists()
    output, _ = second.communicate()
    assert "creating .venv" in output
    assert waiting == []

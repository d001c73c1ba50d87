"""The bootstrap: a complete step costs nothing, an interrupted one is done again."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from solaris.local import virtual_environment

_FILE = Path(__file__).parents[2] / "tools" / "bootstrap.py"


@pytest.fixture
def module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap", _FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def bootstrap(module: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """One for a checkout without anything in it, whose `.venv` is there."""
    (tmp_path / "requirements").mkdir()
    for name in ("local.txt", "dev.txt", "build.txt"):
        (tmp_path / "requirements" / name).write_text(name)
    (tmp_path / "pyproject.toml").write_text("[project]")
    (tmp_path / ".venv").mkdir()
    (tmp_path / "web" / "portal").mkdir(parents=True)
    for name in ("package.json", "package-lock.json", ".npmrc", "portal/main.tsx"):
        (tmp_path / "web" / name).write_text(name)
    monkeypatch.setattr(module.Bootstrap, "ensure_venv", lambda _self: None)
    return module.Bootstrap(tmp_path, virtual_environment, lock=0)


@pytest.fixture
def installed(bootstrap: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    done: list[str] = []
    monkeypatch.setattr(bootstrap, "pip", lambda what, _arguments, _total: done.append(what))
    return done


@pytest.fixture(autouse=True)
def page_steps(module: ModuleType, bootstrap: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """The steps of the pages that were done; each leaves behind what the real one does."""
    done: list[str] = []

    def step(_what: str, option: str) -> None:
        done.append(option)
        left = ["node_modules/x"] if option == "--install-only" else [f"dist/{name}" for name in module.BUILT]
        for name in left:
            file = tmp_path / "web" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("built")

    monkeypatch.setattr(bootstrap, "run_page_step", step)
    return done


def test_a_second_run_installs_nothing(bootstrap: Any, installed: list[str]) -> None:
    bootstrap.prepare(dev=False)
    assert installed == ["the locked packages (local.txt, build.txt)", "the product itself"]
    bootstrap.prepare(dev=False)
    assert len(installed) == 2


def test_the_development_packages_include_those_of_one_machine(bootstrap: Any, installed: list[str]) -> None:
    bootstrap.prepare(dev=True)
    bootstrap.prepare(dev=False)
    assert len(installed) == 2


def test_another_lock_is_installed_again_and_the_product_with_it(
    bootstrap: Any, installed: list[str], tmp_path: Path
) -> None:
    bootstrap.prepare(dev=False)
    (tmp_path / "requirements" / "local.txt").write_text("changed")
    bootstrap.prepare(dev=False)
    assert len(installed) == 4


def test_an_interrupted_installation_is_done_again(
    bootstrap: Any, installed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bootstrap.prepare(dev=False)

    def interrupted(_kind: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(bootstrap, "install_packages", interrupted)
        with pytest.raises(KeyboardInterrupt):
            bootstrap.prepare(dev=True)
    bootstrap.prepare(dev=False)
    assert len(installed) == 4


def test_pages_are_built_again_where_their_sources_changed_and_only_then(
    bootstrap: Any, installed: list[str], page_steps: list[str], tmp_path: Path
) -> None:
    bootstrap.prepare(dev=False)
    assert page_steps == ["--install-only", "--build-only"]
    bootstrap.prepare(dev=False)
    assert len(page_steps) == 2
    (tmp_path / "web" / "portal" / "main.tsx").write_text("changed")
    bootstrap.prepare(dev=False)
    assert page_steps[2:] == ["--build-only"]
    (tmp_path / "web" / "package-lock.json").write_text("changed")
    bootstrap.prepare(dev=False)
    assert page_steps[3:] == ["--install-only", "--build-only"]
    assert installed


def test_deleted_pages_are_built_again(
    bootstrap: Any, installed: list[str], page_steps: list[str], tmp_path: Path
) -> None:
    bootstrap.prepare(dev=False)
    (tmp_path / "web" / "dist" / "widget" / "widget.js").unlink()
    bootstrap.prepare(dev=False)
    assert page_steps[2:] == ["--build-only"]
    assert installed

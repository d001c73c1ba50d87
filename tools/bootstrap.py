"""Prepare `.venv` from the hash-locked lists, build the pages, and run the product. The standard library only.

    python3 tools/bootstrap.py run [arguments of `solaris up`]
    python3 tools/bootstrap.py prepare [--dev]

Each step leaves a stamp when it is complete, the hash of what it was made from: an interrupted step is done again, a complete one
costs nothing. This file must parse on old versions of Python, to say clearly what is wrong; what makes virtual environments is
shared with the product and loaded after that check (src/solaris/local/virtual_environment.py).
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
BUILT = ("portal/index.html", "admin/index.html", "widget/widget.js")
CANDIDATES = ("python3", "python3.14", "python3.13", "python3.12", "python3.11", "python")
VERSION_CHECK = "import sys; sys.exit(sys.version_info < (3, 11))"


class BootstrapError(Exception):
    """The environment can't be prepared; the message is for the person at the terminal."""


def main(arguments):
    """Prepare what is missing; `run` then becomes `solaris up`."""
    if sys.version_info < OLDEST:
        restart_with_newer_python(arguments)
    if not arguments or arguments[0] not in ("run", "prepare"):
        raise BootstrapError("usage: bootstrap.py run [arguments of `solaris up`] | prepare [--dev]")
    environments = load_environments(ROOT)
    # The lock is this very file: it is there, and two starts at once in one folder must not install into each other.
    with environments.exclusive_lock(Path(__file__), lambda: say("another process prepares .venv; waiting")) as lock:
        bootstrap = Bootstrap(ROOT, environments, lock)
        try:
            bootstrap.prepare(dev="--dev" in arguments[1:] and arguments[0] == "prepare")
        except environments.EnvironmentFailed as error:
            sys.stderr.write("".join(f"  pip: {line}\n" for line in error.output))
            raise BootstrapError(str(error)) from error
    if arguments[0] == "run":
        os.chdir(str(ROOT))
        python = str(bootstrap.python)
        os.execv(python, [python, "-m", "solaris.cli.main", "up", *arguments[1:]])


def restart_with_newer_python(arguments):
    """Become a newer Python, where the machine has one."""
    for name in CANDIDATES:
        path = shutil.which(name)
        if path and subprocess.run([path, "-c", VERSION_CHECK], check=False).returncode == 0:
            os.execv(path, [path, os.path.abspath(__file__), *arguments])
    raise BootstrapError(
        "Python {}.{} or newer is needed; this is {}.{}. Install one (Debian: apt install python3.11 python3.11-venv)".format(
            *OLDEST, *sys.version_info[:2]
        )
    )


def load_environments(root):
    """The product's module that makes virtual environments, from the source: nothing is installed yet."""
    file = root / "src" / "solaris" / "local" / "virtual_environment.py"
    spec = importlib.util.spec_from_file_location("virtual_environment", str(file))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Bootstrap:
    """The steps that prepare the checkout at `root`, with `environments` (see `load_environments`) and the held `lock`."""

    def __init__(self, root, environments, lock):
        self.root = root
        self.environments = environments
        self.lock = lock
        self.venv = root / ".venv"
        self.python = environments.python_of(self.venv)
        self.web = root / "web"
        # Inside `.venv`, so that the stamps vanish with it.
        self.stamps = environments.Stamps(self.venv / ".solaris-bootstrap.json")

    def prepare(self, *, dev):
        """Make `.venv` hold the locked packages and the product itself; what is complete is left alone."""
        kind = "dev" if dev else "local"
        self.ensure_venv()
        if not self.is_complete(kind, self.packages(kind)):
            self.stamps.remove("local", "dev", "product")
            self.install_packages(kind)
            self.stamps.add(kind, self.packages(kind))
            if dev:
                self.stamps.add("local", self.packages("local"))
        product = self.digest([self.root / "pyproject.toml"])
        if not self.is_complete("product", product):
            self.stamps.remove("product")
            # The build backend is locked like the rest and in the environment already: nothing is fetched for it.
            self.pip("the product itself", ["--no-deps", "--no-build-isolation", "--editable", str(self.root)], 0)
            self.stamps.add("product", product)
        self.prepare_pages()

    def prepare_pages(self):
        """Build the pages where their sources changed since the last time; the npm packages only where their lock did."""
        lock = self.digest([self.web / name for name in ("package.json", "package-lock.json", ".npmrc")])
        sources = self.digest(self.page_sources())
        if not self.is_complete("npm", lock) or not (self.web / "node_modules").is_dir():
            self.stamps.remove("npm", "pages")
            self.run_page_step("installing the pages' npm packages", "--install-only")
            self.stamps.add("npm", lock)
        if not self.is_complete("pages", sources) or not all((self.web / "dist" / name).exists() for name in BUILT):
            self.stamps.remove("pages")
            self.run_page_step("building the pages", "--build-only")
            self.stamps.add("pages", sources)

    def page_sources(self):
        """Every file that the pages are built from, in a fixed order."""
        found = []
        for folder, folders, names in os.walk(str(self.web)):
            folders[:] = [name for name in folders if name not in ("node_modules", "dist")]
            found += [Path(folder, name) for name in names]
        return sorted(found)

    def run_page_step(self, what, option):
        """One step of tools/build_pages.py, in the environment's Python."""
        say(what)
        command = [str(self.python), "-I", str(self.root / "tools" / "build_pages.py"), option]
        if subprocess.run(command, check=False).returncode != 0:
            raise BootstrapError(f"{what} failed (the reason is above); run the command again to go on")

    def ensure_venv(self):
        """Make `.venv`, again where it is half-made or its Python is gone."""
        if self.works():
            return
        say("creating .venv with Python {}.{}".format(*sys.version_info[:2]))
        # A half-made one is cleared; that is refused where `.venv` is a link or a file.
        self.environments.make_environment(self.venv, clear=True, with_pip=True, lock=self.lock)
        if not self.works():
            raise BootstrapError("the new .venv has no Python with pip; remove the folder and run the command again")

    def works(self):
        """Whether the environment's Python runs, is new enough, and has pip."""
        if not self.python.exists():
            return False
        # Changes when the Python behind the environment does, or the environment is moved.
        real = os.path.realpath(str(self.python))
        key = f"{self.python} {real} {os.stat(real).st_mtime_ns}"
        if self.is_complete("venv", key):
            return True
        check = VERSION_CHECK.replace("import sys;", "import pip, sys;")
        good = subprocess.run([str(self.python), "-I", "-c", check], capture_output=True, check=False).returncode == 0
        if good:
            self.stamps.add("venv", key)
        return good

    def install_packages(self, kind):
        """The locked packages, every file checked against its hash; an installed one of the right version is kept."""
        lists = self.lists(kind)
        arguments = ["--require-hashes", "--no-deps"]
        for file in lists:
            arguments += ["--requirement", str(file)]
        names = ", ".join(file.name for file in lists)
        self.pip(f"the locked packages ({names})", arguments, len(self.environments.locked_packages(lists)))

    def pip(self, what, arguments, total):
        """Install with the environment's pip."""
        say(f"installing {what}")
        self.environments.install(
            self.venv, arguments, what=what, total=total, report=lambda line: say(f"  {line}"), lock=self.lock
        )

    def lists(self, kind):
        """The lists of packages that `kind` (local or dev) consists of."""
        return [self.root / "requirements" / name for name in (f"{kind}.txt", "build.txt")]

    def packages(self, kind):
        """What the packages of `kind` are made from."""
        return self.digest(self.lists(kind))

    def is_complete(self, step, value):
        """Whether the step is complete and was made from `value`."""
        return self.stamps.read().get(step) == value

    def digest(self, files):
        """One hash over several files' contents, and over where `.venv` lies (its scripts name that place)."""
        total = hashlib.sha256(str(self.venv).encode())
        for file in files:
            total.update(hashlib.sha256(file.read_bytes()).digest())
        return total.hexdigest()


def say(text):
    """One line of progress."""
    sys.stdout.write(f"solaris: {text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except BootstrapError as error:
        sys.stderr.write(f"solaris: {error}\n")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.stderr.write("solaris: interrupted; run the command again to go on\n")
        sys.exit(130)

"""Prepare `.venv` from the hash-locked lists, build the pages, and run the product. The standard library only.

    python3 tools/bootstrap.py run [arguments of `solaris up`]
    python3 tools/bootstrap.py prepare [--dev]

Each step leaves a stamp when it is complete, keyed on the hash of what it was made from: a step that was interrupted is
done again, a complete one costs nothing. The first lines must parse on old versions of Python, to say clearly what is wrong.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys

OLDEST = (3, 11)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
WEB = os.path.join(ROOT, "web")
BUILT = ("portal/index.html", "admin/index.html", "widget/widget.js")
CANDIDATES = ("python3", "python3.14", "python3.13", "python3.12", "python3.11", "python")


class BootstrapError(Exception):
    """The environment can't be prepared; the message is for the person at the terminal."""


def main(arguments):
    """Prepare what is missing; `run` then becomes `solaris up`."""
    if sys.version_info < OLDEST:
        restart_with_newer_python(arguments)
    if not arguments or arguments[0] not in ("run", "prepare"):
        raise BootstrapError("usage: bootstrap.py run [arguments of `solaris up`] | prepare [--dev]")
    # The lock is this very file: it is there, and two starts at once in one folder must not install into each other.
    with open(os.path.abspath(__file__), "rb") as own_file:
        fcntl.flock(own_file, fcntl.LOCK_EX)
        prepare(dev="--dev" in arguments[1:] and arguments[0] == "prepare")
    if arguments[0] == "run":
        os.chdir(ROOT)
        os.execv(PYTHON, [PYTHON, "-m", "solaris.cli.main", "up", *arguments[1:]])


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


VERSION_CHECK = "import sys; sys.exit(sys.version_info < (3, 11))"


def prepare(*, dev):
    """Make `.venv` hold the locked packages and the product itself; what is there already is left alone."""
    lists = ["dev.txt" if dev else "runtime.txt", "build.txt"]
    packages = digest([os.path.join(ROOT, "requirements", name) for name in lists])
    product = digest([os.path.join(ROOT, "pyproject.toml")])
    ensure_venv()
    if stamp("dev" if dev else "runtime") != packages:
        remove_stamps("runtime", "dev", "product")
        install_packages(lists)
        write_stamp("dev" if dev else "runtime", packages)
        if dev:
            runtime = [os.path.join(ROOT, "requirements", name) for name in ("runtime.txt", "build.txt")]
            write_stamp("runtime", digest(runtime))
    if stamp("product") != product:
        remove_stamps("product")
        # The build backend is locked like the rest and in the environment already: nothing is fetched for it.
        run_pip("the product itself", ["--no-deps", "--no-build-isolation", "--editable", ROOT])
        write_stamp("product", product)
    prepare_pages()


def prepare_pages():
    """Build the pages where their sources changed since the last time; the npm packages only where their lock did."""
    lock = digest([os.path.join(WEB, name) for name in ("package.json", "package-lock.json", ".npmrc")])
    sources = digest(page_sources())
    if stamp("npm") != lock or not os.path.isdir(os.path.join(WEB, "node_modules")):
        remove_stamps("npm", "pages")
        run_page_step("installing the pages' npm packages", "--install-only")
        write_stamp("npm", lock)
    if stamp("pages") != sources or not all(os.path.exists(os.path.join(WEB, "dist", name)) for name in BUILT):
        remove_stamps("pages")
        run_page_step("building the pages", "--build-only")
        write_stamp("pages", sources)


def page_sources():
    """Every file that the pages are built from, in a fixed order."""
    found = []
    for folder, folders, names in os.walk(WEB):
        folders[:] = [name for name in folders if name not in ("node_modules", "dist")]
        found += [os.path.join(folder, name) for name in names]
    return sorted(found)


def run_page_step(what, option):
    """One step of tools/build_pages.py, in the environment's Python."""
    say(what)
    done = subprocess.run([PYTHON, "-I", os.path.join(ROOT, "tools", "build_pages.py"), option], check=False)
    if done.returncode != 0:
        raise BootstrapError(f"{what} failed (the reason is above); run the command again to go on")


def ensure_venv():
    """Make `.venv`, again where it is half-made or its Python is gone."""
    if works(PYTHON):
        return
    say("creating .venv with Python {}.{}".format(*sys.version_info[:2]))
    # A half-made one is cleared; `venv --clear` would refuse where `.venv` is a link or a file.
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], capture_output=True, text=True, check=False)
    if made.returncode == 0 and works(PYTHON):
        return
    output = (made.stdout + made.stderr).strip()
    if "ensurepip" in output or "No module named venv" in output:
        raise BootstrapError(
            "this Python has no complete venv module; install it (Debian and Ubuntu: "
            "apt install python3-venv) and run the command again"
        )
    raise BootstrapError(
        "the folder .venv can't be made: {}".format(output.splitlines()[-1] if output else "no reason given")
    )


def works(python):
    """Whether the environment's Python runs, is new enough, and has pip."""
    if not os.path.exists(python):
        return False
    if read_stamp_file().get("venv") == venv_key(python):
        return True
    check = VERSION_CHECK.replace("import sys;", "import pip, sys;")
    good = subprocess.run([python, "-I", "-c", check], capture_output=True, check=False).returncode == 0
    if good:
        write_stamp("venv", venv_key(python))
    return good


def venv_key(python):
    """Changes when the Python behind the environment does, or the environment is moved."""
    real = os.path.realpath(python)
    return f"{python} {real} {os.stat(real).st_mtime_ns}"


def install_packages(lists):
    """The locked packages, every file checked against its hash; an installed one of the right version is kept."""
    arguments = ["--require-hashes", "--no-deps"]
    for name in lists:
        arguments += ["--requirement", os.path.join(ROOT, "requirements", name)]
    run_pip("the locked packages ({})".format(", ".join(lists)), arguments)


def run_pip(what, arguments):
    """Install with pip; its own configuration (mirrors, proxies) is used as it stands. Says how far it is."""
    say(f"installing {what}")
    command = [PYTHON, "-I", "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--progress-bar=off"]
    environment = {name: value for name, value in os.environ.items() if name not in MISLEADING}
    lines = []
    count = 0
    with subprocess.Popen(
        command + arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment, cwd=ROOT
    ) as pip:
        for line in pip.stdout:
            lines.append(line.rstrip())
            if line.startswith("Collecting "):
                count += 1
                if count % 15 == 0:
                    say(f"  {count} packages fetched")
    if pip.returncode != 0:
        for line in lines[-15:]:
            sys.stderr.write(f"  pip: {line}\n")
        raise BootstrapError(f"pip could not install {what} (its last lines are above); run the command again to go on")


# Options of the caller's pip or Python that would put the packages elsewhere.
MISLEADING = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__")


def digest(files):
    """One hash over several files' contents, and over where `.venv` lies (its scripts name that place)."""
    total = hashlib.sha256(VENV.encode())
    for name in files:
        with open(name, "rb") as stream:
            total.update(hashlib.sha256(stream.read()).digest())
    return total.hexdigest()


def stamp_file():
    """Where the stamps are kept: inside `.venv`, so that they vanish with it."""
    return os.path.join(VENV, ".solaris-bootstrap.json")


def read_stamp_file():
    """All stamps; none where the file is missing or damaged."""
    try:
        with open(stamp_file(), encoding="utf-8") as stream:
            content = json.load(stream)
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def stamp(name):
    """What the step was last completed from."""
    return read_stamp_file().get(name)


def write_stamp(name, value):
    """The step is complete."""
    replace_stamps({**read_stamp_file(), name: value})


def remove_stamps(*names):
    """The steps are about to be done: until they are complete, they count as missing."""
    replace_stamps({name: value for name, value in read_stamp_file().items() if name not in names})


def replace_stamps(content):
    """Write all stamps in one step."""
    temporary = stamp_file() + ".new"
    with open(temporary, "w", encoding="utf-8") as stream:
        json.dump(content, stream)
    os.replace(temporary, stamp_file())


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

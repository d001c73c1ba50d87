"""Migrations of a version that is still to come, behind the product's own."""

import shutil
from pathlib import Path

from solaris.apps.schema import schema_files
from solaris.platform.migrations import SchemaFiles, read_schema_files
from solaris.platform.release import Release, own_release
from solaris.platform.resources import resource_path

OWN = own_release()
NEXT = Release("99.0.0", OWN.schema + 1)


class NextVersion:
    """A folder with the product's migrations and functions, to which a test adds its own."""

    def __init__(self, folder: Path) -> None:
        self._migrations = folder / "migrations"
        shutil.copytree(resource_path("migrations"), self._migrations)
        self._functions = folder / "functions"
        self._functions.mkdir(parents=True)
        for function in schema_files().functions:
            (self._functions / function.name).write_text(function.text)

    def add(self, offset: int, name: str, *lines: str) -> str:
        """Write the migration that is `offset` numbers behind the product's last; returns its label."""
        label = f"{OWN.schema + offset:04}_{name}"
        (self._migrations / f"{label}.sql").write_text("\n".join(lines) + "\n")
        return label

    def remove(self, label: str) -> None:
        """Take a migration away."""
        (self._migrations / f"{label}.sql").unlink()

    def change_function(self, name: str, text: str) -> None:
        """Write a function anew, or add one; it appears under `name`."""
        (self._functions / name).write_text(text)

    def function(self, name: str) -> str:
        """The text of a function's file."""
        return (self._functions / name).read_text()

    def files(self, release: Release = NEXT) -> SchemaFiles:
        """What `migrate` takes."""
        return read_schema_files(self._migrations, sorted(self._functions.glob("*.sql")), release)

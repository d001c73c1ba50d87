"""Which version of the product a process is, as its database sessions carry it in their name."""

import re
from dataclasses import dataclass
from importlib.metadata import version
from typing import Self

from solaris.platform.resources import resource_path

_SESSION = re.compile(r"(?P<service>.+)-solaris(?:/(?P<release>\S+))?")


@dataclass(frozen=True, slots=True)
class Release:
    """The package's version, and the number of the newest migration that it knows: two builds of one version differ by that."""

    version: str
    schema: int

    def __str__(self) -> str:
        """As it stands behind the slash of a session's name: `0.1.0+22`."""
        return f"{self.version}+{self.schema}"

    @classmethod
    def parse(cls, text: str | None) -> Self:
        """From `str`. What can't be read, and a session's name without a release, counts as the oldest one."""
        number, _, schema = (text or "").partition("+")
        return cls(number, int(schema) if schema.isdecimal() else 0)

    def is_older_than(self, other: "Release") -> bool:
        """Whether the other one came later, by the version's figures and then by the migrations known."""
        return self._key < other._key

    @property
    def _key(self) -> tuple[tuple[int, ...], int]:
        return tuple(int(figures) for figures in re.findall(r"\d+", self.version)[:3]), self.schema


def own_release() -> Release:
    """The release of this process.

    Raises:
        ResourceMissing: the package lacks its migrations.
    """
    numbers = [int(path.name[:4]) for path in resource_path("migrations").glob("[0-9][0-9][0-9][0-9]_*.sql")]
    return Release(version("solaris-token-control"), max(numbers, default=0))


def session_name(service: str, release: Release) -> str:
    """The `application_name` of a process's database sessions."""
    return f"{service}-solaris/{release}"


def release_of_session(name: str) -> Release | None:
    """The release of the process that a session belongs to; None for one that is no process of the product."""
    parts = _SESSION.fullmatch(name)
    return Release.parse(parts["release"]) if parts else None

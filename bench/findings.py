"""What a run found: tables of figures, and each target of SPEC 12 beside what was measured."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isnan
from statistics import median


@dataclass(frozen=True)
class Table:
    """Figures that belong together, ready to be shown; the first column names the row. `note` says how they came about."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    note: str = ""


@dataclass(frozen=True)
class Verdict:
    """One target of SPEC 12, and whether it was reached."""

    what: str
    target: str
    measured: str
    reached: bool


@dataclass(frozen=True)
class Proof:
    """What the account book says after a load: every whole answer charged once, every balance proven."""

    load: str
    answered: int
    failed: int
    charged: int
    differences: int

    @property
    def holds(self) -> bool:
        """Whether nothing is missing and nothing is too much."""
        return self.answered == self.charged and self.failed == 0 and self.differences == 0


@dataclass
class Findings:
    """Everything that one part of a run found."""

    tables: list[Table] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    proofs: list[Proof] = field(default_factory=list)

    def add(self, other: "Findings") -> None:
        """Append what another part found."""
        self.tables += other.tables
        self.verdicts += other.verdicts
        self.proofs += other.proofs


def middle(values: Sequence[float]) -> float:
    """The median over the rounds; not a number where there are none."""
    return median(values) if values else float("nan")


def ms(value: float) -> str:
    """Milliseconds as a table shows them."""
    if isnan(value):
        return "–"
    return f"{value:.2f}" if abs(value) < 100 else f"{value:,.0f}"


def rate(value: float) -> str:
    """A rate per second as a table shows it."""
    return "–" if isnan(value) else f"{value:,.0f}"


def times(value: float) -> str:
    """How many times as much."""
    return "–" if isnan(value) else f"{value:.2f} ×"


def megabytes(size_bytes: float) -> str:
    """Bytes as MB (10⁶)."""
    return f"{size_bytes / 1e6:,.0f} MB"

"""What a run found, for the terminal (rich) and for `docs/benchmarks.md`."""

from dataclasses import dataclass
from datetime import datetime

from rich.console import Console
from rich.table import Table as ScreenTable

from bench.findings import Findings, Table

_READING = """\
## How to read it

- Everything runs on one machine in one run, and the servers take turns within each round, so the
  **ratios** are comparable. Absolute figures are those of this machine. Figures are medians of the
  rounds.
- *direct* is the fast upstream itself: prepared bytes, no work. *forwarder* is plain uvicorn,
  uvloop, httptools and aiohttp's client, without our code, and only passes bodies on: the best that
  a proxy built on these can reach. *proxy* is `solaris proxy` with everything switched on: API key,
  limits, token count, hold, settlement, log line, metrics, PostgreSQL durable. *LiteLLM* is one
  worker, configured as the product configures it, in front of the same upstream.
- Each of 10,000 requests in turn asks a different question after the same instructions, because the
  proxy remembers its latest counts.
- The measured servers share one processor, one working at a time. The load generator, the upstream,
  PostgreSQL and Valkey share the others. With two processors PostgreSQL competes with the load
  generator, and the load generator adds a little to every figure: subtract the direct call's.
- A non-streamed answer waits for its settlement, so it includes two commits that are on disk:
  compare the disk's line below.
- *Half load* is open: calls fall due evenly and their waits count, so a stall is visible in all the
  calls it delays. It includes stalls of the machine itself: a pause of 10 ms once a second is
  enough to be the p99 of the measured server. Compare the forwarder's line, which is far from busy
  then.
- A single call finds every process asleep. It wakes ten of them one after the other on its way
  through the proxy, four through the forwarder: *waking* below is the cost of each wake-up on a
  processor that was asleep too.
- The ledger is checked after each load: the number of charged calls equals the number of answers,
  and `solaris audit` finds no difference.
"""


@dataclass(frozen=True)
class Report:
    """A finished run."""

    command: str
    begun: datetime
    lasted_seconds: float
    machine: list[tuple[str, str]]
    findings: Findings

    def show(self, console: Console) -> None:
        """Print it."""
        for table in (self._targets(), self._proofs(), *self.findings.tables):
            console.print(_on_screen(table))

    def markdown(self) -> str:
        """As a document."""
        machine = Table("The machine", ("what", ""), list(self.machine))
        parts = [
            "# Benchmarks\n\nWritten by the bench itself; run it again rather than edit it.\n\n"
            f"- command: `{self.command}`\n- date: {self.begun:%Y-%m-%d %H:%M} UTC, {self.lasted_seconds:.0f} s\n",
            _as_markdown(self._targets()),
            _as_markdown(self._proofs()),
            _READING,
            _as_markdown(machine),
            *(_as_markdown(table) for table in self.findings.tables),
        ]
        return "\n".join(parts)

    def _targets(self) -> Table:
        rows = [
            (verdict.what, verdict.target, verdict.measured, "reached" if verdict.reached else "**not reached**")
            for verdict in self.findings.verdicts
        ]
        return Table("Targets", ("what", "target", "measured", ""), rows)

    def _proofs(self) -> Table:
        rows = [
            (
                proof.load,
                f"{proof.answered:,}",
                f"{proof.failed:,}",
                f"{proof.charged:,}",
                f"{proof.differences:,}",
                "exact" if proof.holds else "**not exact**",
            )
            for proof in self.findings.proofs
        ]
        columns = ("after the load", "answered", "failed", "charged", "audit differences", "")
        return Table("The ledger after each load", columns, rows)


def _on_screen(table: Table) -> ScreenTable:
    shown = ScreenTable(title=table.title, caption=table.note or None, title_justify="left", caption_justify="left")
    for number, column in enumerate(table.columns):
        shown.add_column(column, justify="left" if number == 0 else "right")
    for row in table.rows:
        shown.add_row(*(_coloured(cell) for cell in row))
    return shown


def _coloured(cell: str) -> str:
    if cell.startswith("**"):
        return f"[bold red]{cell.strip('*')}[/]"
    return f"[green]{cell}[/]" if cell in {"reached", "exact"} else cell


def _as_markdown(table: Table) -> str:
    lines = [f"## {table.title}", ""]
    if table.note:
        lines += [table.note, ""]
    lines.append("| " + " | ".join(table.columns) + " |")
    lines.append("|---" + "|--:" * (len(table.columns) - 1) + "|")
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in table.rows]
    return "\n".join(lines) + "\n"

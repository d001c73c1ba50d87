"""`python -m bench`: measure the product beside a bare forwarder and LiteLLM, print the figures, write docs/benchmarks.md."""

import argparse
import sys
from pathlib import Path

import uvloop
from rich.console import Console

from bench import profiler
from bench.options import FULL_SCALE_EVENTS, FULL_SCALE_USERS, PARTS, Options
from bench.run import run
from solaris.local.errors import LocalError

_DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"


_WIDTH = 140


def main(words: list[str] | None = None) -> int:
    """The exit code: 0 where the account book is exact after every load, else 1. Targets that are not reached are told."""
    words = sys.argv[1:] if words is None else words
    parser = _parser()
    given = parser.parse_args(words)
    console = Console() if sys.stdout.isatty() else Console(width=_WIDTH)
    tool = profiler.find_tool() if given.profile else None
    if given.profile and tool is None:
        parser.error("--profile needs py-spy on PATH: pip install py-spy (by hand; it is no dependency)")
    # The folder's path belongs to this machine: it is not part of the report.
    shown = " ".join(["python -m bench", *(word for word in _without_folder(words))])
    try:
        report = uvloop.run(run(_options(given, tool), shown, lambda line: console.print(f"[dim]{line}[/]")))
    except LocalError as error:
        console.print(f"bench: {error.message}", style="red")
        return 1
    report.show(console)
    if given.write:
        _DOCUMENT.write_text(report.markdown(), "utf-8")
        console.print(f"written: docs/{_DOCUMENT.name}")
    return 0 if all(proof.holds for proof in report.findings.proofs) else 1


def _parser() -> argparse.ArgumentParser:
    defaults = Options()
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--full", action="store_true", help="the figures of SPEC 12 at scale: 100,000 users, 10 million events"
    )
    parser.add_argument("--scale-users", type=int, default=defaults.scale_users)
    parser.add_argument("--scale-events", type=int, default=defaults.scale_events)
    parser.add_argument("--only", help=f"some parts, separated by commas: {', '.join(PARTS)}")
    parser.add_argument("--rounds", type=int, default=defaults.rounds, help="repetitions of each measurement")
    parser.add_argument("--seconds", type=float, default=defaults.load_seconds, help="length of one load")
    parser.add_argument("--no-litellm", dest="litellm", action="store_false", help="leave LiteLLM out")
    parser.add_argument("--profile", choices=["proxy"], help="also say where the proxy's time goes (needs py-spy)")
    parser.add_argument(
        "--folder", type=Path, help="where the run's data lies (some 20 GB with --full); default: TMPDIR"
    )
    parser.add_argument("--no-write", dest="write", action="store_false", help="leave docs/benchmarks.md as it is")
    return parser


def _options(given: argparse.Namespace, tool: Path | None) -> Options:
    parts = frozenset(given.only.split(",")) if given.only else frozenset(PARTS)
    if parts - set(PARTS):
        raise SystemExit(f"bench: unknown part {', '.join(sorted(parts - set(PARTS)))}; known: {', '.join(PARTS)}")
    return Options(
        parts=parts,
        rounds=max(1, given.rounds),
        load_seconds=given.seconds,
        scale_users=FULL_SCALE_USERS if given.full else given.scale_users,
        scale_events=FULL_SCALE_EVENTS if given.full else given.scale_events,
        litellm=given.litellm,
        profile=tool,
        folder=given.folder,
    )


def _without_folder(words: list[str]) -> list[str]:
    kept: list[str] = []
    skip = False
    for word in words:
        if not skip and not word.startswith("--folder"):
            kept.append(word)
        skip = word == "--folder"
    return kept


if __name__ == "__main__":
    sys.exit(main())

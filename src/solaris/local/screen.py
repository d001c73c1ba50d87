"""What `solaris up` shows: one line per part on any output, and on a terminal also what is still awaited."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.status import Status


class Screen:
    """Progress of the parts. Lines are plain where the output is no terminal."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False, soft_wrap=True)
        self._since = time.monotonic()
        self._awaited: dict[str, str] = {}
        self._status: Status | None = None

    @contextmanager
    def progress(self) -> Iterator[None]:
        """While open, a terminal shows a last line with the parts that are awaited."""
        if not self.console.is_terminal:
            yield
            return
        self._status = self.console.status("")
        with self._status:
            yield
        self._status = None

    def begins(self, name: str) -> None:
        """The part is being started."""
        self._awaited[name] = ""
        self._show_awaited()

    def works(self, name: str, step: str) -> None:
        """A long step of the part got further; each line is shown where there is no terminal."""
        self._awaited[name] = step
        if not self.console.is_terminal:
            self._line("·", name, step)
        self._show_awaited()

    def ready(self, name: str, seconds: float, detail: str = "") -> None:
        """The part is ready."""
        self._awaited.pop(name, None)
        self._line("[green]✓[/]", name, f"ready in {seconds:.1f} s" + (f"  {escape(detail)}" if detail else ""))
        self._show_awaited()

    def absent(self, name: str, reason: str) -> None:
        """The product goes on without the part."""
        self._awaited.pop(name, None)
        self._line("[yellow]–[/]", name, escape(reason))
        self._show_awaited()

    def note(self, name: str, text: str) -> None:
        """Something about the part that a person should know."""
        self._line("[yellow]![/]", name, escape(text))

    def stopped(self, name: str) -> None:
        """The part has ended."""
        self._line("·", name, "stopped")

    def say(self, text: str, *, markup: bool = False) -> None:
        """A line of its own, as it stands; with `markup`, rich's is understood."""
        self.console.print(text, markup=markup)

    def _line(self, sign: str, name: str, text: str) -> None:
        self.console.print(f"  {sign} {name:<10} {text}")

    def _show_awaited(self) -> None:
        if self._status is None:
            return
        parts = [f"{name} ({escape(step)})" if step else name for name, step in self._awaited.items()]
        self._status.update(f"waiting for {', '.join(parts)}" if parts else "")

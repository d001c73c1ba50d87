"""Output of `solaris up`: one line per part, and on a terminal also the parts that are still starting."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.status import Status


class Screen:
    """Prints the progress of the parts; plain lines where the output is no terminal."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False, soft_wrap=True)
        self._awaited: dict[str, str] = {}
        self._status: Status | None = None

    @contextmanager
    def progress(self) -> Iterator[None]:
        """Context manager: on a terminal, the last line lists the parts that are still starting."""
        if not self.console.is_terminal:
            yield
            return
        self._status = self.console.status("")
        with self._status:
            yield
        self._status = None

    def starting(self, name: str) -> None:
        """Show that the part is starting."""
        self._awaited[name] = ""
        self._show_awaited()

    def progressed(self, name: str, step: str) -> None:
        """Show progress of a long step; without a terminal, one line each time."""
        self._awaited[name] = step
        if not self.console.is_terminal:
            self._line("·", name, step)
        self._show_awaited()

    def ready(self, name: str, seconds: float, detail: str = "") -> None:
        """Show that the part is ready."""
        self._awaited.pop(name, None)
        self._line("[green]✓[/]", name, f"ready in {seconds:.1f} s" + (f"  {escape(detail)}" if detail else ""))
        self._show_awaited()

    def skipped(self, name: str, reason: str) -> None:
        """Show that the product runs without the part."""
        self._awaited.pop(name, None)
        self._line("[yellow]–[/]", name, escape(reason))
        self._show_awaited()

    def note(self, name: str, text: str) -> None:
        """Show a notice about the part."""
        self._line("[yellow]![/]", name, escape(text))

    def stopped(self, name: str) -> None:
        """Show that the part has ended."""
        self._line("·", name, "stopped")

    def say(self, text: str, *, markup: bool = False) -> None:
        """Print a line as it is; with `markup`, rich interprets its markup."""
        self.console.print(text, markup=markup)

    def _line(self, sign: str, name: str, text: str) -> None:
        self.console.print(f"  {sign} {name:<10} {text}")

    def _show_awaited(self) -> None:
        if self._status is None:
            return
        parts = [f"{name} ({escape(step)})" if step else name for name, step in self._awaited.items()]
        self._status.update(f"waiting for {', '.join(parts)}" if parts else "")

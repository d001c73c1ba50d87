"""Output that a provider charges and no caller sees, such as reasoning: learned per model (decision 0110)."""

import asyncio

from solaris.domain.errors import StoreUnavailable
from solaris.domain.tokens import output_tokens_affordable
from solaris.gateway.admission import AdmittedCall
from solaris.ledger.records import storable
from solaris.platform.logs import Log
from solaris.platform.postgres import Database
from solaris.platform.sql import load_sql

_KEEP_EVERY_SECONDS = 60.0
_MAX_MODELS = 1_000
# Rows of names that no configuration holds: a server that answers to every name would make one for each that a caller invents.
_MAX_ROWS = 2_000
# We count a text otherwise than its provider: reading on ends where it is surely longer than its hold.
_SLACK_SHARE = 4
_SLACK_TOKENS = 64
# No sample counts for more, whatever a provider reports.
_MAX_HIDDEN_TOKENS = 200_000


def output_budget(call: AdmittedCall) -> int:
    """The output tokens, of all choices together, that the call's hold pays for once it has grown."""
    terms = call.hold.call
    return output_tokens_affordable(call.payable, call.estimate.prompt_charge, terms.weights, terms.conversion_factor)


def is_beyond_hold(call: AdmittedCall, seen: int) -> bool:
    """Whether `seen` output tokens, as we count them, are more than the hold pays for, whatever the provider counts."""
    budget = output_budget(call)
    return seen > budget + budget // _SLACK_SHARE + _SLACK_TOKENS


def expected_hidden_output(call: AdmittedCall, seen: int) -> int:
    """The output to expect beside `seen` tokens where no usage came: the model's average of hidden output, within the hold."""
    learned = call.model.hidden_output_tokens
    return min(learned, max(0, output_budget(call) - seen)) if learned else 0


class HiddenOutput:
    """Collects what this process learns, and adds it to the table `hidden_output` every minute; the catalogue reads it there."""

    def __init__(self, database: Database, log: Log, *, every_seconds: float = _KEEP_EVERY_SECONDS) -> None:
        self._database = database
        self._log = log
        self._every_seconds = every_seconds
        self._learned: dict[str, tuple[int, int]] = {}
        self._pattern_names: set[str] = set()
        self._task: asyncio.Task[None] | None = None

    def note(self, model: str, hidden_tokens: int | None, *, is_pattern_name: bool = False) -> None:
        """A call whose usage came had `hidden_tokens` more output than its text; 0 teaches too, None does not.

        `is_made_up`: a pattern alone makes the name callable; new names of that kind are kept while the table has room.
        """
        if hidden_tokens is None:
            return
        known = self._learned.get(model)
        if known is None:
            if len(self._learned) >= _MAX_MODELS:
                return
            known = (0, 0)
            if is_pattern_name:
                self._pattern_names.add(model)
        self._learned[model] = known[0] + 1, known[1] + min(hidden_tokens, _MAX_HIDDEN_TOKENS)

    def start(self) -> None:
        """Begin to keep what is learned."""
        self._task = asyncio.create_task(self._flush_periodically())

    async def stop(self) -> None:
        """Keep what was learned, for the last time."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        try:
            await self.flush()
        except StoreUnavailable as error:
            self._log.warning("hidden_output_not_kept", cause=str(error))

    async def flush(self) -> None:
        """Add what was learned since the last time. Raises StoreUnavailable: what was learned is kept for the next time."""
        if not self._learned:
            return
        learned, self._learned = self._learned, {}
        made_up, self._pattern_names = self._pattern_names, set()
        # Processes write the same rows: always in one order, so that none waits for another in a circle.
        rows = sorted(
            (storable(model) or "", calls, hidden, model in made_up) for model, (calls, hidden) in learned.items()
        )
        columns = map(list, zip(*rows, strict=True))
        try:
            await self._database.execute(load_sql("gateway", "keep_hidden_output"), *columns, _MAX_ROWS)
        except StoreUnavailable:
            for model, (calls, hidden) in self._learned.items():
                before = learned.get(model, (0, 0))
                learned[model] = before[0] + calls, before[1] + hidden
            self._learned = learned
            self._pattern_names |= made_up
            raise

    async def _flush_periodically(self) -> None:
        while True:
            await asyncio.sleep(self._every_seconds)
            try:
                await self.flush()
            except StoreUnavailable as error:
                self._log.warning("hidden_output_not_kept", cause=str(error))
            except Exception as error:  # noqa: BLE001  what a model is called must not end the learning
                self._log.error("hidden_output_not_kept", exc_info=error)

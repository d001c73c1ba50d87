"""Hidden output, charged by providers and not delivered, such as reasoning: learned per model.

See decision 0110.
"""

import asyncio

from solaris.domain.errors import StoreUnavailable
from solaris.domain.tokens import output_tokens_affordable
from solaris.gateway.admission import AdmittedCall
from solaris.ledger.records import storable
from solaris.platform.logs import Log
from solaris.platform.postgres import Database
from solaris.platform.sql import load_sql

_FLUSH_INTERVAL_SECONDS = 60.0
_MAX_MODELS = 1_000
# Rows for names outside of the configuration: a server that accepts all names would otherwise add a
# row for each invented name.
_MAX_ROWS = 2_000
# Our count differs from the provider's: reading ends where the text certainly exceeds the hold.
_SLACK_SHARE = 4
_SLACK_TOKENS = 64
# The maximum that one sample counts for.
_MAX_HIDDEN_TOKENS = 200_000


def output_budget(call: AdmittedCall) -> int:
    """The output tokens of all choices that the call's hold pays for when fully grown."""
    terms = call.hold.call
    return output_tokens_affordable(call.payable, call.estimate.prompt_charge, terms.weights, terms.conversion_factor)


def is_beyond_hold(call: AdmittedCall, delivered: int) -> bool:
    """Whether `delivered` output tokens by our count certainly exceed what the hold pays for."""
    budget = output_budget(call)
    return delivered > budget + budget // _SLACK_SHARE + _SLACK_TOKENS


def expected_hidden_output(call: AdmittedCall, delivered: int) -> int:
    """The expected hidden output in addition to `delivered` tokens: the model's average.

    For calls without reported usage. The result is limited by the hold.
    """
    learned = call.model.hidden_output_tokens
    return min(learned, max(0, output_budget(call) - delivered)) if learned else 0


class HiddenOutput:
    """Collects samples and adds them to the table `hidden_output`, which the catalogue reads.

    Writes every minute, and on `stop`.
    """

    def __init__(self, database: Database, log: Log, *, every_seconds: float = _FLUSH_INTERVAL_SECONDS) -> None:
        self._database = database
        self._log = log
        self._every_seconds = every_seconds
        self._learned: dict[str, tuple[int, int]] = {}
        self._pattern_names: set[str] = set()
        self._task: asyncio.Task[None] | None = None

    def record_sample(self, model: str, hidden_tokens: int | None, *, is_pattern_name: bool = False) -> None:
        """Record a call with reported usage: its output exceeded its text by `hidden_tokens`.

        0 is a sample too; None is ignored. `is_pattern_name`: only a pattern of the configuration
        matches the name; new names of this kind are stored while the table has room.
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
        """Start the periodic writes."""
        self._task = asyncio.create_task(self._flush_periodically())

    async def stop(self) -> None:
        """Stop the periodic writes and write the remaining samples; a failure is logged."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        try:
            await self.flush()
        except StoreUnavailable as error:
            self._log.warning("hidden_output_not_kept", cause=str(error))

    async def flush(self) -> None:
        """Write the samples since the last write.

        Raises:
            StoreUnavailable: the database is away; the samples are kept for the next write.
        """
        if not self._learned:
            return
        learned, self._learned = self._learned, {}
        made_up, self._pattern_names = self._pattern_names, set()
        # Processes write the same rows: in one order, so that they do not deadlock.
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
            except Exception as error:  # noqa: BLE001  no model name may end the periodic writes
                self._log.error("hidden_output_not_kept", exc_info=error)

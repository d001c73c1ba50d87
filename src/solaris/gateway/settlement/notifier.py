"""Invokes the callbacks of charges after a batch of them is committed."""

import asyncio

from solaris.gateway.settlement.pending import PendingSettlement
from solaris.gateway.settlement.recovery import warn_if_late
from solaris.ledger.records import Charge
from solaris.platform.logs import Log


class ChargeNotifier:
    """Invokes each charge's callback once, in the order of the charges.

    The results of a whole batch are set first: the responses that wait for them leave before log
    lines are written and balances published. A callback that fails is logged; the others run.
    """

    def __init__(self, log: Log) -> None:
        self._log = log
        self._charges: list[tuple[PendingSettlement, Charge]] = []

    def schedule(self, pending: PendingSettlement, charge: Charge) -> None:
        """Invoke the callback in a later turn of the event loop."""
        self._charges.append((pending, charge))
        if len(self._charges) == 1:
            asyncio.get_running_loop().call_soon(self._run_after_batch)

    def run(self) -> None:
        """Invoke the callbacks that are scheduled, now."""
        charges, self._charges = self._charges, []
        for pending, charge in charges:
            try:
                if charge.repeated:
                    pending.context.run(warn_if_late, self._log, pending.entry, charge)
                # A retry may find the charge of an earlier try whose result was lost.
                if not charge.repeated or pending.tries > 1:
                    pending.context.run(pending.notify, charge)
            except Exception as error:  # noqa: BLE001  charged already; other callbacks must run
                self._log.error(
                    "charge_not_told", user_id=pending.user_id, request_id=pending.request_id, exc_info=error
                )

    def _run_after_batch(self) -> None:
        # All results of a batch are set before its callbacks run. With one charge, that is now.
        if len(self._charges) == 1:
            self.run()
        else:
            asyncio.get_running_loop().call_soon(self.run)

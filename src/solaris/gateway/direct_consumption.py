"""Charges tokens directly, for tools outside the chat (POST /api/tokens/consume)."""

import time
from decimal import Decimal

from solaris.auth.principal import Principal
from solaris.domain.errors import InvalidInput, SpendingRefused
from solaris.domain.tokens import TokenCounts, Weights
from solaris.gateway.refusal_response import refusal_details
from solaris.gateway.schemas import ConsumeRequest
from solaris.gateway.settlement.recorder import CallRecorder
from solaris.ledger.ledger import Ledger, fingerprint_of
from solaris.ledger.records import Call, Charge, Ending, HoldCreate, Usage
from solaris.models.catalogue import Catalogue
from solaris.platform.logs import Log
from solaris.platform.tracing import current_trace_id

ROUTE = "/api/tokens/consume"
UNNAMED_MODEL = "direct"


class DirectConsumption:
    """Charges known tokens exactly once per request id.

    `tokens` are charged as given, without weights and conversion factor, for any model. `usage` are
    a provider's counts, to which the model's weights and the conversion factor apply.
    """

    def __init__(
        self,
        ledger: Ledger,
        catalogue: Catalogue,
        conversion_factor: Decimal,
        recorder: CallRecorder,
        log: Log,
    ) -> None:
        self._ledger = ledger
        self._catalogue = catalogue
        self._conversion_factor = conversion_factor
        self._recorder = recorder
        self._log = log

    async def charge(self, principal: Principal, request: ConsumeRequest) -> Charge:
        """Charge the request; a repeat returns the first charge.

        Raises:
            InvalidInput: neither or both of `tokens` and `usage` are given.
            InsufficientTokens, TokensHeld, UserSuspended, IdempotencyConflict: see
            `Ledger.consume`.
        """
        started = time.perf_counter()
        counts = _counts(request)
        call = await self._call(principal, request)
        tokens = call.charge_for(counts)
        hold_request = HoldCreate(
            principal.user_id,
            request.request_id,
            fingerprint_of([ROUTE, request.model_dump(exclude_none=True)]),
            tokens,
            tokens,
            counts.input,
            call,
        )
        usage = Usage(counts, Ending.COMPLETE, estimated=False)
        try:
            charge = await self._ledger.consume(hold_request, usage)
        except SpendingRefused as refusal:
            self._log.info(
                "consumption_refused", user_id=principal.user_id, **refusal_details(refusal, call.model_asked)
            )
            raise
        if not charge.repeated:
            timed = usage._replace(duration_ms=round((time.perf_counter() - started) * 1000))
            self._recorder.report_charge(UNNAMED_MODEL, principal.user_id, timed, charge)
        return charge

    async def _call(self, principal: Principal, request: ConsumeRequest) -> Call:
        name = request.model or UNNAMED_MODEL
        origin = (principal.client, principal.front_end_key_id, None, current_trace_id.get())
        if request.usage is None:
            return Call(ROUTE, name, Weights(), Decimal(1), *origin)
        model = await self._catalogue.weights_of(name)
        return Call(ROUTE, name, model.weights, self._conversion_factor, *origin)


def _counts(request: ConsumeRequest) -> TokenCounts:
    if (request.tokens is None) == (request.usage is None):
        raise InvalidInput("Envie 'tokens' ou 'usage': um dos dois, e não ambos.", param="tokens")
    if request.usage is None:
        return TokenCounts(input=request.tokens or 0)
    usage = request.usage
    return TokenCounts(usage.input_tokens, usage.cached_input_tokens, usage.output_tokens, usage.reasoning_tokens)

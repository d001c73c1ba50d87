"""Turns a request into a hold: reads, checks, estimates and reserves (DESIGN 3, steps 3 and 4)."""

import random
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from solaris.auth.principal import Principal
from solaris.domain.errors import DuplicateRequest, InvalidInput
from solaris.domain.formats import tokens_text
from solaris.gateway.api.base import ApiShape, Json
from solaris.gateway.api.litellm_params import BodyCleaner
from solaris.gateway.api.thinking_limits import fit_thinking, with_thinking_room
from solaris.gateway.errors import CallReleased
from solaris.gateway.estimate.estimate import (
    STREAM_SHARE,
    WHOLE_SHARE,
    Estimate,
    count_prompt_with_floor,
    estimate,
    provider_tokens,
)
from solaris.gateway.estimate.plain_text import is_plain_text
from solaris.gateway.estimate.tokenizer import Tokenizer
from solaris.gateway.request_json import read_json
from solaris.gateway.reservations import Reservations
from solaris.gateway.shown_output import shows_all_output
from solaris.ledger.ledger import fingerprint_of
from solaris.ledger.records import Call, Hold, HoldCreate
from solaris.models.catalogue import Catalogue, Model
from solaris.platform.http.idempotency import optional_key
from solaris.platform.http.request_context import RequestContext
from solaris.platform.http.request_headers import RequestHeaders
from solaris.platform.postgres import Database
from solaris.platform.sql import load_sql
from solaris.platform.tracing import current_trace_id

_CONVERSATION_HEADERS = ("x-librechat-conversation-id", "x-openwebui-chat-id", "x-conversation-id")
_CONVERSATION_NAMES = frozenset(name.encode() for name in _CONVERSATION_HEADERS)
_MAX_CONVERSATION_CHARACTERS = 200


class AdmittedCall(NamedTuple):
    """A call with a hold. `body` is cleared once sent, so that long responses do not keep prompts.

    `payable` is the limit to which the hold may grow, in charged tokens; the output limit keeps the
    call within it. `prompt_echo_tokens` are the prompt tokens that the model repeats in its response.
    """

    api: ApiShape
    body: Json
    model: Model
    estimate: Estimate
    hold: Hold
    payable: int
    is_stream: bool
    keeps_usage: bool
    front_end: str
    prompt_echo_tokens: int


class ParsedRequest(NamedTuple):
    """A parsed body, its identity, and the size of its unpacked JSON in bytes."""

    body: Json
    model_name: str
    fingerprint: str
    request_id: str
    body_bytes: int


class Admission:
    """Checks a call, reserves its tokens and sets its output limit."""

    def __init__(
        self,
        catalogue: Catalogue,
        tokenizer: Tokenizer,
        reservations: Reservations,
        database: Database,
        conversion_factor: Decimal,
        cleaner: BodyCleaner,
    ) -> None:
        self._catalogue = catalogue
        self._tokenizer = tokenizer
        self._reservations = reservations
        self._database = database
        self._conversion_factor = conversion_factor
        self._cleaner = cleaner

    async def admit(
        self,
        api: ApiShape,
        parsed: ParsedRequest,
        principal: Principal,
        headers: RequestHeaders,
        client: RequestContext,
    ) -> AdmittedCall:
        """Reserve tokens for the call.

        Raises:
            Overloaded, ClientDisconnect: see `count_prompt_with_floor` and `Reservations.reserve`.
            InvalidInput: a field is missing or wrong.
            ModelNotFound, ModelServiceUnavailable, StoreUnavailable: see `Catalogue.find`.
            InsufficientTokens, TokensHeld, TooManyCalls, UserSuspended, IdempotencyConflict: see
            `Ledger.reserve`.
            DuplicateRequest, CallReleased: the idempotency key was used before.
        """
        body = parsed.body
        api.check(body)
        output_limit = api.output_limit(body)
        model = await self._catalogue.find(parsed.model_name)
        # Cleaned first: the body is counted as it will be sent.
        self._cleaner.clean(body, api.limit_fields, supports_thinking=api.supports_thinking)
        counted = await count_prompt_with_floor(client, api, body, parsed.body_bytes, model, self._tokenizer)
        is_sample = counted.unread == 0 and is_plain_text(body, api.route)
        call = self._call(api, model, principal, headers, counted.read if is_sample else None)
        sized_model = with_thinking_room(model, body) if output_limit.tokens is None else model
        expected = estimate(provider_tokens(counted.tokens, model), output_limit, sized_model, call)
        is_stream = body.get("stream") is True
        grows = is_stream and shows_all_output(body, model)
        hold_request = HoldCreate(
            principal.user_id,
            parsed.request_id,
            parsed.fingerprint,
            expected.min_charge,
            _initial_hold(expected, call) if grows else expected.max_charge,
            expected.prompt_tokens,
            call,
            STREAM_SHARE if grows else WHOLE_SHARE,
            principal.concurrent_calls,
        )
        hold = await self._reservations.reserve(hold_request, is_gone=lambda: client.gone)
        if hold.repeated:
            raise await self._repeat_error(hold)
        keeps_usage = _prepare(api, body, principal.user_id, is_stream=is_stream)
        # A growing hold may use all of the user's balance; other holds may be released by then.
        payable = min(expected.max_charge, max(hold.tokens, hold.wallet.left)) if grows else hold.tokens
        if payable < expected.max_charge or (output_limit.tokens is None and not model.listed):
            # A model missing in our table could write more than assumed, so the assumption becomes
            # its limit. A listed model gets none: providers refuse a limit that exceeds the context
            # left by the prompt.
            limit = expected.output_limit_for(payable, call)
            api.limit_output(body, limit)
            if payable < expected.max_charge:
                fit_thinking(body, model, output_limit.tokens, limit)
        front_end = principal.client if principal.front_end_key_id is not None else ""
        prompt_echo_count = api.prompt_echo_count(body)
        prompt_echo_tokens = prompt_echo_count * provider_tokens(counted.read, model) if prompt_echo_count else 0
        return AdmittedCall(
            api, body, model, expected, hold, payable, is_stream, keeps_usage, front_end, prompt_echo_tokens
        )

    def _call(
        self, api: ApiShape, model: Model, principal: Principal, headers: RequestHeaders, counted: int | None
    ) -> Call:
        return Call(
            api.route,
            model.name,
            model.weights,
            self._conversion_factor,
            principal.client,
            principal.front_end_key_id,
            _conversation_id(headers),
            current_trace_id.get(),
            counted,
        )

    async def _repeat_error(self, hold: Hold) -> Exception:
        if hold.state == "open":
            return DuplicateRequest(
                "Uma chamada com esta Idempotency-Key ainda está em andamento.", param="Idempotency-Key"
            )
        if hold.state == "released":
            return CallReleased(
                "A chamada com esta Idempotency-Key falhou e nada foi cobrado. Envie uma chave nova para tentar de novo.",
                param="Idempotency-Key",
            )
        charged = await self._database.fetchval(
            load_sql("gateway", "charged_for_request"), hold.user_id, hold.request_id
        )
        return DuplicateRequest(
            f"Esta Idempotency-Key já foi usada: a chamada foi concluída e custou {tokens_text(charged or 0)}. "
            "A resposta não fica guardada; envie uma chave nova para perguntar de novo.",
            param="Idempotency-Key",
        )


def parse_request(raw: bytes, headers: RequestHeaders) -> ParsedRequest:
    """Parse the body; the request id is the caller's `Idempotency-Key` or a new one.

    Raises:
        InvalidInput: not a JSON object (with the line), no model, or an invalid key.
    """
    body = read_json(raw)
    if not isinstance(body, dict):
        raise InvalidInput("O corpo da requisição deve ser um objeto JSON.")
    model = body.get("model")
    if not isinstance(model, str) or not model.strip():
        raise InvalidInput("O campo 'model' é obrigatório e deve ser um texto.", param="model")
    return ParsedRequest(body, model, fingerprint_of(raw), _request_id(headers), len(raw))


def _initial_hold(expected: Estimate, call: Call) -> int:
    """Initial size of a growing hold, in charged tokens."""
    return min(expected.max_charge, expected.min_charge + expected.slice_charge(call))


def _request_id(headers: RequestHeaders) -> str:
    if b"idempotency-key" in headers.table:
        key = optional_key(headers.get("idempotency-key"))
        if key:
            return key
    return f"req_{random.getrandbits(128):032x}"


def _conversation_id(headers: RequestHeaders) -> str | None:
    if not headers.has_any(_CONVERSATION_NAMES):
        return None
    for name in _CONVERSATION_HEADERS:
        value = headers.get(name)
        if value and "{{" not in value and value.isprintable():
            return value[:_MAX_CONVERSATION_CHARACTERS]
    return None


def _prepare(api: ApiShape, body: Json, user_id: UUID, *, is_stream: bool) -> bool:
    """Overwrite the identity and request usage; returns whether the client asked for usage."""
    api.set_user(body, str(user_id))
    return api.request_usage(body) if is_stream else True

"""What staff and users may send about credits, before anything is looked up."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from solaris.credits.schemas import GrantBody, PurchaseBody
from solaris.platform.http.idempotency import InvalidIdempotencyKey, MissingIdempotencyKey, optional_key, required_key

GRANT = {"tokens": 1000, "amount_paid": 50, "reason": "compra_email", "note": "nota 12"}


@pytest.mark.parametrize("tokens", [0, -1, 1_000_000_001, True, 1.0, 1e3, "1000", None, [1]])
def test_credits_are_added_in_whole_tokens_within_bounds(tokens: Any) -> None:
    with pytest.raises(ValidationError):
        GrantBody.model_validate({**GRANT, "tokens": tokens})


@pytest.mark.parametrize("tokens", [1, 1_000_000_000])
def test_the_bounds_themselves_are_accepted(tokens: int) -> None:
    assert GrantBody.model_validate({**GRANT, "tokens": tokens}).tokens == tokens


@pytest.mark.parametrize(
    "amount", [-0.01, 10_000_000.01, 1.005, True, "abc", "NaN", "Infinity", "1e400", "1_000", "٣", " 5", "1e2", None]
)
def test_an_amount_paid_is_a_sum_of_money(amount: Any) -> None:
    with pytest.raises(ValidationError):
        GrantBody.model_validate({**GRANT, "amount_paid": amount})


@pytest.mark.parametrize(("sent", "kept"), [(0.1, "0.1"), (50, "50"), ("49.90", "49.90"), (10_000_000, "10000000")])
def test_money_is_kept_exactly_as_sent(sent: Any, kept: str) -> None:
    assert GrantBody.model_validate({**GRANT, "amount_paid": sent}).amount_paid == Decimal(kept)


@pytest.mark.parametrize("wrong", [{"reason": "presente"}, {"note": "x" * 501}, {"note": "a\x00b"}, {"extra": 1}])
def test_other_wrong_fields_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        GrantBody.model_validate({**GRANT, **wrong})


@pytest.mark.parametrize(
    "body",
    [
        {"method": "manual"},
        {"method": "manual", "package_id": "pacote-200k", "tokens": 5},
        {"method": "boleto", "package_id": "pacote-200k"},
        {"method": "manual", "tokens": 0},
        {"method": "manual", "tokens": 10, "urgency": "ontem"},
        {"method": "manual", "tokens": 10, "note": "x" * 1001},
    ],
)
def test_a_purchase_names_a_package_or_an_amount_and_a_known_method(body: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PurchaseBody.model_validate(body)


@pytest.mark.parametrize("key", ["", "a b", "é", "x" * 201, "a\n"])
def test_an_idempotency_key_is_visible_ascii(key: str) -> None:
    with pytest.raises(InvalidIdempotencyKey):
        optional_key(key)


def test_a_required_key_is_asked_for_by_name() -> None:
    with pytest.raises(MissingIdempotencyKey, match="Idempotency-Key"):
        required_key(None)
    assert required_key("x" * 200) == "x" * 200
    assert optional_key(None) is None

"""The price of tokens by the packages, without edits by people involved in the grant. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal
from typing import Any
from uuid import UUID

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Offer:
    """A package's tokens and price."""

    tokens: int
    amount_brl: Decimal
    active: bool = True

    @property
    def price_per_token(self) -> Decimal:
        """The price of one token in BRL."""
        return self.amount_brl / self.tokens


@dataclass(frozen=True, slots=True)
class PackageEdit:
    """One audit entry of a package; `before` is None for its creation."""

    package_id: str
    actor_id: UUID | None
    before: Mapping[str, Any] | None


def trusted_offers(
    packages: Mapping[str, Offer], edits: Sequence[PackageEdit], involved: Collection[UUID]
) -> dict[str, Offer]:
    """The offers to compare a price with, by package id. `edits`: recent edits, newest first.

    A package edited by an involved person counts as it was before their first recent edit, or as it
    is now if that is more expensive. A package that they created or put on sale does not count.
    """
    trusted = {}
    for package_id, offer in packages.items():
        own = [edit for edit in edits if edit.package_id == package_id]
        found = _trusted(offer, own, involved)
        if found is not None:
            trusted[package_id] = found
    return trusted


def was_edited_by(edits: Iterable[PackageEdit], package_id: str, involved: Collection[UUID]) -> bool:
    """Whether an involved person is among the package's recent editors."""
    return any(edit.package_id == package_id and edit.actor_id in involved for edit in edits)


def price_of(tokens: int, offers: Iterable[Offer]) -> Decimal | None:
    """The price of `tokens` in BRL, rounded down to cents; None without offers.

    Uses the price per token of the largest package with at most `tokens` (else of the smallest
    package), but no more than the price of any package with at least `tokens`.
    """
    known = sorted(offers, key=lambda offer: (offer.tokens, offer.amount_brl))
    if not known:
        return None
    largest = max((offer.tokens for offer in known if offer.tokens <= tokens), default=known[0].tokens)
    base = next(offer for offer in known if offer.tokens == largest)
    price = base.price_per_token * tokens
    larger = [offer.amount_brl for offer in known if offer.tokens >= tokens]
    return min([price, *larger]).quantize(_CENT, rounding=ROUND_DOWN)


def _trusted(now: Offer, edits: Sequence[PackageEdit], involved: Collection[UUID]) -> Offer | None:
    before: Offer | None = now
    trusted: Offer | None = now
    is_edited = False
    for edit in edits:
        before = None if edit.before is None or before is None else _before_edit(before, edit.before)
        if edit.actor_id in involved:
            trusted, is_edited = before, True
    if trusted is None or not trusted.active:
        return None
    if is_edited and now.active and now.price_per_token > trusted.price_per_token:
        return now
    return trusted


def _before_edit(offer: Offer, before: Mapping[str, Any]) -> Offer:
    return replace(
        offer,
        tokens=int(before.get("tokens", offer.tokens)),
        amount_brl=Decimal(str(before.get("amount_brl", offer.amount_brl))),
        active=bool(before.get("active", offer.active)),
    )

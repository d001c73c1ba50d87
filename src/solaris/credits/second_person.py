"""Decides whether a grant needs a second person (docs/decisions/0125)."""

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from uuid import UUID

from solaris.credits.approval_rules import read_rules
from solaris.credits.reference_price import Offer, PackageEdit, price_of, trusted_offers, was_edited_by
from solaris.platform.postgres import Connection
from solaris.platform.sql import load_sql

# Edits of packages by people involved in a grant are ignored for this long.
DISTRUSTED_EDIT_DAYS = 30
_CENT = Decimal("0.01")


class Cause(StrEnum):
    """Why a grant needs a second person."""

    ABOVE_AMOUNT = "above_amount"
    BELOW_PRICE = "below_price"


@dataclass(frozen=True, slots=True)
class ProposedGrant:
    """A grant that one person wants to make.

    `package_id` and `listed` are the package, and the tokens and price, of the credit request that
    it approves, if any.
    """

    actor_id: UUID
    user_id: UUID
    tokens: int
    amount_brl: Decimal
    is_sale: bool
    package_id: str | None = None
    listed: Offer | None = None


async def causes_for_second_person(connection: Connection, proposed: ProposedGrant) -> tuple[Cause, ...]:
    """Why the grant needs a second person; empty if it does not.

    Lock the user's row before the call, so that concurrent grants are added up.
    """
    rules = await read_rules(connection)
    found = []
    limit = rules.second_person_above_tokens
    if limit > 0:
        granted = await connection.fetchval(
            load_sql("credits", "granted_by_one_person"), proposed.actor_id, proposed.user_id
        )
        if granted + proposed.tokens > limit:
            found.append(Cause.ABOVE_AMOUNT)
    has_price = proposed.is_sale or proposed.listed is not None
    if rules.second_person_below_price and has_price and await _is_below_price(connection, proposed):
        found.append(Cause.BELOW_PRICE)
    return tuple(found)


async def _is_below_price(connection: Connection, proposed: ProposedGrant) -> bool:
    involved = {proposed.actor_id, proposed.user_id}
    edits = [
        PackageEdit(row["entity_id"], row["actor_id"], row["before"])
        for row in await connection.fetch(load_sql("credits", "recent_package_edits"), DISTRUSTED_EDIT_DAYS)
    ]
    listed, package_id = proposed.listed, proposed.package_id
    if listed is not None and (package_id is None or not was_edited_by(edits, package_id, involved)):
        price = (listed.price_per_token * proposed.tokens).quantize(_CENT, rounding=ROUND_DOWN)
        return proposed.amount_brl < price
    rows = await connection.fetch(load_sql("credits", "packages"), None)
    packages = {row["id"]: Offer(row["tokens"], row["amount_brl"], row["active"]) for row in rows}
    expected = price_of(proposed.tokens, trusted_offers(packages, edits, involved).values())
    if expected is None:
        # Without packages there is no price to compare with. If the only packages are those of
        # people involved, the price is not proven.
        return any(edit.actor_id in involved for edit in edits)
    return proposed.amount_brl < expected

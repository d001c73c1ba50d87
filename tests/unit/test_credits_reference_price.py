"""The price that a sale is compared with."""

from decimal import Decimal
from uuid import UUID, uuid4

from solaris.credits.reference_price import Offer, PackageEdit, price_of, trusted_offers, was_edited_by

ACTOR, OTHER = uuid4(), uuid4()
SMALL = Offer(200_000, Decimal("50.00"))
MEDIUM = Offer(500_000, Decimal("120.00"))
LARGE = Offer(1_000_000, Decimal("230.00"))
ALL = (SMALL, MEDIUM, LARGE)


def _edit(actor: UUID | None, **before: object) -> PackageEdit:
    return PackageEdit("p", actor, before or None)


def test_a_package_costs_its_price_and_what_lies_between_its_share() -> None:
    assert [price_of(offer.tokens, ALL) for offer in ALL] == [Decimal("50.00"), Decimal("120.00"), Decimal("230.00")]
    assert price_of(400_000, ALL) == Decimal("100.00")
    assert price_of(2_000_000, ALL) == Decimal("460.00")
    assert price_of(100_000, ALL) == Decimal("25.00")
    assert price_of(1, ALL) == Decimal("0.00")


def test_less_than_a_package_never_costs_more_than_the_package() -> None:
    assert price_of(499_999, ALL) == Decimal("120.00")
    assert price_of(199_999, ALL) == Decimal("49.99")


def test_the_cheaper_of_two_equal_packages_counts_and_none_is_no_price() -> None:
    assert price_of(200_000, (SMALL, Offer(200_000, Decimal("40.00")))) == Decimal("40.00")
    assert price_of(200_000, ()) is None


def test_a_package_counts_as_it_was_before_the_edit_of_someone_involved() -> None:
    now = {"p": Offer(200_000, Decimal("0.01"))}
    lowered = [_edit(ACTOR, amount_brl="50.00")]
    assert trusted_offers(now, lowered, {ACTOR})["p"].amount_brl == Decimal("50.00")
    assert trusted_offers(now, lowered, {OTHER})["p"].amount_brl == Decimal("0.01")
    assert trusted_offers({"p": Offer(20_000_000, Decimal(50))}, [_edit(ACTOR, tokens=200_000)], {ACTOR})["p"] == SMALL


def test_edits_of_others_after_it_do_not_hide_it() -> None:
    edits = [_edit(OTHER, name="x"), _edit(ACTOR, amount_brl="30.00"), _edit(ACTOR, amount_brl="50.00")]
    trusted = trusted_offers({"p": Offer(200_000, Decimal("0.01"))}, edits, {ACTOR})
    assert trusted["p"].amount_brl == Decimal("50.00")
    assert was_edited_by(edits, "p", {ACTOR})
    assert not was_edited_by(edits, "q", {ACTOR})


def test_one_who_raised_the_price_is_held_to_it() -> None:
    now = {"p": Offer(200_000, Decimal("80.00"))}
    assert trusted_offers(now, [_edit(ACTOR, amount_brl="50.00")], {ACTOR})["p"].amount_brl == Decimal("80.00")


def test_a_package_of_ones_own_does_not_count_and_one_taken_off_sale_still_does() -> None:
    cheap = {"p": Offer(200_000, Decimal("0.01"))}
    assert trusted_offers(cheap, [_edit(ACTOR)], {ACTOR}) == {}
    assert trusted_offers(cheap, [_edit(ACTOR, active=False)], {ACTOR}) == {}
    off = {"p": Offer(200_000, Decimal("50.00"), active=False)}
    assert trusted_offers(off, [_edit(ACTOR, active=True)], {ACTOR}) == {"p": SMALL}
    assert trusted_offers(off, [], {ACTOR}) == {}

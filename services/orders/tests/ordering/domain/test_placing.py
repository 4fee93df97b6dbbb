"""Sending an order off, decided from what was gathered: what stops it, and how far it goes."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from marktbund.contracts.order_details import LineQuote
from marktbund.contracts.routes import AgreementHint, ClassSum, KeptOffer, WindowSum
from marktbund.contracts.rule_sets import ApprovalStep, AwardRule, RouteLimit, RuleSetState
from marktbund.errors import Conflict, DomainError
from marktbund.ids import new_id
from orders.awarding.domain.limits import Need, NeedTerms
from orders.awarding.domain.outcomes import Comparables
from orders.ground.domain.articles import Article
from orders.ground.domain.buyers import Buyer
from orders.ordering.domain.lines import FreeText, Wanted
from orders.ordering.domain.placing import Cart, CartSums, Facts, Sent, cart_of, route, send_off
from orders.ordering.domain.spot_orders import SpotOrder
from orders.ordering.domain.terms import OrderTerms

TOWN, REQUESTER = UUID(int=2), UUID(int=5)
AT = datetime(2026, 5, 31, 10, tzinfo=UTC)
DAY = date(2026, 5, 31)
QUOTE = "a" * 64
PAPER = Article(
    article_id=UUID(int=10),
    supplier_id=UUID(int=20),
    article_number="BW-1",
    name="Papier",
    cpv="30197630",
    comparable_group="gtin:1",
    order_unit="XPK",
    unit_price_net=Decimal("12.50"),
    vat_rate=Decimal(19),
    orderable=True,
)
CHAIR = replace(
    PAPER,
    article_id=UUID(int=11),
    supplier_id=UUID(int=21),
    cpv="39112000",
    comparable_group="gtin:2",
    unit_price_net=Decimal("199.99"),
)
WANTED = (Wanted(PAPER.article_id, Decimal(3)), Wanted(CHAIR.article_id, Decimal(1)))
# 3 x 12.50 + 199.99
NET = Decimal("237.49")
ORDER = SpotOrder(UUID(int=1), TOWN, TOWN, REQUESTER, "17", wanted=WANTED)
NEED = Need.record(
    UUID(int=8), TOWN, NeedTerms(title="Büro", stated_net=Decimal(1000)), Decimal(0), "supply"
)
DIRECT = RouteLimit(route="direct", up_to_net=Decimal(1000))
COMPARE = RouteLimit(route="compare", up_to_net=Decimal(5000), offers_received=3)
REQUEST = RouteLimit(route="request", up_to_net=Decimal(25000), offers_asked=3, offers_received=1)
NOTHING = CartSums((), ())


def buyer(*limits: RouteLimit, months: int | None = None, above: str | None = None) -> Buyer:
    rules = AwardRule(
        contract_kinds=("supply",),
        limits=limits,
        window_months=months,
        binding=True,
        source="Vergabeordnung",
        source_kind="bylaw",
        valid_from=date(2026, 1, 1),
    )
    steps = () if above is None else (ApprovalStep(above_net=Decimal(above)),)
    state = RuleSetState(
        version=3,
        rule_set_id=UUID(int=7),
        member_id=TOWN,
        status="active",
        rules=(rules,),
        approval_steps=steps,
    )
    return Buyer(TOWN, TOWN, state)


def facts(who: Buyer | None = None, *articles: Article, **more) -> Facts:
    known = {article.article_id: article for article in articles or (PAPER, CHAIR)}
    return Facts(**{"buyer": who or Buyer(TOWN, TOWN), "articles": known, "documents": (),
                    "names": {}} | more)  # fmt: skip


def cart(order: SpotOrder = ORDER, known: Facts | None = None, seen: str | None = None) -> Cart:
    return cart_of(order, known or facts(), DAY, None if seen is None else Decimal(seen), new_id)


def saying(**terms) -> SpotOrder:
    return replace(ORDER, terms=OrderTerms(**terms))


def sent(
    who: Buyer | None = None, order: SpotOrder = ORDER, sums: CartSums = NOTHING, **more
) -> Sent:
    return send_off(order, cart(order, facts(who, **more)), sums, REQUESTER, AT, new_id)


def refusal_of(order: SpotOrder = ORDER, known: Facts | None = None, seen: str | None = None):
    with pytest.raises(DomainError) as refused:
        cart(order, known, seen)
    return refused.value.code, refused.value.field


# -- the cart -------------------------------------------------------------------------------------


def test_a_cart_is_worth_its_lines_and_side_costs():
    known = cart(saying(side_costs_net=Decimal("4.90")))
    assert [line.net_amount for line in known.lines] == [Decimal("37.50"), Decimal("199.99")]
    assert known.net == NET + Decimal("4.90")
    assert sum(share.net for share in known.shares) == known.net
    # Nobody described the need: it is worth this order.
    assert (known.new_need, known.need.estimate.net) == (True, known.net)


def test_a_cart_for_a_need_written_down_before_counts_there():
    known = cart(saying(need_id=NEED.need_id), facts(need=NEED))
    assert (known.new_need, known.need) == (False, NEED)


def test_the_sum_that_was_seen_is_of_the_lines_without_side_costs():
    order = saying(side_costs_net=Decimal("4.90"))
    assert cart(order, seen="237.49").net == Decimal("242.39")
    assert refusal_of(order, seen="242.39") == ("price_changed", "seen_net_total")


@pytest.mark.parametrize("months", [None, 12])
def test_windows_are_those_of_the_rules_that_apply(months: int | None):
    known = cart(known=facts(buyer(DIRECT, months=months)))
    assert known.windows == ({} if months is None else {12: date(2025, 5, 31)})


@pytest.mark.parametrize(("limits", "compares"), [((DIRECT,), False), ((DIRECT, COMPARE), True)])
def test_offers_are_looked_for_where_a_rule_may_compare(
    limits: tuple[RouteLimit, ...], compares: bool
):
    assert cart(known=facts(buyer(*limits))).compares == compares


QUOTED = Wanted(
    UUID(int=12),
    Decimal(1),
    free_text=FreeText(
        supplier_id=UUID(int=20),
        description="Sonderdruck",
        cpv="30197630",
        order_unit="C62",
        unit_price_net=Decimal(80),
        vat_rate=Decimal(19),
        quote=LineQuote(document_sha256=QUOTE, quoted_on=date(2026, 5, 1)),
    ),
)
OUTSIDE = KeptOffer(
    kind="external", supplier_name="Fremd", net_total=Decimal(300), quoted_on=date(2026, 5, 30)
)


@pytest.mark.parametrize(
    ("order", "known", "expected"),
    [
        (
            replace(ORDER, wanted=(QUOTED,)),
            facts(),
            ("document_unknown", "lines[0].free_text.document_sha256"),
        ),
        (ORDER, facts(Buyer(TOWN, TOWN, active=False)), ("member_not_active", "Member")),
        (ORDER, facts(Buyer(TOWN, TOWN, unit_known=False)), ("unit_unknown", "unit_id")),
        (
            saying(quotes=(OUTSIDE, OUTSIDE.model_copy(update={"quoted_on": date(2026, 6, 1)}))),
            facts(),
            ("quote_in_the_future", "quotes[1].quoted_on"),
        ),
        (
            saying(quotes=(OUTSIDE.model_copy(update={"quoted_on": date(2024, 5, 30)}),)),
            facts(),
            ("quote_too_old", "quotes[0].quoted_on"),
        ),
        (ORDER, facts(None, PAPER), ("article_unknown", "lines[1].article_id")),
        (
            ORDER,
            facts(None, PAPER, replace(CHAIR, orderable=False)),
            ("article_withdrawn", "lines[1].article_id"),
        ),
        (saying(need_id=NEED.need_id), facts(), ("need_unknown", "need_id")),
        (
            saying(need=NeedTerms(title="Strom", kind="recurring")),
            facts(),
            ("estimate_missing", "need.monthly_net"),
        ),
    ],
)
def test_what_stands_against_a_cart_is_named_by_its_field(
    order: SpotOrder, known: Facts, expected: tuple[str, str]
):
    assert refusal_of(order, known) == expected


def test_nothing_more_is_ordered_for_a_closed_need():
    closed, _ = NEED.close(REQUESTER)
    assert refusal_of(saying(need_id=NEED.need_id), facts(need=closed))[0] == "need_closed"


def test_a_suspended_member_hears_that_before_its_lines():
    known = facts(Buyer(TOWN, TOWN, active=False), replace(PAPER, orderable=False))
    assert refusal_of(known=known)[0] == "member_not_active"


# -- sending it off -------------------------------------------------------------------------------


def kinds(known: Sent) -> list[str]:
    return [type(event).__name__ for event in known.news]


def test_a_small_order_is_placed_at_once_and_counts_in_a_new_need():
    known = sent(buyer(DIRECT))
    assert kinds(known) == [
        "NeedRecorded",
        "OrderSubmitted",
        "OrderApproved",
        "OrderPlaced",
        "SupplierOrderPlaced",
        "SupplierOrderPlaced",
    ]
    assert (known.order.status, known.booked) == ("placed", True)
    assert (known.need.ordered_net, known.need.position) == (NET, 1)
    assert [share.net_total for share in known.shares] == [Decimal("37.50"), Decimal("199.99")]


def test_an_order_for_a_known_need_records_none():
    order = saying(need_id=NEED.need_id)
    known = sent(buyer(DIRECT), order, need=NEED.book(Decimal(100)))
    assert kinds(known)[0] == "OrderSubmitted"
    assert (known.need.ordered_net, known.need.position) == (NET + 100, 2)
    assert known.decision.inputs.need_before_net == 100
    # The need's estimate decides, not the smaller order.
    assert known.decision.decisive_net == Decimal(1000)


@pytest.mark.parametrize(("above", "status"), [("237.48", "submitted"), ("237.49", "placed")])
def test_an_order_above_a_step_waits_and_counts_all_the_same(above: str, status: str):
    known = sent(buyer(DIRECT, above=above))
    assert (known.order.status, known.booked, known.need.ordered_net) == (status, True, NET)


def test_what_goes_to_the_award_office_counts_nowhere():
    known = sent(buyer(RouteLimit(route="direct", up_to_net=Decimal(237))))
    assert (known.order.status, known.booked, known.shares) == ("handed_over", False, [])
    assert (known.need.ordered_net, known.need.position) == (0, 0)
    assert kinds(known) == ["NeedRecorded", "OrderSubmitted", "OrderHandedOver"]


def test_an_order_that_needs_offers_waits_for_them_and_counts():
    known = sent(buyer(RouteLimit(route="request", up_to_net=Decimal(500), offers_asked=3)))
    assert (known.order.status, known.booked) == ("awaiting_offers", True)
    assert kinds(known) == ["NeedRecorded", "OrderSubmitted", "OffersAwaited"]


def test_sums_behind_the_locks_decide():
    sums = ClassSum(
        cpv_class="3019",
        pot_id=TOWN,
        before_net=Decimal("962.50"),
        ordered_net=Decimal("37.50"),
        position=4,
        windows=(WindowSum(months=12, before_net=Decimal("962.50")),),
    )
    who = buyer(DIRECT, REQUEST, months=12)
    assert sent(who, sums=CartSums((sums,), ())).order.status == "placed"
    cent = {"before_net": Decimal("962.51")}
    over = sums.model_copy(update=cent | {"windows": (WindowSum(months=12, **cent),)})
    known = sent(who, sums=CartSums((over,), ()))
    assert (known.order.status, known.decision.decisive_net) == (
        "awaiting_offers",
        Decimal("1000.01"),
    )


def test_an_exclusive_agreement_stops_the_order_with_its_decision():
    hint = AgreementHint(
        agreement_id=UUID(int=30),
        number="RV-1",
        binding="exclusive",
        entitled=True,
        exhausted=False,
        comparable_group="gtin:1",
    )
    with pytest.raises(Conflict) as refused:
        sent(buyer(DIRECT), sums=CartSums((), (hint,)))
    assert refused.value.code == "use_agreement"
    assert refused.value.extra["decision"]["outcome"] == "use_agreement"


# -- offers ---------------------------------------------------------------------------------------


COMPARING = buyer(RouteLimit(route="compare", up_to_net=Decimal(5000), offers_received=3))
CATALOGUE = KeptOffer(kind="catalog", line_no=1, supplier_name="Bürowelt", net_total=Decimal(38))


@pytest.mark.parametrize(
    ("in_catalogue", "brought", "outcome"),
    [(3, 0, "compare"), (2, 1, "compare"), (1, 2, "compare"), (2, 0, None), (0, 2, None)],
)
def test_quotes_brought_along_count_beside_the_catalogues_offers(
    in_catalogue: int, brought: int, outcome: str | None
):
    order = saying(quotes=(OUTSIDE,) * brought)
    known = cart(order, facts(COMPARING))
    compared = CartSums((), (), Comparables(in_catalogue, (CATALOGUE,)))
    decision, offers = route(order, known, compared, DAY)
    assert decision.inputs.offers == in_catalogue + brought
    assert offers == (CATALOGUE, *(OUTSIDE,) * brought)
    assert (decision.refusal is None) == (outcome == "compare")


def test_offers_nobody_asked_for_are_not_kept():
    known = cart(known=facts(buyer(DIRECT)))
    compared = CartSums((), (), Comparables(5, (CATALOGUE,)))
    decision, offers = route(ORDER, known, compared, DAY)
    assert (decision.outcome, decision.inputs.offers, offers) == ("direct", None, ())

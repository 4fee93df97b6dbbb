"""Sending an order off, decided from what was gathered: its cart, its route, what comes of it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from marktbund.clock import business_date
from marktbund.contracts.base import Message
from marktbund.contracts.orders import OrderLine
from marktbund.contracts.routes import (
    AgreementHint,
    ClassSum,
    KeptOffer,
    RouteDecision,
    RouteInputs,
)
from orders.awarding.face.values import (
    Comparables,
    Need,
    Routed,
    Share,
    applicable,
    contract_kind_of,
    decide,
    pots_of,
    refusal,
    require_need,
    shares_of,
    windows_on,
)
from orders.ground.domain.articles import Article, require_quoted
from orders.ground.domain.buyers import Buyer
from orders.ordering.domain.lines import documents_of, freeze, require_known
from orders.ordering.domain.seen import require_seen
from orders.ordering.domain.spot_orders import SpotOrder
from orders.ordering.domain.supplier_orders import SupplierOrder


@dataclass(frozen=True, slots=True)
class Facts:
    """What an order's locks follow from, as it stood before they were taken.

    need: the one the order names, if it is known, with the sum of then. documents: those it names
    that are the member's. names: of suppliers that quoted in words.
    """

    buyer: Buyer
    articles: Mapping[UUID, Article]
    documents: Collection[str]
    names: Mapping[UUID, str]
    need: Need | None = None


@dataclass(frozen=True, slots=True)
class Cart:
    """An order's lines at the prices of now, and where they count. Amounts: net EUR.

    need: without this order. windows: months -> the day after which each begins. compares: whether
    its rules may ask for comparable offers.
    """

    lines: tuple[OrderLine, ...]
    buyer: Buyer
    need: Need
    new_need: bool
    net: Decimal
    pots: Mapping[int, UUID]
    shares: tuple[Share, ...]
    windows: Mapping[int, date]
    compares: bool


@dataclass(frozen=True, slots=True)
class CartSums:
    """What was added up behind the locks, the agreements that cover the lines, their offers."""

    classes: tuple[ClassSum, ...]
    agreements: tuple[AgreementHint, ...]
    compared: Comparables | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """An order sent off: where it stands, its shares, its need, what was decided and its news."""

    order: SpotOrder
    shares: list[SupplierOrder]
    need: Need
    cart: Cart
    decision: RouteDecision
    offers: tuple[KeptOffer, ...]
    news: list[Message]

    @property
    def booked(self) -> bool:
        """Whether it counts in its need and pots; what is handed over is awarded elsewhere."""
        return self.order.status != "handed_over"


def cart_of(
    order: SpotOrder,
    facts: Facts,
    on: date,
    seen_net_total: Decimal | None,
    new_id: Callable[[], UUID],
) -> Cart:
    """Freeze an order's lines on a day, and see where they count.

    Raises what stands against the documents, the buyer, the lines, `price_changed` where somebody
    saw another sum, and NotFound (`need_unknown`), Conflict (`need_closed`), Invalid
    (`estimate_missing`) of its need.
    """
    terms = order.terms
    require_known(documents_of(order.wanted, terms.quotes), facts.documents)
    facts.buyer.require_able()
    require_quoted(terms.quotes, on, "quotes")
    lines = freeze(order.wanted, facts.articles, on)
    if seen_net_total is not None:
        require_seen(seen_net_total, lines)
    net = sum((line.net_amount for line in lines), terms.side_costs_net)
    pots = pots_of(lines, facts.buyer, on)
    need = _need_of(order, facts, lines, net, new_id)
    rules = applicable(facts.buyer.rule_set, need.contract_kind, on)
    return Cart(
        lines=lines,
        buyer=facts.buyer,
        need=need,
        new_need=terms.need_id is None,
        net=net,
        pots=pots,
        shares=shares_of(lines, pots, terms.side_costs_net),
        windows=windows_on(rules, on),
        compares=any(limit.route == "compare" for rule in rules for limit in rule.limits),
    )


def _need_of(
    order: SpotOrder,
    facts: Facts,
    lines: tuple[OrderLine, ...],
    net: Decimal,
    new_id: Callable[[], UUID],
) -> Need:
    if order.terms.need_id is None:
        kind = contract_kind_of(lines)
        return Need.record(new_id(), order.member_id, order.terms.need, net, kind)
    need = require_need(facts.need)
    need.require_open()
    return need


def route(
    order: SpotOrder, cart: Cart, sums: CartSums, on: date
) -> tuple[RouteDecision, tuple[KeptOffer, ...]]:
    """The decision on a cart, and the offers it was made with."""
    terms, need = order.terms, cart.need
    inputs = RouteInputs(
        contract_kind=need.contract_kind,
        decided_on=on,
        ordered_net=cart.net,
        side_costs_net=terms.side_costs_net,
        estimate=need.estimate,
        need_before_net=need.ordered_net,
        need_position=need.position,
        classes=sums.classes,
        reason_beside_agreement=terms.reason_beside_agreement,
        reason_without_offers=terms.reason_without_offers,
        grant=terms.grant,
        release=order.release,
        agreements=sums.agreements,
    )
    decision = decide(inputs, cart.buyer.rule_set)
    if decision.outcome != "compare" or sums.compared is None:
        return decision, terms.quotes
    offers = sums.compared.offers + len(terms.quotes)
    compared = inputs.model_copy(update={"offers": offers})
    decision = decide(compared, cart.buyer.rule_set)
    return decision, (*sums.compared.kept, *terms.quotes)


def send_off(
    order: SpotOrder, cart: Cart, sums: CartSums, by: UUID, at: datetime, new_id: Callable[[], UUID]
) -> Sent:
    """Go as far as the route leads; `at` is business time. Raises the route's refusal."""
    decision, offers = route(order, cart, sums, business_date(at))
    if decision.refusal is not None and (stop := refusal(decision)):
        raise stop
    routed = Routed(cart.need.need_id, decision, offers)
    submitted, news = order.submit(cart.lines, by, at, new_id, routed)
    after, shares, more = submitted.follow(decision, at)
    recorded = [cart.need.recorded(by, at, order.order_id)] if cart.new_need else []
    booked = after.status != "handed_over"
    need = cart.need.book(cart.net) if booked else cart.need
    return Sent(after, shares, need, cart, decision, offers, [*recorded, *news, *more])

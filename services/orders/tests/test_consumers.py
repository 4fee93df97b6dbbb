"""What orders do with what they hear, through the event doors."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import text

from marktbund.auth import Actor
from marktbund.clock import business_date
from marktbund.contracts.members import MemberState
from marktbund.contracts.notices import NoticeGiven
from marktbund.contracts.orders import (
    AnswerDisregarded,
    SupplierOrderAcknowledged,
    SupplierOrderAnswered,
    SupplierOrderDespatched,
)
from marktbund.contracts.supplier_gateway import (
    DeliveryAbandoned,
    DeliveryAcknowledged,
    DeliveryFailed,
    DeliveryQueued,
    DeliveryReplayed,
    DespatchAdvised,
    DespatchLine,
    OrderResponseReceived,
    ResponseLine,
)
from marktbund.envelope import Origin
from marktbund.ids import new_id
from orders.ordering import handlers
from orders.ordering.commands.orders import CancelOrder, CreateOrder, WantedLine
from orders.ordering.store import supplier_orders
from orders.ordering.views import orders as views

HEARD_AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
async def actor(market) -> Actor:
    member_id = await market.member()
    return Actor(new_id(), "requester", member_id, member_id)


@pytest.fixture
async def share(market, actor, uow):
    """A placed supplier order: 10 at 12.50 and 1 at 199.99 net EUR, as later news share it."""
    shop = await market.supplier()
    lines = (
        WantedLine(article_id=await market.article(shop), quantity=10),
        WantedLine(article_id=await market.article(shop, "199.99"), quantity=1),
    )
    order = await handlers.create_order(CreateOrder(lines=lines), actor, uow)
    uow.take_announced()
    ((supplier_id, supplier_order_id),) = order.supplier_order_ids
    return {
        "version": 1,
        "supplier_order_id": supplier_order_id,
        "order_id": order.order_id,
        "member_id": order.member_id,
        "supplier_id": supplier_id,
    }


def announced(uow):
    """Facts of orders and supplier orders; what people are told of them has its own tests."""
    events = [event for event, _ in uow.take_announced()]
    return [event for event in events if not isinstance(event, NoticeGiven)]


def delivery(share, document: str = "order") -> dict[str, object]:
    return share | {"delivery_id": new_id(), "document": document}


async def test_accepted_changed_and_refused_are_kept_per_line(market, share, uow):
    await market.answer(share, (1, "changed", "6", "12.00"), (2, "refused", "0", "0"))
    (event,) = announced(uow)
    assert isinstance(event, SupplierOrderAnswered)
    assert (event.version, event.complete) == (2, True)
    assert (event.accepted_net, event.reduced_net, event.refused_net) == (
        Decimal("72.00"),
        Decimal("53.00"),
        Decimal("199.99"),
    )
    kept = await supplier_orders.load(uow, share["supplier_order_id"])
    assert kept.status == "answered"
    changed, refused = kept.lines
    assert (changed.decision, changed.quantity, changed.unit_price_net) == ("changed", 6, 12)
    assert (refused.decision, refused.refused_net) == ("refused", Decimal("199.99"))


async def test_an_answer_in_parts(market, share, uow):
    await market.answer(share, (2, "accepted", "1", "199.99"))
    (first,) = announced(uow)
    assert (first.complete, first.version) == (False, 2)
    assert (await supplier_orders.load(uow, share["supplier_order_id"])).status == "placed"
    await market.answer(share, (1, "accepted", "10", "12.50"))
    (second,) = announced(uow)
    assert (second.complete, second.version) == (True, 3)
    assert [line.line_no for line in second.lines] == [1]


async def test_a_line_answered_twice_is_refused_and_the_first_word_stands(market, share, uow):
    await market.answer(share, (1, "accepted", "10", "12.50"))
    with pytest.raises(ValueError, match="already"):
        await market.answer(share, (1, "refused", "0", "0"))
    kept = await supplier_orders.load(uow, share["supplier_order_id"])
    assert kept.lines[0].accepted_net == Decimal("125.00")


async def test_an_answer_after_the_cancellation_is_disregarded(market, actor, share, uow):
    await handlers.cancel_order(share["order_id"], CancelOrder(), actor, uow)
    announced(uow)
    await market.answer(share, (1, "accepted", "10", "12.50"))
    (event,) = announced(uow)
    assert isinstance(event, AnswerDisregarded)
    assert event.version == 3
    kept = await supplier_orders.load(uow, share["supplier_order_id"])
    assert (kept.status, kept.lines[0].decision) == ("cancelled", "cancelled")


async def test_the_first_acknowledgement_counts_and_a_late_one_changes_nothing(market, share, uow):
    await market.tell(DeliveryQueued(**delivery(share)))
    assert announced(uow) == []
    await market.tell(DeliveryAcknowledged(**delivery(share)))
    (event,) = announced(uow)
    assert isinstance(event, SupplierOrderAcknowledged)
    await market.tell(DeliveryAcknowledged(**delivery(share)))
    await market.answer(share, (1, "refused", "0", "0"), (2, "refused", "0", "0"))
    announced(uow)
    before = await supplier_orders.load(uow, share["supplier_order_id"])
    await market.tell(DeliveryAcknowledged(**delivery(share)))
    assert announced(uow) == []
    assert await supplier_orders.load(uow, share["supplier_order_id"]) == before


async def test_a_fetched_cancellation_acknowledges_no_order(market, share, uow):
    await market.tell(DeliveryAcknowledged(**delivery(share, "cancellation")))
    assert announced(uow) == []
    assert (await supplier_orders.load(uow, share["supplier_order_id"])).status == "placed"


async def test_goods_may_come_in_several_despatches(market, share, uow):
    on = business_date(uow.business_now)
    for _ in range(2):
        lines = (DespatchLine(line_no=1, quantity=5),)
        await market.tell(
            DespatchAdvised(despatch_id=new_id(), despatched_on=on, lines=lines, **share)
        )
    first, second = announced(uow)
    assert isinstance(first, SupplierOrderDespatched)
    assert [first.version, second.version] == [2, 3]
    assert (await supplier_orders.load(uow, share["supplier_order_id"])).status == "despatched"


async def test_news_of_an_order_nobody_placed_is_an_error(market, share):
    with pytest.raises(LookupError):
        await market.answer(share | {"supplier_order_id": new_id()}, (1, "accepted", "10", "12.50"))


@pytest.mark.parametrize("driven", [None, datetime(2026, 1, 31, tzinfo=UTC)])
async def test_what_follows_is_dated_and_joined_by_what_was_heard(
    market, received, share, uow, driven
):
    line = ResponseLine(line_no=1, decision="accepted", quantity=10, unit_price_net="12.50")
    event = OrderResponseReceived(response_id=new_id(), lines=(line,), **share)
    origin = Origin("joined", business_time=driven, demo=driven is not None)
    await market.hand(received(event, time=HEARD_AT, origin=origin))
    ((_, follows),) = uow.take_announced()
    assert follows.correlation_id == "joined"
    assert follows.business_time == (driven or HEARD_AT)
    assert follows.demo is (driven is not None)


def town(member_id: UUID, version: int) -> MemberState:
    return MemberState(
        version=version,
        member_id=member_id,
        name=f"in version {version}",
        legal_form="municipality",
        official_key="05999999",
        status="active",
    )


@pytest.mark.parametrize("versions", [(1, 2), (2, 1), (2, 2)])
@pytest.mark.parametrize("together", [True, False])
async def test_replicas_keep_the_newest_state_however_it_arrives(market, uow, versions, together):
    member_id = new_id()
    states = [town(member_id, version) for version in versions]
    for batch in [states] if together else [[state] for state in states]:
        await market.tell(*batch)
    row = (await uow.connection.execute(text("SELECT name, version FROM member"))).one()
    assert (row.name, row.version) == ("in version 2", 2)


async def test_an_old_price_does_not_come_back(market, uow):
    shop = await market.supplier()
    paper = await market.article(shop, "11.00", version=2)
    await market.article(shop, "12.50", article_id=paper, version=1)
    await market.supplier(supplier_id=shop, status="suspended", version=3)
    await market.supplier(supplier_id=shop, status="active", version=2)
    price = await uow.connection.scalar(text("SELECT unit_price_net FROM article"))
    status = await uow.connection.scalar(text("SELECT status FROM supplier"))
    assert (price, status) == (Decimal("11.00"), "suspended")


NEXT = datetime(2026, 3, 2, 9, 5, tzinfo=UTC)


@pytest.mark.parametrize("document", ["order", "cancellation"])
async def test_a_document_that_does_not_arrive_is_trouble_until_it_does(
    market, share, actor, uow, document
):
    news = delivery(share, document)

    async def trouble() -> list:
        shown = await views.order(uow.connection, share["order_id"], actor.member_id)
        return [
            trouble_answer.model_dump()
            for trouble_answer in shown.supplier_orders[0].delivery_trouble
        ]

    assert await trouble() == []
    failed = DeliveryFailed(reason="timeout", attempts=1, next_attempt_at=NEXT, **news)
    await market.tell(failed)
    [shown] = await trouble()
    since = shown.pop("since")
    assert shown == {
        "document": document,
        "state": "failing",
        "reason": "timeout",
        "attempts": 1,
        "next_attempt_at": NEXT,
    }
    await market.tell(DeliveryAbandoned(reason="server_error", attempts=10, **news))
    [shown] = await trouble()
    assert (shown["state"], shown["reason"], shown["attempts"]) == ("abandoned", "server_error", 10)
    assert (shown["next_attempt_at"], shown["since"]) == (None, since)
    await market.tell(DeliveryReplayed(person_id=new_id(), **news))
    assert await trouble() == []
    await market.tell(failed)
    await market.tell(DeliveryAcknowledged(channel="webhook", **news))
    assert await trouble() == []

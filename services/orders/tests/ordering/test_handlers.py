"""Handlers on real PostgreSQL: what is kept, what is announced, and in which order."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from marktbund.auth import Actor
from marktbund.contracts.orders import OrderPlaced, OrderSubmitted, SupplierOrderPlaced
from marktbund.envelope import Origin
from marktbund.errors import Conflict, NotFound
from marktbund.ids import new_id
from orders.ordering import handlers
from orders.ordering.commands.orders import CancelOrder, CreateOrder, WantedLine
from orders.ordering.store import spot_orders, supplier_orders


@pytest.fixture
async def actor(market) -> Actor:
    member_id = await market.member()
    return Actor(new_id(), "requester", member_id, member_id)


@pytest.fixture
async def goods(market) -> tuple[UUID, UUID]:
    """Articles of two suppliers, at 12.50 and 199.99 net EUR."""
    paper = await market.article(await market.supplier())
    return paper, await market.article(await market.supplier(name="Möbelhaus"), "199.99")


def order_of(*articles: UUID, draft: bool = False) -> CreateOrder:
    lines = tuple(WantedLine(article_id=article, quantity=2) for article in articles)
    return CreateOrder(lines=lines, draft=draft)


async def test_an_order_is_kept_as_it_was_placed(actor, goods, uow):
    placed = await handlers.create_order(order_of(*goods), actor, uow)
    assert await spot_orders.load(uow, placed.order_id, actor.member_id) == placed
    shares = await supplier_orders.load_of_order(uow, placed.order_id)
    assert [share.supplier_order_id for share in shares] == sorted(
        share for _, share in placed.supplier_order_ids
    )
    assert sum(share.net_total for share in shares) == placed.net_total


async def test_news_of_an_order_come_in_order_and_count_without_gap(actor, goods, uow):
    placed = await handlers.create_order(order_of(*goods), actor, uow)
    events = [event for event, _ in uow.take_announced()]
    of_order = [event for event in events if event.key == str(placed.order_id)]
    assert [event.version for event in of_order] == [1, 2, 3]
    assert isinstance(of_order[0], OrderSubmitted)
    assert of_order[0].submitted_by == actor.person_id
    ids = [ref.supplier_order_id for ref in of_order[2].supplier_orders]
    shares = [event for event in events if isinstance(event, SupplierOrderPlaced)]
    assert [share.supplier_order_id for share in shares] == ids
    assert {share.version for share in shares} == {1}
    assert events.index(of_order[2]) < events.index(shares[0])


async def test_an_order_is_dated_by_business_time(actor, goods, uow):
    moment = datetime(2026, 1, 31, 22, 30, tzinfo=UTC)
    uow.origin = Origin("test", business_time=moment, demo=True)
    placed = await handlers.create_order(order_of(*goods), actor, uow)
    assert (placed.submitted_at, placed.placed_at) == (moment, moment)
    (event,) = [event for event, _ in uow.take_announced() if isinstance(event, OrderPlaced)]
    assert event.placed_at == moment


async def test_a_draft_keeps_its_lines_until_it_is_sent_off(actor, goods, uow):
    draft = await handlers.create_order(order_of(*goods, draft=True), actor, uow)
    kept = await spot_orders.load(uow, draft.order_id, actor.member_id)
    assert [wanted.article_id for wanted in kept.wanted] == list(goods)
    assert uow.take_announced() == []
    placed = await handlers.submit_order(draft.order_id, actor, uow)
    assert await spot_orders.load(uow, draft.order_id, actor.member_id) == placed


async def test_nobody_sends_off_what_is_not_theirs(actor, goods, market, uow):
    draft = await handlers.create_order(order_of(*goods, draft=True), actor, uow)
    other = await market.member(official_key="05999998")
    stranger = Actor(new_id(), "requester", other, other)
    with pytest.raises(NotFound):
        await handlers.submit_order(draft.order_id, stranger, uow)
    with pytest.raises(NotFound):
        await handlers.cancel_order(draft.order_id, CancelOrder(), stranger, uow)


async def test_a_member_nobody_told_of_cannot_order(goods, uow):
    unknown = new_id()
    with pytest.raises(Conflict) as refused:
        await handlers.create_order(
            order_of(*goods), Actor(new_id(), "requester", unknown, unknown), uow
        )
    assert refused.value.code == "member_not_active"


async def test_a_cancellation_is_kept_with_all_its_lines(actor, goods, uow):
    placed = await handlers.create_order(order_of(*goods), actor, uow)
    uow.take_announced()
    changed = await handlers.cancel_order(placed.order_id, CancelOrder(), actor, uow)
    assert (changed.status, changed.version) == ("cancelled", 4)
    for share in await supplier_orders.load_of_order(uow, placed.order_id):
        assert (share.status, share.version) == ("cancelled", 2)
        assert {line.decision for line in share.lines} == {"cancelled"}
        assert sum(line.cancelled_net for line in share.lines) == share.net_total
    versions = [(event.key, event.version) for event, _ in uow.take_announced()]
    ids = [(str(share), 2) for _, share in placed.supplier_order_ids]
    assert versions[0] == (str(placed.order_id), 4)
    assert sorted(versions[1:]) == sorted(ids)


async def test_an_order_that_changed_meanwhile_is_not_overwritten(actor, goods, uow):
    draft = await handlers.create_order(order_of(*goods, draft=True), actor, uow)
    placed = await handlers.submit_order(draft.order_id, actor, uow)
    with pytest.raises(Conflict) as refused:
        await spot_orders.save(uow, placed, loaded_version=draft.version)
    assert refused.value.code == "changed_meanwhile"
    (share, *_) = await supplier_orders.load_of_order(uow, placed.order_id)
    acknowledged, _ = share.acknowledge()
    await supplier_orders.save(uow, acknowledged, share)
    with pytest.raises(RuntimeError):
        await supplier_orders.save(uow, acknowledged, share)

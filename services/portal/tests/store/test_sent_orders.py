"""Orders sent off as rows, what was said with the last one, and names heard of others."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from marktbund.contracts.members import MemberState
from marktbund.contracts.supplier_gateway import SupplierState
from portal.store import last_details, replicas, sent_orders
from portal.store.carts import CartLine, Owner
from portal.store.replicas import Seller
from portal.store.sent_orders import LASTS, SentOrder

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
KOELN, BONN = UUID(int=5), UUID(int=6)
MINE = Owner("person-1", KOELN)
OTHERS = (Owner("person-2", KOELN), Owner("person-1", BONN))
ORDER = UUID(int=9)
SENT = SentOrder(
    key="sent-key-1",
    kind="cart",
    door="/orders",
    body='{"reference":"Ä  1"}',
    lines=(CartLine(UUID(int=7), Decimal("2.500")),),
    offered={"purpose": "Schulanfang"},
)


async def test_what_was_sent_is_read_to_the_byte_and_by_its_sender_only(connection, work):
    await sent_orders.keep(work(), MINE, SENT)
    assert await sent_orders.find(connection, MINE, "sent-key-1") == replace(SENT, sent_at=NOW)
    assert await sent_orders.find(connection, MINE, "sent-key-2") is None
    for other in OTHERS:
        assert await sent_orders.find(connection, other, "sent-key-1") is None
        assert await sent_orders.unsettled(connection, other, "cart") is None


async def test_sent_again_it_stays_as_it_was_sent_first(connection, work):
    await sent_orders.keep(work(), MINE, SENT)
    later = work(NOW + timedelta(minutes=1))
    await sent_orders.keep(later, MINE, replace(SENT, body="{}", lines=(), door="/other"))
    assert await sent_orders.find(connection, MINE, "sent-key-1") == replace(SENT, sent_at=NOW)


async def test_an_outcome_is_noted_once_and_for_nobody_else(connection, work):
    for owner in (MINE, *OTHERS):
        await sent_orders.keep(work(), owner, SENT)
    assert await sent_orders.settle(work(), MINE, "sent-key-1", ORDER)
    assert not await sent_orders.settle(work(), MINE, "sent-key-1", UUID(int=10))
    assert not await sent_orders.settle(work(), MINE, "sent-key-2", ORDER)
    settled = await sent_orders.find(connection, MINE, "sent-key-1")
    assert settled is not None
    assert settled.order_id == ORDER
    for other in OTHERS:
        assert await sent_orders.unsettled(connection, other, "cart") is not None


async def test_the_newest_of_a_kind_nobody_knows_the_outcome_of_comes_first(connection, work):
    for minute, (key, kind) in enumerate(
        (("sent-key-a", "cart"), ("sent-key-b", "cart"), ("sent-key-c", "free_text"))
    ):
        moment = NOW + timedelta(minutes=minute)
        await sent_orders.keep(work(moment), MINE, replace(SENT, key=key, kind=kind))
    for key in ("sent-key-b", "sent-key-a"):
        waiting = await sent_orders.unsettled(connection, MINE, "cart")
        assert waiting is not None
        assert waiting.key == key
        await sent_orders.settle(work(), MINE, key, ORDER)
    assert await sent_orders.unsettled(connection, MINE, "cart") is None
    assert await sent_orders.unsettled(connection, MINE, "free_text") is not None


async def test_an_order_that_exists_is_never_forgotten(connection, work):
    await sent_orders.keep(work(), MINE, SENT)
    await sent_orders.keep(work(), OTHERS[0], SENT)
    await sent_orders.settle(work(), MINE, "sent-key-1", ORDER)
    for owner in (MINE, OTHERS[1]):
        await sent_orders.forget(work(), owner, "sent-key-1")
    assert await sent_orders.find(connection, MINE, "sent-key-1") is not None
    await sent_orders.forget(work(), OTHERS[0], "sent-key-1")
    assert await sent_orders.find(connection, OTHERS[0], "sent-key-1") is None


async def test_a_form_sent_again_shows_its_order_for_thirty_days(connection, work):
    await sent_orders.keep(work(), MINE, SENT)
    await sent_orders.remove_old(work(), NOW + LASTS - timedelta(microseconds=1))
    assert await sent_orders.find(connection, MINE, "sent-key-1") is not None
    await sent_orders.remove_old(work(), NOW + LASTS)
    assert await sent_orders.find(connection, MINE, "sent-key-1") is None


async def test_the_last_details_are_a_persons_at_a_member_and_replaced_whole(connection, work):
    await last_details.keep(work(), MINE, {"purpose": "alt", "buyer_reference": "A-1"})
    await last_details.keep(work(), MINE, {"purpose": "neu"})
    assert await last_details.of(connection, MINE) == {"purpose": "neu"}
    for other in OTHERS:
        assert await last_details.of(connection, other) == {}


def supplier(version: int, **different) -> SupplierState:
    usual = {"supplier_id": UUID(int=6), "name": "Voss", "status": "active", "subs": ("s-1",)}
    return SupplierState(version=version, **(usual | different))


def member(version: int, member_id: UUID, name: str) -> MemberState:
    return MemberState(
        version=version,
        member_id=member_id,
        name=name,
        legal_form="municipality",
        official_key="05315000",
        status="active",
    )


@pytest.mark.parametrize("later", [3, 2])
async def test_an_older_or_repeated_state_changes_nothing(connection, work, later: int):
    await replicas.keep_sellers(work(), [supplier(3)])
    await replicas.keep_sellers(work(), [supplier(later, name="Alt", status="suspended")])
    assert await replicas.seller(connection, "s-1") == Seller(UUID(int=6), "Voss")
    await replicas.keep_members(work(), [member(3, KOELN, "Köln"), member(later, KOELN, "Alt")])
    assert await replicas.member_names(connection) == {KOELN: "Köln"}


async def test_an_account_speaks_for_its_supplier_while_both_are_admitted(connection, work):
    await replicas.keep_sellers(work(), [supplier(1, subs=("s-1", "s-2"))])
    assert await replicas.seller(connection, "s-2") == Seller(UUID(int=6), "Voss")
    assert await replicas.seller(connection, "s-") is None
    await replicas.keep_sellers(work(), [supplier(2, subs=("s-2",))])
    assert await replicas.seller(connection, "s-1") is None
    await replicas.keep_sellers(work(), [supplier(3, subs=("s-2",), status="suspended")])
    assert await replicas.seller(connection, "s-2") is None
    assert await replicas.sellers(connection) == []


async def test_names_stay_of_suppliers_that_sell_no_more(connection, work):
    gone = supplier(1, supplier_id=UUID(int=8), name="Adler", status="suspended", subs=())
    await replicas.keep_sellers(work(), [supplier(1), gone])
    assert list((await replicas.supplier_names(connection)).values()) == ["Adler", "Voss"]
    assert await replicas.supplier_names(connection, active=True) == {UUID(int=6): "Voss"}

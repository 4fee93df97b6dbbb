"""Carts: whose they are, what a version stands for, and what leaves them with an order."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from portal.store import carts
from portal.store.carts import ADDITIONS_LAST, CartLine, Owner

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
KOELN, BONN = UUID(int=5), UUID(int=6)
PAPER, PEN = UUID(int=7), UUID(int=8)
MINE = Owner("person-1", KOELN)
OTHERS = (Owner("person-2", KOELN), Owner("person-1", BONN))


def line(article_id: UUID, quantity: str) -> CartLine:
    return CartLine(article_id, Decimal(quantity))


async def test_a_cart_belongs_to_a_person_at_a_member(connection, work):
    await carts.add(work(), MINE, line(PAPER, "2"), "key-1")
    for other in OTHERS:
        assert await carts.lines(connection, other) == []
        assert await carts.count(connection, other) == 0
        assert await carts.quantity_of(connection, other, PAPER) == 0
        assert not await carts.was_added(connection, other, "key-1")
        await carts.take_out(work(), other, PAPER)
        await carts.take_out_ordered(work(), other, [line(PAPER, "2")])
    assert await carts.lines(connection, MINE) == [line(PAPER, "2")]


async def test_the_same_key_of_a_second_person_puts_in_for_them(connection, work):
    assert await carts.add(work(), MINE, line(PAPER, "2"), "key-1")
    assert await carts.add(work(), OTHERS[0], line(PAPER, "3"), "key-1")
    assert await carts.quantity_of(connection, MINE, PAPER) == 2
    assert await carts.quantity_of(connection, OTHERS[0], PAPER) == 3


async def test_what_is_put_in_adds_up_and_what_is_set_replaces(connection, work):
    await carts.add(work(), MINE, line(PAPER, "2.5"), "key-1")
    await carts.add(work(), MINE, line(PAPER, "0.125"), "key-2")
    assert await carts.quantity_of(connection, MINE, PAPER) == Decimal("2.625")
    await carts.put(work(), MINE, line(PAPER, "1"))
    assert await carts.quantity_of(connection, MINE, PAPER) == 1
    assert await carts.count(connection, MINE) == 1


async def test_a_repeated_key_changes_neither_cart_nor_version(connection, work):
    await carts.add(work(), MINE, line(PAPER, "2"), "key-1")
    version = await carts.version_of(connection, MINE)
    assert not await carts.add(work(), MINE, line(PEN, "9"), "key-1")
    assert await carts.lines(connection, MINE) == [line(PAPER, "2")]
    assert await carts.version_of(connection, MINE) == version


async def test_lines_stay_in_the_order_they_came_in(connection, work):
    await carts.add(work(), MINE, line(PEN, "1"), "key-1")
    await carts.add(work(NOW + timedelta(seconds=1)), MINE, line(PAPER, "1"), "key-2")
    await carts.put(work(NOW + timedelta(seconds=2)), MINE, line(PEN, "5"))
    assert [row.article_id for row in await carts.lines(connection, MINE)] == [PEN, PAPER]


async def test_every_change_gives_a_version_never_seen_before(connection, work):
    seen = [await carts.version_of(connection, MINE)]
    changes = [
        lambda: carts.add(work(), MINE, line(PAPER, "2"), "key-1"),
        lambda: carts.put(work(), MINE, line(PAPER, "3")),
        lambda: carts.put(work(), MINE, line(PAPER, "2")),
        lambda: carts.go_on_from(work(), MINE, UUID(int=10)),
        lambda: carts.take_out(work(), MINE, PAPER),
        lambda: carts.take_out(work(), MINE, PAPER),
    ]
    for change in changes:
        await change()
        seen.append(await carts.version_of(connection, MINE))
    assert len(set(seen)) == len(changes) + 1


async def test_carts_nobody_filled_have_versions_of_their_own(connection):
    versions = {await carts.version_of(connection, owner) for owner in (MINE, *OTHERS)}
    assert len(versions) == 3
    assert await carts.version_of(connection, MINE) in versions


@pytest.mark.parametrize(
    ("ordered", "left"),
    [
        ([("1", PAPER)], {PAPER: "4", PEN: "2"}),
        ([("5", PAPER)], {PEN: "2"}),
        ([("6", PAPER)], {PEN: "2"}),
        ([("5", PAPER), ("1.5", PEN)], {PEN: "0.5"}),
        ([("3", UUID(int=99))], {PAPER: "5", PEN: "2"}),
        ([], {PAPER: "5", PEN: "2"}),
    ],
)
async def test_only_what_was_ordered_leaves_and_never_below_nothing(
    connection, work, ordered: list, left: dict
):
    await carts.add(work(), MINE, line(PAPER, "5"), "key-1")
    await carts.add(work(), MINE, line(PEN, "2"), "key-2")
    went = [line(article, quantity) for quantity, article in ordered]
    await carts.take_out_ordered(work(), MINE, went)
    stays = {row.article_id: row.quantity for row in await carts.lines(connection, MINE)}
    assert stays == {article: Decimal(quantity) for article, quantity in left.items()}


async def test_a_cart_goes_on_from_its_draft_until_it_is_empty(connection, work):
    await carts.add(work(), MINE, line(PAPER, "5"), "key-1")
    await carts.add(work(), MINE, line(PEN, "2"), "key-2")
    for number in (10, 11):
        await carts.go_on_from(work(), MINE, UUID(int=number))
    await carts.take_out(work(), MINE, PAPER)
    assert await carts.draft_of(connection, MINE) == UUID(int=11)
    assert await carts.draft_of(connection, OTHERS[0]) is None
    await carts.take_out_ordered(work(), MINE, [line(PEN, "2")])
    assert await carts.draft_of(connection, MINE) is None


async def test_a_key_is_known_as_long_as_a_form_can_come_back(connection, work):
    await carts.add(work(), MINE, line(PAPER, "1"), "key-1")
    last = NOW + ADDITIONS_LAST - timedelta(microseconds=1)
    await carts.remove_old_additions(work(), last)
    assert await carts.was_added(connection, MINE, "key-1")
    await carts.remove_old_additions(work(), NOW + ADDITIONS_LAST)
    assert not await carts.was_added(connection, MINE, "key-1")
    assert await carts.quantity_of(connection, MINE, PAPER) == 1

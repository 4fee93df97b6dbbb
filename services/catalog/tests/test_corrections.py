"""Reviewed corrections move articles in batches, and a price list never undoes them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import pytest
from sqlalchemy import text

from catalog import handlers, jobs, store
from catalog.commands import PublishPriceList, StagePriceList
from catalog.store import corrections
from marktbund.contracts.base import Message
from marktbund.contracts.tender_planning import GroupState
from marktbund.envelope import Received
from marktbund.ids import new_id
from marktbund.isolating import ItemsFailed
from marktbund.testing.fixtures import Doors
from marktbund.unit_of_work import UnitOfWork

PENS = "mfr:stabilo|88 40"
PENCIL = {"name": "Fineliner schwarz", "content": "", "order_unit": "H87"}
NAMED = "txt:fineliner schwarz||H87"


class Market:
    """One supplier's articles and what reviewers say about them."""

    def __init__(self, uow: UnitOfWork, supplier_id: UUID, received: Any, csv_of: Any) -> None:
        self._uow, self._supplier_id = uow, supplier_id
        self._received, self._csv_of = received, csv_of

    async def publish(self, *rows: dict[str, str]) -> None:
        command = StagePriceList.from_csv(self._supplier_id, self._csv_of(*rows))
        staged = await handlers.stage_price_list(command, new_id(), self._uow)
        publish = PublishPriceList(supplier_id=self._supplier_id, number=staged.number)
        await handlers.publish_price_list(publish, new_id(), self._uow)

    async def correct(self, source: str, to_group: str, version: int = 1, **more: str) -> None:
        state = GroupState(
            version=version,
            correction_id=uuid5(NAMESPACE_URL, source),
            source=source,
            to_group=to_group,
            reason="Geprüft",
            reviewed_by=new_id(),
            reviewed_at=datetime(2026, 3, 1, tzinfo=UTC),
            **({"status": "active"} | more),
        )
        await handlers.keep_corrections([self._received(state)], self._uow)

    async def follow(self) -> int:
        """Batches until nothing is left."""
        batches = 0
        for source in await store.corrections_pending(self._uow.connection):
            while await handlers.correct_articles(source, self._uow):
                batches += 1
        return batches

    async def groups(self) -> list[tuple[str, int]]:
        """Group and version of every article, by its number."""
        rows = (await self._uow.connection.execute(store.FEEDS[0].unpublished(5_000))).all()
        states = [store.FEEDS[0].to_state(row) for row in rows]
        return [
            (state.comparable_group, state.version)
            for state in sorted(states, key=lambda state: state.article_number)
        ]


@pytest.fixture
async def market(
    uow: UnitOfWork,
    supplier: Callable[..., Any],
    received: Callable[[Message], Received],
    csv_of: Callable[..., bytes],
) -> Market:
    return Market(uow, await supplier(), received, csv_of)


async def test_a_merge_moves_every_article_of_the_group_and_publishes_it_again(market: Market):
    await market.publish(PENCIL, {}, PENCIL)
    await market.correct(NAMED, PENS)
    assert await market.follow() == 1
    paper = ("mfr:lennepap|len 8764187", 1)
    assert await market.groups() == [(PENS, 2), paper, (PENS, 2)]


async def test_a_split_beats_the_merge_of_its_group(market: Market, uow: UnitOfWork):
    await market.publish(PENCIL, PENCIL)
    rows = await uow.connection.execute(text("SELECT article_id FROM article ORDER BY 1"))
    alone = rows.scalars().first()
    await market.correct(f"article:{alone}", "rev:1")
    await market.correct(NAMED, PENS)
    await market.follow()
    assert sorted(group for group, _ in await market.groups()) == [PENS, "rev:1"]
    await market.correct(f"article:{alone}", "rev:1", version=2, status="withdrawn")
    await market.follow()
    assert [group for group, _ in await market.groups()] == [PENS, PENS]


async def test_taken_back_the_rule_decides_again(market: Market):
    await market.publish(PENCIL)
    await market.correct(NAMED, PENS)
    await market.follow()
    await market.correct(NAMED, PENS, version=2, status="withdrawn")
    await market.follow()
    assert await market.groups() == [(NAMED, 3)]


async def test_a_chain_ends_at_its_end_whatever_came_first(market: Market):
    await market.publish(PENCIL)
    await market.correct(NAMED, "txt:b")
    await market.follow()
    await market.correct("txt:b", PENS)
    await market.follow()
    assert await market.groups() == [(PENS, 3)]


async def test_a_new_price_list_keeps_the_reviewers_word(market: Market):
    await market.publish(PENCIL)
    await market.correct(NAMED, PENS)
    await market.follow()
    await market.publish(PENCIL | {"unit_price_net": "9.99"}, PENCIL)
    assert await market.groups() == [(PENS, 3), (PENS, 1)]
    await market.publish(PENCIL | {"unit_price_net": "9.99"}, PENCIL)
    assert await market.groups() == [(PENS, 3), (PENS, 1)]
    assert await market.follow() == 0


async def test_an_article_that_is_something_else_by_now_leaves_the_correction(market: Market):
    await market.publish(PENCIL)
    await market.correct(NAMED, PENS)
    await market.follow()
    await market.publish(PENCIL | {"name": "Fineliner rot"})
    assert await market.groups() == [("txt:fineliner rot||H87", 3)]


async def test_many_articles_are_moved_in_batches(market: Market):
    articles = corrections.ARTICLES_A_TIME + 1
    await market.publish(*[PENCIL] * articles)
    await market.correct(NAMED, PENS)
    assert await market.follow() == 2
    assert await market.groups() == [(PENS, 2)] * articles


async def test_an_old_word_and_a_circle_change_nothing(market: Market):
    await market.publish(PENCIL)
    await market.correct(NAMED, PENS, version=2)
    await market.correct(NAMED, "txt:old", version=1)
    await market.follow()
    await market.correct(PENS, NAMED)
    await market.follow()
    assert [group for group, _ in await market.groups()] == [NAMED]


async def test_a_correction_that_fails_holds_up_no_other(market: Market, doors: Doors):
    await market.publish(PENCIL)
    await market.correct("article:" + "-" * 36, PENS)
    await market.correct(NAMED, PENS)
    with pytest.raises(ItemsFailed) as failed:
        await jobs.follow_corrections(doors.database)
    assert (failed.value.count, await market.groups()) == (1, [(PENS, 2)])

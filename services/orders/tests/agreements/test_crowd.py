"""64 clients on one ceiling, on real PostgreSQL, through the doors of one process with its usual
pool: never above, no room lost, and nobody sees a deadlock.

MARKTBUND_CROWD_SECONDS sets for how long; the clients' own log is the oracle.
"""

import asyncio
import os
import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from marktbund.contracts.supplier_gateway import OrderResponseReceived, ResponseLine
from marktbund.envelope import Origin
from marktbund.ids import new_id
from marktbund.testing.databases import ServiceDatabase, make_database
from marktbund.testing.engines.selection import PostgresServer
from marktbund.testing.fixtures import doors_of, engine_of
from marktbund.unit_of_work import Database
from orders.main import SERVICE
from orders.ordering import handlers

CLIENTS = 64
SECONDS = float(os.environ.get("MARKTBUND_CROWD_SECONDS", "3"))
PACKS = 1600
CEILING = PACKS * Decimal("12.00")
SHARE = Decimal("4800.00")
NOON = {"Business-Time": "2026-05-04T12:00:00+02:00"}
_STANDING = text("""
    SELECT c.used_value_net AS used, c.limit_value_net AS most,
           (SELECT coalesce(sum(e.value_net), 0) FROM ceiling_entry AS e
             WHERE e.ceiling_id = c.ceiling_id) AS booked,
           (SELECT coalesce(max(e.used_value_net), 0) FROM ceiling_entry AS e
             WHERE e.ceiling_id = c.ceiling_id) AS highest,
           (SELECT coalesce(sum(l.ordered_net - l.refused_net - l.reduced_net - l.cancelled_net), 0)
              FROM supplier_order AS o JOIN supplier_order_line AS l USING (supplier_order_id)
             WHERE o.agreement_id = c.agreement_id
               AND (c.member_id IS NULL OR o.member_id = c.member_id)) AS kept
      FROM agreement_ceiling AS c ORDER BY c.member_id NULLS FIRST
""")
_UNANSWERED = text("""
    SELECT o.*, l.line_no FROM supplier_order AS o JOIN supplier_order_line AS l
     USING (supplier_order_id) WHERE l.decision = 'open' ORDER BY random() LIMIT 1
""")


@dataclass
class Hall:
    """One agreement, two members, a desk with 64 chairs, and what was answered at each."""

    desk: Any
    agreement_id: str
    engine: AsyncEngine
    database: Database
    members: tuple[Any, ...]
    answers: Counter[str] = field(default_factory=Counter)
    standing: list[str] = field(default_factory=list)

    async def call_off(self, member: Any, packs: int) -> str:
        line = {"lot_no": 1, "position_no": 1, "quantity": str(packs)}
        body = {"agreement_id": self.agreement_id, "lines": [line]}
        answer = await self._post("/call-offs", member, body)
        if answer.status_code == 201:
            self.standing.append(f"{member[0]} {answer.json()['order_id']}")
        return self._note(answer)

    async def cancel(self, known: str) -> str:
        member_id, order_id = known.split()
        member = next(member for member in self.members if str(member[0]) == member_id)
        return self._note(await self._post(f"/orders/{order_id}/cancellation", member, {}))

    async def refuse_one(self) -> None:
        """The supplier refuses a line nobody has decided on."""
        async with self.engine.connect() as connection:
            row = (await connection.execute(_UNANSWERED)).one_or_none()
        if row is None:
            return
        word = ResponseLine(line_no=row.line_no, decision="refused", quantity=0, unit_price_net=0)
        event = OrderResponseReceived(
            version=1,
            supplier_order_id=row.supplier_order_id,
            order_id=row.order_id,
            member_id=row.member_id,
            supplier_id=row.supplier_id,
            response_id=new_id(),
            lines=(word,),
        )
        async with self.database.begin(Origin(correlation_id="test")) as uow:
            await handlers.note_response(event, uow)

    async def ledger(self) -> list[Any]:
        async with self.engine.connect() as connection:
            return list((await connection.execute(_STANDING)).all())

    async def _post(self, path: str, member: Any, body: Any) -> Any:
        member_id, token = member
        headers = {"Member": str(member_id), "Idempotency-Key": str(new_id())} | NOON | dict(token)
        return await self.desk.doors.client.post(path, json=body, headers=headers)

    def _note(self, answer: Any) -> str:
        ordinary = {201: "done", 409: "refused"}
        word = ordinary.get(answer.status_code, answer.text)
        if word == "refused":
            word = answer.json()["code"]
        self.answers[word] += 1
        return word


@pytest.fixture(scope="module")
def crowded(postgres: PostgresServer) -> ServiceDatabase:
    return make_database(postgres, "orders", prefix="crowd_")


@pytest.fixture
async def hall(crowded: ServiceDatabase, open_desk, open_office) -> AsyncIterator[Hall]:
    engine = engine_of(crowded)
    async with engine.connect() as connection:
        doors = doors_of(SERVICE, connection, crowded.app_url)
        desk = await open_desk(doors, connection)
        office = await open_office(desk)
        second = await desk.market.member(name="Nachbarstadt")
        members = (
            (desk.member_id, desk.token),
            (second, await doors.account(("requester", second))),
        )
        lots = office.terms()["lots"]
        lots[0]["ceilings"] = [
            {"value_net": str(CEILING)},
            {"member_id": str(second), "value_net": str(SHARE)},
        ]
        entitled = [
            {"member_id": str(member_id), "entitled_from": "2026-01-01"} for member_id, _ in members
        ]
        made = await office.in_force(lots=lots, entitled=entitled)
        await connection.commit()
    database = doors.app.state.database = Database(engine, "orders")
    yield Hall(desk, made["agreement_id"], engine, database, members)
    await engine.dispose()


async def client(hall: Hall, number: int, until: float) -> None:
    chance = random.Random(number)
    member = hall.members[number % 2]
    while asyncio.get_running_loop().time() < until:
        if hall.standing and chance.random() < 0.4:
            await hall.cancel(hall.standing.pop(chance.randrange(len(hall.standing))))
        else:
            await hall.call_off(member, chance.randint(1, 200))


async def supplier(hall: Hall, until: float) -> None:
    while asyncio.get_running_loop().time() < until:
        await hall.refuse_one()
        await asyncio.sleep(0.02)


async def test_a_crowd_never_passes_the_ceiling_and_loses_no_room(hall: Hall):
    until = asyncio.get_running_loop().time() + SECONDS
    await asyncio.gather(
        *(client(hall, number, until) for number in range(CLIENTS)), supplier(hall, until)
    )
    assert set(hall.answers) <= {"done", "call_off_refused", "nothing_to_cancel", "order_state"}
    assert hall.answers["done"] > 0
    assert hall.answers["call_off_refused"] > 0
    crowd = await hall.ledger()
    assert (
        [row.used for row in crowd] == [row.booked for row in crowd] == [row.kept for row in crowd]
    )
    assert [row.most is None or row.highest <= row.most for row in crowd] == [True] * 3
    for known in hall.standing:
        await hall.cancel(known)
    assert [row.used for row in await hall.ledger()] == [0, 0, 0]
    assert await hall.call_off(hall.members[0], PACKS) == "done"
    assert await hall.call_off(hall.members[0], 1) == "call_off_refused"

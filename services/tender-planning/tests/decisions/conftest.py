from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from marktbund.contracts.members import MemberState
from marktbund.contracts.supplier_gateway import SupplierState
from marktbund.ids import new_id

PAPER = "30197630"
REASON = "Drei Mitglieder kaufen dasselbe"


@pytest.fixture
def bought(planning: Any, sender: Any) -> Callable[..., Any]:
    """Hear a core assortment: three members buy two articles of two suppliers, month by month."""

    async def made(
        months: int = 6, amount: str = "300.00", members: Sequence[UUID] = (), **more: Any
    ) -> tuple[list[UUID], list[UUID]]:
        buyers = list(members) or [new_id() for _ in range(3)]
        sellers = more.pop("suppliers", [new_id(), new_id()])
        orders = []
        for month in range(1, months + 1):
            for buyer in buyers:
                for seller, cents in zip(sellers, ("0.00", "9.00"), strict=True):
                    price = Decimal(amount) + Decimal(cents)
                    lines = [
                        sender.line(1, price, cpv=PAPER, group="mfr:a|1", name="Papier A4"),
                        sender.line(2, price, cpv=PAPER, group="mfr:a|2", name="Papier A3"),
                    ]
                    orders.append(
                        sender.place(
                            *lines,
                            member_id=buyer,
                            supplier_id=seller,
                            placed_at=datetime(2026, month, 10, tzinfo=UTC),
                            **more,
                        )
                    )
        await planning.hear(*orders)
        return buyers, sellers

    return made


@pytest.fixture
async def team(doors):
    return await doors.account(("procurement", None))


@pytest.fixture
def assess(doors, team):
    async def made():
        answer = await doors.client.post("/proposals/assessment", headers=team)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return made


@pytest.fixture
def decide(doors, team):
    async def made(proposal, decision="accepted", reason=REASON):
        path = f"/proposals/{proposal['proposal_id']}/decision"
        body = {"decision": decision, "reason": reason}
        return await doors.client.post(path, json=body, headers=team)

    return made


@pytest.fixture
async def parties(planning, bought):
    """The members and suppliers of a core assortment, known by name."""
    members, suppliers = await bought()
    for member in members:
        await planning.hear(
            MemberState(
                version=1,
                member_id=member,
                name="Stadt Muster",
                legal_form="municipality",
                official_key=str(member),
                status="active",
            )
        )
    for supplier in suppliers:
        await planning.hear(
            SupplierState(version=1, supplier_id=supplier, name="Papierkontor", status="active")
        )
    return members, suppliers

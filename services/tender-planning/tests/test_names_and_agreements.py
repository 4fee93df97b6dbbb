"""States of members, suppliers and agreements in any order: the newest stands."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from marktbund.contracts.agreements import (
    AgreementLot,
    AgreementPosition,
    AgreementState,
    AgreementStatus,
)
from marktbund.contracts.members import MemberState
from marktbund.contracts.supplier_gateway import SupplierState
from marktbund.ids import new_id

ID, OTHER = UUID(int=1), UUID(int=2)


def member(version: int, name: str, member_id: UUID = ID) -> MemberState:
    return MemberState(
        version=version,
        member_id=member_id,
        name=name,
        legal_form="municipality",
        official_key="05",
        status="active",
    )


def supplier(version: int, name: str, supplier_id: UUID = ID) -> SupplierState:
    return SupplierState(version=version, supplier_id=supplier_id, name=name, status="active")


def agreement(
    version: int, status: AgreementStatus, *groups: str, agreement_id: UUID = ID
) -> AgreementState:
    positions = tuple(
        AgreementPosition(
            position_no=number,
            comparable_group=group,
            description=group,
            order_unit="C62",
            unit_price_net=Decimal(1),
        )
        for number, group in enumerate(groups, 1)
    )
    lot = AgreementLot(
        lot_no=1, title="Los 1", supplier_id=new_id(), positions=positions, ceilings=()
    )
    return AgreementState(
        version=version,
        agreement_id=agreement_id,
        tender_id=None,
        number="RV-1",
        title="Papier",
        binding="open",
        status=status,
        starts_on=date(2026, 3, 1),
        ends_on=date(2030, 2, 28),
        entitled=(),
        lots=(lot,),
    )


@pytest.mark.parametrize("made", [member, supplier])
@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1), (3, 3, 3)])
async def test_the_newest_name_stands_in_one_batch_and_in_many(planning, made, order):
    table = "member_name" if made is member else "supplier_name"
    await planning.hear(*(made(version, f"Name {version}") for version in order))
    for version in order:
        await planning.hear(made(version, f"Name {version}"))
    assert [row["name"] for row in await planning.rows(f"SELECT name FROM {table}")] == ["Name 3"]


async def test_names_of_several_members_are_kept_apart(planning):
    await planning.hear(member(1, "Stadt"), member(1, "Kreis", OTHER), member(2, "Stadt neu"))
    rows = await planning.rows("SELECT name FROM member_name ORDER BY member_id")
    assert [row["name"] for row in rows] == ["Stadt neu", "Kreis"]


async def test_an_agreement_covers_the_groups_of_its_newest_state(planning):
    await planning.hear(agreement(2, "in_force", "b", "a", "b"), agreement(1, "draft", "z"))
    await planning.hear(agreement(1, "ended", "y"))
    [row] = await planning.rows("SELECT status, comparable_groups, version FROM agreement")
    assert row == {"status": "in_force", "comparable_groups": ["a", "b"], "version": 2}


async def test_two_agreements_of_one_batch_are_two(planning):
    await planning.hear(
        agreement(1, "confirmed", "a"), agreement(1, "ended", "a", agreement_id=OTHER)
    )
    rows = await planning.rows("SELECT status FROM agreement ORDER BY agreement_id")
    assert [row["status"] for row in rows] == ["confirmed", "ended"]


async def test_a_group_under_an_agreement_is_proposed_when_that_has_ended(planning, sender, doors):
    team = await doors.account(("procurement", None))
    for month in (1, 2, 3):
        for buyer in (ID, OTHER, UUID(int=3)):
            line = sender.line(1, "500.00", cpv="30197630", group="mfr:a|1", name="Papier")
            placed = sender.place(line, member_id=buyer)
            moved = placed.placed_at.replace(month=month)
            await planning.hear(placed.model_copy(update={"placed_at": moved}))

    async def proposed() -> int:
        answer = await doors.client.post("/proposals/assessment", headers=team)
        assert answer.status_code == 200, answer.text
        return len(answer.json())

    await planning.hear(agreement(1, "in_force", "mfr:a|1"))
    assert await proposed() == 0
    await planning.hear(agreement(2, "ended", "mfr:a|1"))
    assert await proposed() == 1

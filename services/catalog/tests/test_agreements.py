"""Articles a framework agreement covers are marked, while it is in force."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from catalog import consumers, handlers
from catalog.commands import PublishPriceList, StagePriceList
from marktbund import clock
from marktbund.contracts.agreements import (
    AGREEMENT_STATE,
    AgreementLot,
    AgreementPosition,
    AgreementState,
)
from marktbund.ids import new_id
from marktbund.testing.fixtures import Doors
from marktbund.unit_of_work import UnitOfWork

GROUP = "mfr:lennepap|len 8764187"


@pytest.fixture
async def paper(uow: UnitOfWork, supplier: Callable[..., Any], csv_of: Callable[..., bytes]) -> str:
    """The id of BR-1, of GROUP, in a price list beside a hammer."""
    command = StagePriceList.from_csv(await supplier(), csv_of({}, {"name": "Hammer 500 g"}))
    staged = await handlers.stage_price_list(command, new_id(), uow)
    publish = PublishPriceList(supplier_id=staged.supplier_id, number=staged.number)
    await handlers.publish_price_list(publish, new_id(), uow)
    query = "SELECT article_id FROM article WHERE article_number = 'BR-1'"
    return str((await uow.connection.exec_driver_sql(query)).scalar_one())


@pytest.fixture
def agreed(uow: UnitOfWork, received: Callable[..., Any]) -> Callable[..., Any]:
    """An agreement over GROUP heard of; keywords differ from one in force for ten years."""

    async def hear(article_id: UUID | None = None, **different: Any) -> None:
        today = clock.business_date(clock.now())
        position = AgreementPosition(
            position_no=1,
            comparable_group=GROUP,
            article_id=article_id,
            description="Papier",
            order_unit="XPK",
            unit_price_net="4.00",
        )
        lot = AgreementLot(
            lot_no=1, title="Los", supplier_id=new_id(), positions=(position,), ceilings=()
        )
        usual: dict[str, Any] = {
            "version": 1,
            "agreement_id": UUID(int=7),
            "tender_id": None,
            "number": "RV-7",
            "title": "Papier",
            "binding": "exclusive",
            "status": "in_force",
            "starts_on": today,
            "ends_on": today + timedelta(days=3650),
            "entitled": (),
            "lots": (lot,),
        }
        record = received(AgreementState(**(usual | different)))
        await consumers.hearing().handlers[AGREEMENT_STATE]([record], uow)

    return hear


async def ask(doors: Doors, path: str = "/articles") -> Any:
    reader = await doors.account(("requester", new_id()))
    return (await doors.client.get(path, headers=reader)).json()


async def marked(doors: Doors) -> dict[str, list[tuple[str, bool]]]:
    """Article number -> the agreements it is marked with, whether it is their own article."""
    return {
        article["article_number"]: [
            (mark["number"], mark["contract_article"]) for mark in article["agreements"]
        ]
        for article in (await ask(doors))["articles"]
        if article["agreements"]
    }


async def test_comparable_articles_and_the_contracts_own_are_marked(doors, paper, agreed):
    await agreed()
    assert await marked(doors) == {"BR-1": [("RV-7", False)]}
    await agreed(UUID(paper), version=2)
    assert await marked(doors) == {"BR-1": [("RV-7", True)]}
    article = await ask(doors, f"/articles/{paper}")
    assert [mark["binding"] for mark in article["agreements"]] == ["exclusive"]
    await agreed(version=1, status="ended")
    assert await marked(doors) == {"BR-1": [("RV-7", True)]}


@pytest.mark.parametrize(
    "different",
    [
        {"status": "ended"},
        {"status": "draft"},
        {"starts_on": date(2020, 1, 1), "ends_on": date(2020, 12, 31)},
        {"starts_on": date(2120, 1, 1), "ends_on": date(2120, 12, 31)},
    ],
)
async def test_an_agreement_that_is_not_in_force_marks_nothing(doors, paper, agreed, different):
    await agreed(**different)
    assert await marked(doors) == {}

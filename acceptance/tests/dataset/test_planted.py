"""Five planted core assortments rank above five decoys: demo catalogue, real tables, real doors."""

from collections import defaultdict
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from uuid import NAMESPACE_URL, UUID, uuid5

import pytest

from acceptance.dataset import planted
from acceptance.dataset.catalogue import price_lists
from catalog.domain.price_list_files import read
from marktbund import money
from marktbund.contracts.orders import OrderLine, SupplierOrderPlaced
from marktbund.envelope import Origin, Received
from marktbund.ids import new_id
from marktbund.testing.fixtures import doors_of, rolled_back
from marktbund.testing.records import received
from tender_planning import jobs
from tender_planning.handlers import demand
from tender_planning.main import SERVICE

BATCH = 400


@cache
def articles() -> tuple[planted.PlantedArticle, ...]:
    """The demo catalogue as catalog itself reads it, comparable groups by catalog's own rule."""
    return tuple(
        planted.PlantedArticle(
            supplier=supplier.key,
            article_number=offer.article_number,
            comparable_group=offer.comparable_group,
            name=offer.name,
            cpv=offer.cpv,
            order_unit=offer.order_unit,
            unit_price_net=offer.unit_price_net,
        )
        for supplier, text in price_lists().items()
        for offer in read(text.encode())
    )


def known(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, name)


def line(number: int, purchase: planted.Purchase) -> OrderLine:
    article = purchase.article
    return OrderLine(
        line_no=number,
        article_id=known(f"{article.supplier} {article.article_number}"),
        supplier_id=known(article.supplier),
        article_number=article.article_number,
        name=article.name,
        cpv=article.cpv,
        comparable_group=article.comparable_group,
        quantity=Decimal(purchase.quantity),
        order_unit=article.order_unit,
        unit_price_net=article.unit_price_net,
        vat_rate=Decimal(19),
        net_amount=money.net_amount(Decimal(purchase.quantity), article.unit_price_net),
    )


def placed(purchases: list[planted.Purchase]) -> SupplierOrderPlaced:
    first = purchases[0]
    lines = tuple(line(number, purchase) for number, purchase in enumerate(purchases, 1))
    year, month = divmod(first.month, 12)
    return SupplierOrderPlaced(
        version=1,
        supplier_order_id=new_id(),
        order_id=new_id(),
        member_id=known(f"member {first.member}"),
        acting_member_id=known(f"member {first.member}"),
        supplier_id=known(first.article.supplier),
        placed_at=datetime(2023 + year, month + 1, 14, tzinfo=UTC),
        lines=lines,
        net_total=sum((order_line.net_amount for order_line in lines), Decimal(0)),
    )


def orders(purchases) -> list[Received]:
    """One supplier order per month, member and supplier, as planning hears it."""
    together = defaultdict(list)
    for purchase in purchases:
        together[purchase.month, purchase.member, purchase.article.supplier].append(purchase)
    return [
        received(event, offset=offset, time=event.placed_at)
        for offset, event in enumerate(map(placed, together.values()))
    ]


@pytest.fixture(scope="session")
def planning_database(databases):
    return databases("tender-planning")


@pytest.fixture
async def doors(planning_database, engines):
    async for connection in rolled_back(engines(planning_database)):
        yield doors_of(SERVICE, connection, planning_database.app_url)


async def heard(doors, purchases) -> None:
    records = orders(purchases)
    for start in range(0, len(records), BATCH):
        async with doors.database.begin(Origin(correlation_id="test")) as uow:
            await demand.count_demand(records[start : start + BATCH], uow)


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
async def test_the_five_rank_above_all_decoys(doors, seed):
    made = planted.plant(articles(), seed)
    await heard(doors, made.purchases)
    team = await doors.account(("procurement", None))
    answer = await doors.client.post("/proposals/assessment", headers=team)
    ranking = [row["cpv_class"] for row in answer.json()]
    assert set(ranking[: planted.CORE_ASSORTMENTS]) == set(made.cores), answer.json()[:7]
    scores = {row["cpv_class"]: Decimal(row["score"]) for row in answer.json()}
    weakest = min(scores[name] for name in made.cores)
    assert all(2 * scores.get(name, Decimal(0)) < weakest for name in made.decoys.values())
    shown = {row["cpv_class"]: row["proposal_id"] for row in answer.json()}
    assert {"one_buyer", "falling", "crisis", "single_supplier"} <= {
        kind for kind, name in made.decoys.items() if name in shown
    }
    for kind, name in made.decoys.items():
        if name in shown:
            detail = (await doors.client.get(f"/proposals/{shown[name]}", headers=team)).json()
            assert kind in {caution["code"] for caution in detail["cautions"]}, detail
    assert (await jobs.recount(doors.database)).differences == []


async def test_a_proposal_opens_to_the_orders_it_adds_up_from(doors):
    made = planted.plant(articles(), 7)
    await heard(doors, made.purchases)
    team = await doors.account(("procurement", None))
    first, *_ = (await doors.client.post("/proposals/assessment", headers=team)).json()
    lines, after = [], {}
    path = f"/proposals/{first['proposal_id']}/orders"
    while page := (
        await doors.client.get(path, params={"limit": 500, **after}, headers=team)
    ).json():
        lines += page
        after = {"after": page[-1]["line"]}
    wanted = [
        Decimal(line["ordered_net"]) - Decimal(line["refused_net"]) - Decimal(line["cancelled_net"])
        for line in lines
    ]
    assert (len(lines), sum(wanted)) == (first["lines"], Decimal(first["demand_net"]))
    assert len({line["member_id"] for line in lines}) == first["members"]
    assert len({line["supplier_id"] for line in lines}) == first["suppliers"]
    assert len({line["comparable_group"] for line in lines}) == first["groups"]
    sheet = await doors.client.get(f"{path}.csv", headers=team)
    assert len(sheet.text.splitlines()) == len(lines) + 1


def test_the_same_seed_plants_the_same():
    assert planted.plant(articles(), 3) == planted.plant(articles(), 3)
    assert planted.plant(articles(), 3) != planted.plant(articles(), 4)

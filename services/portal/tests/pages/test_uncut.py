"""Lists, files and offers are whole: what does not fit on a page is asked for or linked."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from marktbund import clock
from marktbund.contracts.members import MemberState
from marktbund.envelope import Origin
from marktbund.unit_of_work import UnitOfWork
from portal.store import replicas
from services.portal.tests import facts
from services.portal.tests.carting import ARTICLES, article, search_answer
from services.portal.tests.facts import enter

FILES = "/api/documentation/v1"


def filed(seq: int) -> dict[str, Any]:
    handed_over = {
        "version": seq,
        "order_id": facts.ORDER,
        "member_id": str(facts.KOELN),
        "handed_over_at": "2026-11-03T13:05:00Z",
    }
    return facts.filed("orders.OrderHandedOver", handed_over, seq=seq)


@pytest.mark.parametrize("records", [3, 500, 1001])
async def test_a_file_shows_every_record(visitor, records: int):
    await enter(visitor, "award_office")

    def answer(request: httpx.Request) -> tuple[int, Any]:
        after, limit = (int(request.url.params.get(n, 0)) for n in ("after", "limit"))
        part = [filed(seq) for seq in range(after + 1, min(after + limit, records) + 1)]
        if not part:
            return 404, {"code": "order_file_unknown"}
        return 200, {"order_id": facts.ORDER, "chain_id": "c", "records": part, "next_after": None}

    visitor.shelf.paged[f"{FILES}/orders/{facts.ORDER}/file"] = answer
    page = await visitor.browser.get(f"/akten/{facts.ORDER}")
    assert page.status_code == 200
    assert page.text.count("timeline__entry") == records
    order = await visitor.browser.get(f"/bestellungen/{facts.ORDER}")
    assert order.text.count("timeline__entry") == records


async def test_chains_are_named_and_go_on_where_the_page_ends(visitor):
    await visitor.person("person-1", ("auditor", None))
    await visitor.sign_in("person-1")
    koeln = MemberState(
        version=1,
        member_id=UUID(int=1),
        name="Stadt Köln",
        legal_form="municipality",
        official_key="05315000",
        status="active",
    )
    uow = UnitOfWork(visitor.connection, Origin("test"), clock.now())
    await replicas.keep_members(uow, [koeln])

    def answer(request: httpx.Request) -> tuple[int, Any]:
        after = request.url.params.get("after", "")
        ids = sorted(str(UUID(int=number)) for number in range(1, 102))
        part = [chain_id for chain_id in ids if chain_id > after][:100]
        return 200, [
            {"chain_id": chain_id, "records": 1234, "head": "ab", "covered": 1} for chain_id in part
        ]

    visitor.shelf.paged[f"{FILES}/chains"] = answer
    first = (await visitor.browser.get("/akten")).text
    assert "Stadt Köln" in first
    assert str(UUID(int=1)) not in first
    assert f'href="/akten?nach={UUID(int=100)}"' in first
    second = (await visitor.browser.get(f"/akten?nach={UUID(int=100)}")).text
    assert second.count("1.234") == 1
    assert "Weitere Akten" not in second


async def test_the_cheapest_offer_is_shown_wherever_it_stands(visitor):
    await enter(visitor, "requester")
    offered = article()
    others = [article(100 + n, unit_price_net=str(200 - n)) for n in range(150)]
    visitor.shelf.answers["GET", f"{ARTICLES}/{offered['article_id']}"] = (200, offered)

    def answer(request: httpx.Request) -> tuple[int, Any]:
        after, limit = (int(request.url.params[name]) for name in ("after", "limit"))
        more = after + limit if after + limit < len(others) else None
        return 200, search_answer(*others[after : after + limit]) | {"next_after": more}

    visitor.shelf.paged[ARTICLES] = answer
    page = (await visitor.browser.get(f"/artikel/{offered['article_id']}")).text
    offers = page.split("Vergleichbare Angebote</h2>")[1]
    assert offers.index("51,00 €") < offers.index("52,00 €") < offers.index("200,00 €")


async def test_a_place_in_a_list_that_is_none_is_not_found(visitor):
    await enter(visitor, "auditor")
    assert (await visitor.browser.get("/akten?nach=x")).status_code == 404

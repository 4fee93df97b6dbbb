"""Things that drawn requests are pointed at: made for them, or such as no later test needs."""

import httpx

from marktbund.ids import new_id
from tests.front import Front
from tests.market import OFFICE

SELLER = "seller-0"


async def things(front: Front) -> dict[str, str]:
    """Name of a parameter -> an id, a number or a key of something there is."""
    known = {name: value for name, value in (await front.page_ids()).items() if name != "kind"}
    known |= await _at_members(front)
    known |= await _of_a_supplier(front)
    known |= await _of_orders(front)
    return known | {"chain_id": front.market.members["a"]}


async def _at_members(front: Front) -> dict[str, str]:
    town = {"name": "Stadt Los", "legal_form": "municipality", "official_key": "0599l"}
    member_id = await _made(front, "members", "/members", town, "member_id")
    unit = {"member_id": member_id, "name": "Amt 1"}
    at_town = [{"role": "requester", "member_id": member_id}]
    person = {"sub": "drawn-1", "grants": at_town, "email": "drawn-1@marktbund.example"}
    await _done(
        front, "PUT", "members", f"/members/{member_id}/rule-set", {"preset": "bylaw-example"}
    )
    return {
        "member_id": member_id,
        "unit_id": await _made(front, "members", "/units", unit, "unit_id"),
        "person_id": await _made(front, "members", "/persons", person, "person_id"),
    }


async def _of_a_supplier(front: Front) -> dict[str, str]:
    body = {"name": "Los GmbH"}
    supplier_id = await _made(front, "supplier-gateway", "/suppliers", body, "supplier_id")
    channel = f"/suppliers/{supplier_id}/channel"
    await _done(front, "PUT", "supplier-gateway", channel, {"url": "http://127.0.0.1:9/los"})
    waiting = await front.platform.call("GET", "supplier-gateway", "/deliveries", sub=SELLER)
    documents = waiting.raise_for_status().json()
    # Whatever other tests left waiting; where they fetched all of it, one that is none.
    known = [str(document["delivery_id"]) for document in documents] or [str(new_id())]
    return {"supplier_id": supplier_id, "delivery_id": known[0]}


async def _of_orders(front: Front) -> dict[str, str]:
    path = f"/articles/{front.market.articles[0][7]}"
    article = await front.platform.call("GET", "catalog", path, **front.market.requester("a"))
    need = {"title": "Los", "contract_kind": "supply", "stated_net": "100"}
    made = await front.platform.call(
        "POST", "orders", "/needs", json=need, **front.market.requester("a")
    )
    return {
        "comparable_group": str(article.raise_for_status().json()["comparable_group"]),
        "need_id": str(made.raise_for_status().json()["need_id"]),
    }


async def _made(front: Front, owner: str, path: str, body: dict[str, object], name: str) -> str:
    return str((await _done(front, "POST", owner, path, body)).json()[name])


async def _done(
    front: Front, method: str, owner: str, path: str, body: dict[str, object]
) -> httpx.Response:
    answer = await front.platform.call(method, owner, path, sub=OFFICE, json=body)
    assert answer.is_success, f"{path}: {answer.text}"
    return answer

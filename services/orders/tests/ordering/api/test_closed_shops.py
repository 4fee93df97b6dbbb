"""Refusals that depend on what was told before: withdrawn, suspended, somebody else's."""

import pytest

from marktbund.ids import new_id


async def refused(desk, path: str, body: object = None) -> tuple[int, str, str]:
    """Status, code and field of a refusal, after which every table is as before."""
    before = await desk.standing()
    answer = await desk.post(path, body)
    assert await desk.standing() == before
    problem = answer.json()
    assert problem["title"], problem
    return answer.status_code, problem["code"], problem.get("field", "")


async def test_a_withdrawn_article(desk):
    supplier = await desk.market.supplier()
    await desk.market.article(supplier, article_id=desk.paper, status="withdrawn", version=2)
    refusal = await refused(desk, "/orders", desk.basket())
    assert refusal == (422, "article_withdrawn", "lines[0].article_id")


async def test_an_amount_beyond_every_column(desk):
    ship = await desk.market.article(await desk.market.supplier(), "9999999999.9999")
    refusal = await refused(desk, "/orders", desk.basket((ship, "9999999")))
    assert refusal == (422, "amount_too_large", "lines[0].quantity")


@pytest.mark.parametrize("status", ["suspended", "withdrawn"])
async def test_the_articles_of_a_supplier_that_may_not_sell(desk, status: str):
    shop = await desk.market.supplier()
    pen = await desk.market.article(shop, "1.00")
    await desk.market.supplier(supplier_id=shop, status=status, version=2)
    refusal = await refused(desk, "/orders", desk.basket((desk.paper, "1"), (pen, "1")))
    assert refusal == (422, "article_withdrawn", "lines[1].article_id")


async def test_an_article_whose_supplier_is_not_known_yet_waits_for_it(desk):
    shop = new_id()
    pen = await desk.market.article(shop, "1.00")
    refusal = await refused(desk, "/orders", desk.basket((pen, "1")))
    assert refusal == (422, "article_withdrawn", "lines[0].article_id")
    await desk.market.supplier(supplier_id=shop)
    assert (await desk.ordered((pen, "1")))["net_total"] == "1.00"


@pytest.mark.parametrize("status", ["suspended", "withdrawn"])
async def test_a_member_that_may_not_buy(desk, status: str):
    draft = await desk.ordered(draft=True)
    await desk.market.member(member_id=desk.member_id, status=status, version=2)
    expected = (409, "member_not_active", "Member")
    assert await refused(desk, "/orders", desk.basket()) == expected
    assert await refused(desk, f"/orders/{draft['order_id']}/submission") == expected


async def test_a_draft_is_checked_when_it_is_sent_off(desk):
    draft = await desk.ordered((desk.paper, "1"), (new_id(), "1"), draft=True)
    refusal = await refused(desk, f"/orders/{draft['order_id']}/submission")
    assert refusal == (422, "article_unknown", "lines[1].article_id")


@pytest.mark.parametrize(
    ("path", "body"), [("/submission", None), ("/cancellation", {"reason": "other"})]
)
async def test_another_members_order_looks_like_none(desk, path: str, body: object):
    order_id = (await desk.ordered(draft=True))["order_id"]
    stranger = await desk.market.member(official_key="05999998")
    desk.token = await desk.doors.account(("requester", stranger))
    desk.member_id = stranger
    unknown = (404, "order_unknown", "order_id")
    assert await refused(desk, f"/orders/{order_id}{path}", body) == unknown
    theirs = await desk.get(f"/orders/{order_id}")
    nobodys = await desk.get(f"/orders/{new_id()}")
    assert theirs.status_code == 404
    assert theirs.json() == nobodys.json()


async def test_a_role_at_one_member_opens_no_other(desk):
    desk.member_id = await desk.market.member(official_key="05999998")
    assert await refused(desk, "/orders", desk.basket()) == (403, "not_authorised", "")

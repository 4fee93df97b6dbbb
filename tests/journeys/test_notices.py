"""Notices on their way: an order that waits, a decision, a supplier's answer, each one mail."""

from email.message import EmailMessage

from marktbund.testing.mail import Folder
from tests.market import OFFICE, Market
from tests.running import Platform, eventually


async def test_a_refusal_by_a_supplier_reaches_the_requesters_mailbox(
    platform: Platform, market: Market
):
    me = market.requester("b")
    mine = await platform.call("GET", "members", "/me", sub=me["sub"])
    contact = f"/persons/{mine.json()['person_id']}/contact"
    known = {"email": "bestellung@stadt-b.example"}
    assert (await platform.call("PUT", "members", contact, sub=OFFICE, json=known)).is_success
    lines = [{"article_id": market.articles[2][4], "quantity": "3"}]
    order = (await platform.call("POST", "orders", "/orders", json={"lines": lines}, **me)).json()
    path = f"/supplier-orders/{order['supplier_order_ids'][0]}"

    async def delivered() -> int:
        return (await platform.call("GET", "supplier-gateway", path, sub="seller-2")).status_code

    await eventually(delivered, lambda status: status == 200)
    word = {"lines": [{"line_no": 1, "decision": "refused"}]}
    answer = await platform.call(
        "POST", "supplier-gateway", f"{path}/responses", sub="seller-2", json=word
    )
    assert answer.status_code == 201, answer.text
    folder = Folder(platform.places.of(platform.deployment) / "mail")

    async def arrived() -> list[EmailMessage]:
        return [mail for mail in folder.mails() if order["order_id"] in mail.as_string()]

    (mail,) = await eventually(arrived, lambda mails: len(mails) == 1)
    assert mail["To"] == known["email"]
    assert f"/bestellungen/{order['order_id']}" in mail.get_content()
    page = await platform.http.get(platform.addresses["mail"])
    assert "Ein Lieferant hat Zeilen Ihrer Bestellung abgelehnt" in page.text
    assert known["email"] in page.text

"""An order that cannot be placed any more: what an approver, a requester and the file are told."""

from uuid import UUID

from marktbund.contracts.order_steps import Hindrance, OrderSentBack
from marktbund.contracts.orders import AnswerDisregarded
from portal.words import timeline
from portal.words.timeline import Names
from services.portal.tests import facts
from services.portal.tests.facts import API, enter, holds, post

SUSPENDED = {
    "code": "supplier_not_active",
    "title": "Der Lieferant ist gesperrt",
    "detail": "Bürowelt liefert zurzeit nicht.",
    "way_out": "Wählen Sie einen anderen Lieferanten.",
    "field": "lines[0].article_id",
}


def hindered() -> dict[str, object]:
    return facts.verdict(
        comment="Der Lieferant ist gesperrt", occasion="approval", hindrances=[SUSPENDED]
    )


async def test_an_approver_reads_that_nothing_was_placed_and_what_to_do(visitor):
    await enter(visitor, "approver")
    door = f"/orders/{facts.ORDER}/approval"
    receipt = {"status": "sent_back", "hindrances": [SUSPENDED], "draft_order_id": facts.DRAFT}
    visitor.shelf.answers["POST", API + door] = (201, receipt)
    fields = {"verdict": "approve", "content_sha256": facts.SEEN, "comment": ""}
    answer = await post(visitor, f"/freigaben/{facts.ORDER}/entscheidung", **fields)
    holds(visitor, facts.order(status="sent_back"), facts.beside(verdicts=[hindered()]))
    page = (await visitor.browser.get(answer.headers["location"])).text
    for sentence in (
        "beauftragt wurde nichts",
        "Nicht beauftragt, am 26.11.2026, 11:00 Uhr zurückgegeben",
        "Bei der Genehmigung wurde alles noch einmal geprüft.",
        "Der Lieferant ist gesperrt. Bürowelt liefert zurzeit nicht. Wählen Sie einen anderen",
    ):
        assert sentence in page, sentence
    assert "Ihre Entscheidung ist vermerkt" not in page


async def test_a_route_that_refuses_by_now_is_said_to_the_approver_with_the_way_on(visitor):
    await enter(visitor, "approver")
    door = f"/orders/{facts.ORDER}/approval"
    forced = SUSPENDED | {"code": "use_agreement", "title": "Rahmenvertrag nutzen"}
    forced |= {"detail": "Rahmenvertrag RV-7 nutzen: er ist ausschließlich vereinbart."}
    forced |= {"way_out": "Bitte rufen Sie aus dem Rahmenvertrag ab."}
    receipt = {"status": "sent_back", "hindrances": [forced], "draft_order_id": facts.DRAFT}
    visitor.shelf.answers["POST", API + door] = (201, receipt)
    fields = {"verdict": "approve", "content_sha256": facts.SEEN, "comment": ""}
    answer = await post(visitor, f"/freigaben/{facts.ORDER}/entscheidung", **fields)
    verdict = facts.verdict(occasion="approval", hindrances=[forced])
    holds(visitor, facts.order(status="sent_back"), facts.beside(verdicts=[verdict]))
    page = (await visitor.browser.get(answer.headers["location"])).text
    for sentence in ("zurückgegangen", forced["title"], forced["detail"], forced["way_out"]):
        assert sentence in page, sentence


async def test_a_requester_reads_why_it_came_back_and_goes_on_from_there(visitor):
    await enter(visitor, "requester")
    holds(visitor, facts.order(status="sent_back"), facts.beside(verdicts=[hindered()]))
    draft = facts.order(order_id=facts.DRAFT, status="draft", decision=None, lines=[])
    holds(visitor, draft, facts.beside(returned=hindered()))
    page = (await visitor.browser.get(f"/bestellungen/{facts.ORDER}")).text
    assert "Wählen Sie einen anderen Lieferanten." in page
    assert f'action="/bestellungen/{facts.DRAFT}/uebernahme"' in page


def test_the_file_tells_the_reasons():
    event = OrderSentBack(
        version=2,
        order_id=UUID(facts.ORDER),
        member_id=facts.KOELN,
        sent_back_by=UUID(int=14),
        content_sha256=facts.SEEN,
        comment="x",
        draft_order_id=UUID(facts.DRAFT),
        occasion="approval",
        hindrances=(Hindrance(**SUSPENDED),),
    )
    assert timeline.account(event, Names({}, {})) == (
        "Zurückgegeben",
        ["Der Lieferant ist gesperrt. Bürowelt liefert zurzeit nicht."],
    )


def test_a_suppliers_word_that_does_not_count_says_why():
    supplier_id = UUID(facts.SUPPLIER)
    first = AnswerDisregarded(
        version=3,
        supplier_order_id=UUID(facts.SHARE),
        order_id=UUID(facts.ORDER),
        member_id=facts.KOELN,
        supplier_id=supplier_id,
        response_id=UUID(int=16),
        document="despatch",
        reason="order_cancelled",
    )
    title = "Die Versandmeldung von Bürowelt gilt nicht"
    names = Names({supplier_id: "Bürowelt"}, {})
    assert timeline.account(first, names) == (title, ["Der Auftrag war schon storniert."])
    second = first.model_copy(update={"reason": "day_out_of_bounds"})
    assert timeline.account(second, names) == (title, ["Der genannte Tag kann nicht stimmen."])

"""Pages: who may open them, what protects them, and that what people type is only ever text."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from fastapi.routing import APIRoute

from portal import pages
from portal.pages import visitors
from portal.pages.rendering import _templates
from services.portal.tests import facts
from services.portal.tests.carting import (
    ARTICLES,
    FACETS,
    article,
    cart_form,
    fill,
    order,
    search_answer,
)
from services.portal.tests.facts import API

KOELN = UUID(int=5)
OPEN_GETS = {
    "/",
    "/anmeldung",
    "/anmeldung/rueckkehr",
    "/anmeldung/zulassung",
    "/abgemeldet",
    "/hilfe",
    "/barrierefreiheit",
}
OPEN_POSTS = {"/anmeldung/abmeldenachricht"}


def routes() -> Iterator[APIRoute]:
    for router in pages.routers:
        yield from (route for route in router.routes if isinstance(route, APIRoute))


def calls(route: APIRoute) -> set[object]:
    known, todo = set(), list(route.dependant.dependencies)
    while todo:
        dependant = todo.pop()
        known.add(dependant.call)
        todo += dependant.dependencies
    return known


def test_every_page_but_these_needs_somebody_signed_in():
    open_ = {r.path for r in routes() if "GET" in r.methods and visitors._visit not in calls(r)}
    assert open_ == OPEN_GETS


def test_every_form_but_the_issuers_message_proves_where_it_comes_from():
    unproved = {
        r.path for r in routes() if "POST" in r.methods and visitors._posted not in calls(r)
    }
    assert unproved == OPEN_POSTS


def test_nothing_is_changed_by_asking():
    assert {method for route in routes() for method in route.methods} == {"GET", "POST"}


async def test_a_page_allows_no_foreign_script_frame_or_form(visitor):
    page = await visitor.browser.get("/")
    policy = dict(
        part.strip().split(" ", 1) for part in page.headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self' https://id.example.org"
    assert page.headers["cache-control"] == "no-store"
    assert " style=" not in page.text
    assert "<script>" not in page.text


@pytest.mark.parametrize(
    "path", ["/warenkorb", "/auftraege", "/akten", "/vergabe", "/planung", "/betrieb"]
)
async def test_a_page_of_another_role_stays_closed(visitor, path):
    await visitor.person("approver-1", ("approver", KOELN))
    await visitor.sign_in("approver-1")
    page = await visitor.browser.get(path)
    assert page.status_code == 403
    assert visitor.shelf.asked == []


async def test_what_services_say_is_shown_as_text(visitor):
    await visitor.person("person-1", ("requester", KOELN))
    await visitor.sign_in("person-1")
    unnamed = {"reference": "<script>alert(1)</script>", "submitted_at": None}
    order = facts.summary(status="placed", net_total="1234.5", **unnamed)
    visitor.shelf.answers["GET", "/api/orders/v1/orders"] = (200, [order])
    page = await visitor.browser.get("/bestellungen")
    assert "&lt;script&gt;alert(1)" in page.text
    assert "<script>alert" not in page.text
    assert "1.234,50 €" in page.text


async def test_a_service_that_is_away_is_said_in_words(visitor):
    await visitor.person("person-1", ("requester", KOELN))
    await visitor.sign_in("person-1")
    visitor.shelf.answers["GET", "/api/orders/v1/orders"] = (503, {})
    page = await visitor.browser.get("/bestellungen")
    assert page.status_code == 503
    assert "Gerade nicht möglich" in page.text


async def test_a_refusal_stands_at_the_top_of_the_page_and_the_cart_stays(visitor):
    await visitor.person("person-1", ("requester", KOELN))
    await visitor.sign_in("person-1")
    await fill(visitor, "2")
    refusal = {"code": "member_not_active", "title": "Mitglied ruht", "detail": "Seit heute."}
    visitor.shelf.answers["POST", f"{API}/orders"] = (409, refusal)
    form = await cart_form(visitor)
    answer = await order(visitor, form)
    assert answer.status_code == 422
    assert "Mitglied ruht. Seit heute." in answer.text
    assert "25,00 €" in answer.text
    (sent,) = (request for request in visitor.shelf.asked if request.url.path.endswith("/orders"))
    assert sent.headers["idempotency-key"] == form["key"]


async def test_articles_of_an_agreement_are_marked_in_the_result(visitor):
    await visitor.person("person-1", ("requester", KOELN))
    await visitor.sign_in("person-1")
    mark = {"agreement_id": str(UUID(int=8)), "title": "Papier", "binding": "open"}
    first = mark | {"number": "RV-7", "contract_article": True}
    second = mark | {"number": "RV-8", "contract_article": False}
    hits = search_answer(article(agreements=[first, second]))
    visitor.shelf.answers["GET", ARTICLES] = (200, hits)
    visitor.shelf.answers["GET", f"{ARTICLES}/facets"] = (200, FACETS)
    page = (await visitor.browser.get("/suche")).text
    assert page.index("Rahmenvertrag RV-7") < page.index("Vertragsartikel")
    assert page.index("Rahmenvertrag RV-8") < page.index("ein vergleichbarer Artikel steht im Ver")


@pytest.mark.parametrize(
    ("further", "words"),
    [
        ({"suppliers_further": 0, "classes_further": 0}, []),
        (
            {"suppliers_further": 1, "classes_further": 1234},
            ["1 weiterer Lieferant mit Artikeln", "1.234 weitere Warengruppen mit Artikeln"],
        ),
    ],
)
async def test_what_a_search_cannot_show_of_sellers_and_classes_is_counted(
    visitor, further: dict, words: list
):
    await visitor.person("person-1", ("requester", KOELN))
    await visitor.sign_in("person-1")
    visitor.shelf.answers["GET", ARTICLES] = (200, search_answer())
    visitor.shelf.answers["GET", f"{ARTICLES}/facets"] = (200, FACETS | further)
    page = (await visitor.browser.get("/suche")).text
    assert [word for word in words if word not in page] == []
    assert page.count("Artikeln im Ergebnis") == len(words)


def test_every_template_can_be_read():
    names = _templates.list_templates()
    assert len(names) > 15
    assert [name for name in names if not _templates.get_template(name)] == []

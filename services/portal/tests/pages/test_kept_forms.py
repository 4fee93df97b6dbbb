"""A form filled in when the session ends survives the sign-in, for its own person only."""

from uuid import UUID

import httpx
import pytest

from portal.words.form_names import NAMES, NOT_KEPT, name_of
from services.portal.tests import facts
from services.portal.tests.carting import form_of
from services.portal.tests.facts import API, enter, holds, sent_body
from services.portal.tests.pages.test_forms import FORMS

DECIDING = f"/freigaben/{facts.ORDER}/entscheidung"
PLACE = f"/orders/{facts.ORDER}/approval"
BONN = UUID(int=6)


async def filled(visitor, **more: str) -> dict[str, str]:
    return {
        **await visitor.proof(),
        "verdict": "refuse",
        "content_sha256": facts.SEEN,
        "comment": "Wir haben noch <b>zwanzig</b>",
        **more,
    }


@pytest.fixture
async def approver(visitor):
    await enter(visitor, "approver")
    visitor.shelf.answers["POST", API + PLACE] = (201, {"status": "refused"})
    visitor.shelf.asked.clear()
    return visitor


async def end_session(visitor) -> None:
    await visitor.connection.exec_driver_sql("DELETE FROM session")


async def again(visitor, answer: httpx.Response, sub: str) -> httpx.Response:
    """Sign in where the answer leads, and open the page one is sent to."""
    sent = await visitor.browser.get(answer.headers["location"])
    back = visitor.issuer.authorize(sent.headers["location"], sub)
    landed = await visitor.browser.get("/anmeldung/rueckkehr", params=back)
    assert landed.status_code == 303
    return await visitor.browser.get(landed.headers["location"], follow_redirects=True)


def changes(visitor) -> list[httpx.Request]:
    return [request for request in visitor.shelf.asked if request.method == "POST"]


async def test_what_was_typed_is_there_after_signing_in_and_goes_with_one_click(approver):
    form = await filled(approver)
    await end_session(approver)
    turned_away = await approver.browser.post(DECIDING, data=form)
    assert turned_away.headers["location"] == "/anmeldung?ziel=%2Feingaben"
    page = await again(approver, turned_away, "person-1")
    assert page.status_code == 200
    assert "Ihre Eingaben sind noch da" in page.text
    assert "Über eine Freigabe entscheiden" in page.text
    assert changes(approver) == []
    kept = form_of(page.text, DECIDING)
    assert kept == form | {"csrf": await approver.csrf()}
    assert (await approver.browser.post(DECIDING, data=kept)).status_code == 303
    assert sent_body(approver, PLACE)["comment"] == form["comment"]


async def test_nobody_else_sees_what_was_typed(approver):
    form = await filled(approver)
    await end_session(approver)
    turned_away = await approver.browser.post(DECIDING, data=form)
    await approver.person("person-2", ("approver", facts.KOELN))
    page = await again(approver, turned_away, "person-2")
    assert page.status_code == 403
    assert "zwanzig" not in page.text
    assert changes(approver) == []


async def test_the_database_shows_nothing_of_what_was_typed(approver):
    form = await filled(approver)
    await end_session(approver)
    await approver.browser.post(DECIDING, data=form)
    row = (await approver.connection.exec_driver_sql("SELECT * FROM kept_form")).one()
    assert "zwanzig" not in " ".join(str(value) for value in row)


@pytest.mark.parametrize(
    ("proof", "origin"), [("g" * 43, None), ("ü" * 43, None), (None, "https://evil.example.org")]
)
async def test_a_form_of_another_site_is_not_kept(approver, proof, origin):
    form = await filled(approver, **({"csrf": proof} if proof else {}))
    await end_session(approver)
    headers = {"Origin": origin} if origin else {}
    turned_away = await approver.browser.post(DECIDING, data=form, headers=headers)
    assert turned_away.headers["location"] == "/anmeldung?ziel=%2F"
    count = await approver.connection.exec_driver_sql("SELECT count(*) FROM kept_form")
    assert count.scalar_one() == 0


async def test_a_form_goes_on_for_the_member_it_was_filled_in_for(visitor):
    await visitor.person("person-1", ("approver", facts.KOELN), ("approver", BONN))
    await visitor.sign_in("person-1")
    holds(visitor, facts.order(), facts.beside())
    visitor.shelf.answers["POST", API + PLACE] = (201, {"status": "refused"})
    choice = {"csrf": await visitor.csrf(), "member": str(BONN)}
    assert (await visitor.browser.post("/mitglied", data=choice)).status_code == 303
    form = await filled(visitor)
    await end_session(visitor)
    page = await again(visitor, await visitor.browser.post(DECIDING, data=form), "person-1")
    await visitor.browser.post(DECIDING, data=form_of(page.text, DECIDING))
    (sent,) = changes(visitor)
    assert sent.headers["member"] == str(BONN)


async def test_a_form_of_a_session_before_asks_for_one_more_click(approver):
    form = await filled(approver)
    await approver.sign_in("person-1")
    answer = await approver.browser.post(DECIDING, data=form)
    assert answer.status_code == 409
    assert changes(approver) == []
    kept = form_of(answer.text, DECIDING)
    assert kept == form | {"csrf": await approver.csrf()}
    assert (await approver.browser.post(DECIDING, data=kept)).status_code == 303


async def test_an_issuer_that_does_not_answer_keeps_session_and_form(approver):
    form = await filled(approver)
    await approver.connection.exec_driver_sql("UPDATE session SET access_until = seen_at")
    approver.issuer.down = True
    answer = await approver.browser.post(DECIDING, data=form)
    assert answer.status_code == 503
    assert form_of(answer.text, DECIDING) == form
    assert await approver.sessions() == 1
    approver.issuer.down = False
    kept = form_of(answer.text, DECIDING)
    assert (await approver.browser.post(DECIDING, data=kept)).status_code == 303


async def test_a_script_is_led_to_the_sign_in_as_a_page(approver):
    form = await filled(approver)
    await end_session(approver)
    script = {"HX-Request": "true"}
    answer = await approver.browser.post(DECIDING, data=form, headers=script)
    assert answer.status_code == 200
    assert answer.headers["hx-redirect"] == "/anmeldung?ziel=%2Feingaben"


async def test_signing_out_of_a_session_that_is_over_keeps_nothing(approver):
    form = {"csrf": await approver.csrf()}
    await end_session(approver)
    answer = await approver.browser.post("/abmeldung", data=form)
    assert answer.headers["location"] == "/anmeldung?ziel=%2F"


async def test_nothing_waits_for_whoever_filled_in_nothing(approver):
    assert (await approver.browser.get("/eingaben")).headers["location"] == "/"


def test_every_form_has_a_name():
    unnamed = {path for path in FORMS if name_of(path) == "Formular"}
    assert unnamed == set(NOT_KEPT)
    assert {name_of(path) for path in FORMS} == {*NAMES.values(), "Formular"}

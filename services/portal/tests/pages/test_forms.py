"""Forms as nobody's browser sends them, and forms whose answer stays out."""

import re
from collections.abc import Iterator
from uuid import UUID

import httpx
import pytest
from fastapi.routing import APIRoute

from marktbund.unit_of_work import LOCK_SECONDS, STATEMENT_SECONDS
from portal import pages
from portal.clients import services
from services.portal.tests import facts
from services.portal.tests.facts import API, enter, holds, post, sent_body

DECIDING = f"/freigaben/{facts.ORDER}/entscheidung"
APPROVAL = f"/orders/{facts.ORDER}/approval"
APPROVE = {"verdict": "approve", "content_sha256": facts.SEEN, "comment": ""}
EVERYBODY = (
    *("requester", "approver", "award_office", "auditor", "member_admin"),
    *("procurement", "office", "operator"),
)


def forms() -> Iterator[str]:
    """The address of every form, with some id in each place for one."""
    for router in pages.routers:
        for route in router.routes:
            if isinstance(route, APIRoute) and "POST" in route.methods:
                path = route.path.replace("{kind}", "preis").replace("{change_no}", "1")
                yield re.sub(r"\{[a-z_]+\}", str(UUID(int=9)), path)


FORMS = sorted(set(forms()) - {"/anmeldung/abmeldenachricht"})


async def everybody(visitor) -> None:
    here = [(role, facts.KOELN) for role in EVERYBODY[:5]]
    await visitor.person("person-1", *here, *((role, None) for role in EVERYBODY[5:]))
    await visitor.sign_in("person-1")


def is_page(answer: httpx.Response) -> bool:
    return answer.headers["content-type"].startswith("text/html") and "<h1" in answer.text


async def test_a_proof_beyond_ascii_is_refused_at_every_form(visitor):
    await everybody(visitor)
    assert len(FORMS) >= 23
    for path in FORMS:
        answer = await visitor.browser.post(path, data={"csrf": "ü" * 43, "key": "k" * 36})
        assert (path, answer.status_code, is_page(answer)) == (path, 403, True)
    assert visitor.shelf.asked == []


async def test_a_nul_in_a_field_is_refused_at_every_form(visitor):
    await everybody(visitor)
    proof = await visitor.proof()
    for field in ({"reason": "a\0b"}, {"dec\0ision-1": "x"}):
        for path in FORMS:
            answer = await visitor.browser.post(path, data=proof | field)
            # A supplier's form is closed to all others before its fields are read.
            wanted = 403 if path.startswith("/auftraege") else 422
            assert (path, answer.status_code, is_page(answer)) == (path, wanted, True)
    assert visitor.shelf.asked == []


@pytest.mark.parametrize("key", ["", "kurz", "ключ-ключ-ключ", "k" * 65, "k k k k k", "a\r\nX: y"])
async def test_a_key_that_is_none_is_refused(visitor, key: str):
    await enter(visitor, "approver")
    visitor.shelf.asked.clear()
    answer = await post(visitor, DECIDING, **APPROVE, key=key)
    assert (answer.status_code, is_page(answer)) == (422, True)
    assert "nicht vollständig angekommen" in answer.text
    assert [request for request in visitor.shelf.asked if request.method == "POST"] == []


def test_the_portal_waits_longer_than_a_service_does():
    assert services.WRITE_SECONDS > STATEMENT_SECONDS > LOCK_SECONDS


async def test_an_answer_that_stays_out_is_not_called_nothing_changed(visitor):
    await enter(visitor, "approver")
    visitor.shelf.failing["POST", API + APPROVAL] = httpx.ReadTimeout("slow")
    answer = await post(visitor, DECIDING, **APPROVE, comment_="Amt 40")
    assert answer.status_code == 503
    assert "Noch nicht bekannt, ob das angekommen ist" in answer.text
    assert "nichts geändert" not in answer.text
    assert f'action="{DECIDING}"' in answer.text
    for name, value in {**APPROVE, "comment_": "Amt 40", "key": "k" * 36}.items():
        assert f'name="{name}" value="{value}"' in answer.text


async def test_the_same_form_again_goes_out_under_the_same_key(visitor):
    await enter(visitor, "approver")
    visitor.shelf.failing["POST", API + APPROVAL] = httpx.ReadTimeout("slow")
    await post(visitor, DECIDING, **APPROVE)
    visitor.shelf.failing.clear()
    visitor.shelf.answers["POST", API + APPROVAL] = (201, {"status": "placed"})
    assert (await post(visitor, DECIDING, **APPROVE)).status_code == 303
    sent = [request for request in visitor.shelf.asked if request.url.path == API + APPROVAL]
    assert len({request.headers["idempotency-key"] for request in sent}) == 1
    assert len({request.content for request in sent}) == 1


async def test_what_was_never_sent_is_not_called_unknown_and_is_kept(visitor):
    await enter(visitor, "approver")
    visitor.shelf.failing["POST", API + APPROVAL] = httpx.ConnectError("refused")
    answer = await post(visitor, DECIDING, **APPROVE)
    assert answer.status_code == 503
    assert "Gerade nicht möglich" in answer.text
    assert f'name="content_sha256" value="{facts.SEEN}"' in answer.text


async def key_on(visitor, path: str) -> str:
    page = (await visitor.browser.get(path)).text
    return re.findall(r'name="key" value="([^"]+)"', page)[0]


async def test_a_key_lasts_as_long_as_what_the_form_was_drawn_from(visitor):
    await enter(visitor, "approver")
    path = f"/freigaben/{facts.ORDER}"
    first = await key_on(visitor, path)
    assert await key_on(visitor, path) == first
    holds(visitor, facts.order(content_sha256="cd" * 32), facts.beside())
    assert await key_on(visitor, path) != first


async def test_a_form_that_was_sent_before_is_told_in_words_for_people(visitor):
    await enter(visitor, "approver")
    reused = {"code": "idempotency_key_reused", "title": "Der Schlüssel gehört zu einer anderen"}
    visitor.shelf.answers["POST", API + APPROVAL] = (422, reused)
    answer = await post(visitor, DECIDING, **APPROVE)
    assert "Dieses Formular wurde schon abgeschickt" in answer.text
    assert "Schlüssel" not in answer.text


async def test_other_digits_name_no_line_of_a_suppliers_form(visitor):
    await enter(visitor, "award_office")
    handed = facts.order(status="handed_over")
    holds(visitor, handed, facts.beside())
    path = f"/vergabe/{facts.ORDER}/ergebnis"
    answer = await post(visitor, path, **{"award-quantity-٣": "1", "file_reference": "VS-1"})
    assert (answer.status_code, is_page(answer)) == (422, True)


async def test_an_order_is_approved_with_what_was_seen_and_said(visitor):
    await enter(visitor, "approver")
    visitor.shelf.answers["POST", API + APPROVAL] = (201, {"status": "placed"})
    await post(visitor, DECIDING, **APPROVE)
    assert sent_body(visitor, APPROVAL) == APPROVE

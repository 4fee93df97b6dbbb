"""Roles on their page: what waits is decided; a member's administration gives and takes."""

import json
from uuid import UUID

import httpx
import pytest

from services.portal.tests.carting import form_of
from services.portal.tests.facts import KOELN, post
from services.portal.tests.paging import by_row, read_to_its_end

API = "/api/members/v1"
REQUEST, PERSON = str(UUID(int=21)), str(UUID(int=22))
PEOPLE = f"{API}/members/{KOELN}/people"
WAITING = {
    "request_id": REQUEST,
    "person_id": PERSON,
    "person_email": "erika@stadt.example",
    "role": "approver",
    "member_id": str(KOELN),
    "member_name": "Stadt Köln",
    "requested_by": str(UUID(int=23)),
    "requested_by_email": None,
    "requested_at": "2026-11-26T09:00:00Z",
    "mine": False,
}


async def enter(visitor, *grants, **differs):
    visitor.shelf.answers["GET", f"{API}/grant-requests"] = (200, [WAITING | differs])
    await visitor.person("person-1", *grants)
    await visitor.sign_in("person-1")


def sent(visitor, path: str):
    (request,) = (r for r in visitor.shelf.asked if (r.method, r.url.path) == ("POST", API + path))
    return json.loads(request.content)


async def test_the_office_sees_what_waits_and_who_asked(visitor):
    await enter(visitor, ("office", None))
    page = (await visitor.browser.get("/rollen")).text
    for fact in ("Genehmigung für Stadt Köln", "erika@stadt.example", "von der Geschäftsstelle"):
        assert fact in page, fact
    assert "Ein Antrag wartet" in page or "1 Antrag wartet" in page
    assert "Rolle vergeben" not in page
    assert 'href="/rollen" aria-current="page"' in page


@pytest.mark.parametrize(("verdict", "door"), [("confirm", "confirmation"), ("refuse", "refusal")])
async def test_one_click_decides(visitor, verdict: str, door: str):
    await enter(visitor, ("office", None))
    path = f"/grant-requests/{REQUEST}/{door}"
    visitor.shelf.answers["POST", API + path] = (200, {})
    fields = {"verdict": verdict, f"comment-{REQUEST}": " Im  Haus \r\n geprüft "}
    answer = await post(visitor, f"/rollen/{REQUEST}/entscheidung", **fields)
    assert (answer.status_code, answer.headers["location"]) == (303, "/rollen")
    assert sent(visitor, path) == {"comment": "Im Haus geprüft"}


async def test_a_refusal_of_members_stands_at_its_field_and_nothing_typed_is_lost(visitor):
    await enter(visitor, ("office", None))
    refusal = {"code": "second_person_needed", "title": "Wer beantragt, bestätigt nicht"}
    visitor.shelf.answers["POST", f"{API}/grant-requests/{REQUEST}/confirmation"] = (403, refusal)
    fields = {"verdict": "confirm", f"comment-{REQUEST}": "Eilt"}
    answer = await post(visitor, f"/rollen/{REQUEST}/entscheidung", **fields)
    assert answer.status_code == 422
    assert f'href="#comment-{REQUEST}"' in answer.text
    assert ">Eilt</textarea>" in answer.text


async def test_what_one_asked_for_oneself_is_only_taken_back(visitor):
    me = str(UUID(int=sum(b"person-1")))
    await enter(visitor, ("office", None), mine=True, requested_by=me)
    page = (await visitor.browser.get("/rollen")).text
    assert "Diesen Antrag haben Sie gestellt" in page
    assert 'value="confirm"' not in page
    assert "Zurückziehen" in page


async def test_an_administration_gives_and_takes_roles_of_its_member(visitor):
    await enter(visitor, ("member_admin", KOELN))
    person = {"person_id": PERSON, "email": "erika@stadt.example", "roles": ["requester"]}
    visitor.shelf.answers["GET", PEOPLE] = (200, [person])
    page = (await visitor.browser.get("/rollen")).text
    assert "Bestellung entziehen" in page
    visitor.shelf.answers["POST", f"{API}/grant-requests"] = (201, {})
    await post(visitor, "/rollen/antrag", person_id=PERSON, role="receiver")
    asked = {"person_id": PERSON, "role": "receiver", "member_id": str(KOELN)}
    assert sent(visitor, "/grant-requests") == asked
    visitor.shelf.answers["POST", f"{API}/persons/{PERSON}/revocation"] = (200, {})
    answer = await post(visitor, f"/rollen/{PERSON}/entzug", role="requester")
    assert answer.status_code == 303
    revoked = {"role": "requester", "member_id": str(KOELN)}
    assert sent(visitor, f"/persons/{PERSON}/revocation") == revoked


async def test_an_account_whose_only_roles_were_refused_says_so_and_can_be_given_others(visitor):
    refused = {"person_id": PERSON, "email": "erika@stadt.example", "roles": []}
    holder = {"person_id": str(UUID(int=9)), "email": "ali@stadt.example", "roles": ["receiver"]}
    await administration(visitor, refused, holder)
    page = (await visitor.browser.get("/rollen")).text
    first, second = page.split('<li><p class="kern-body">')[1:]
    assert first.startswith("erika@stadt.example")
    assert "Antrag abgelehnt" in first
    assert "entziehen" not in first
    assert "Antrag abgelehnt" not in second
    assert f'<option value="{PERSON}"' in page


@pytest.mark.parametrize("count", [3, 500, 1001])
async def test_an_administration_sees_all_people_of_its_member(visitor, count: int):
    await enter(visitor, ("member_admin", KOELN))

    def answer(request: httpx.Request):
        after = UUID(request.url.params.get("after", str(UUID(int=0)))).int
        last = min(after + int(request.url.params["limit"]), count)
        people = [str(UUID(int=number)) for number in range(after + 1, last + 1)]
        return 200, [
            {"person_id": person_id, "email": f"{person_id}@x.de", "roles": []}
            for person_id in people
        ]

    visitor.shelf.paged[PEOPLE] = answer
    page = (await visitor.browser.get("/rollen")).text
    assert page.count('<li><p class="kern-body">') == count


@pytest.mark.parametrize(
    ("path", "door"),
    [("/rollen/antrag", "/grant-requests"), (f"/rollen/{PERSON}/entzug", f"/persons/{PERSON}")],
)
async def test_what_members_refuses_an_administration_is_told(visitor, path: str, door: str):
    await enter(visitor, ("member_admin", KOELN))
    visitor.shelf.answers["GET", PEOPLE] = (200, [])
    path_asked = door if door == "/grant-requests" else f"{door}/revocation"
    refusal = {"code": "own_roles", "title": "Die eigenen Rollen ändert niemand selbst"}
    visitor.shelf.answers["POST", API + path_asked] = (403, refusal)
    answer = await post(visitor, path, person_id=PERSON, role="receiver")
    assert answer.status_code == 422
    assert "Die eigenen Rollen ändert niemand selbst." in answer.text


async def administration(visitor, *people):
    await enter(visitor, ("member_admin", KOELN))
    visitor.shelf.answers["GET", PEOPLE] = (200, list(people))
    visitor.shelf.answers["POST", PEOPLE] = (201, {})


async def test_an_administration_adds_somebody_of_its_member_once(visitor):
    await administration(visitor)
    assert 'href="/rollen/person"' in (await visitor.browser.get("/rollen")).text
    form = form_of((await visitor.browser.get("/rollen/person")).text, "/rollen/person")
    chosen = {"role-requester": "1", "role-approver": "1"}
    typed = {"csrf": form["csrf"], "key": form["key"], "email": "neu@stadt.example", **chosen}
    for _ in range(2):
        answer = await visitor.browser.post("/rollen/person", data=typed)
        assert (answer.status_code, answer.headers["location"]) == (303, "/rollen?neu=1")
    first, again = (r for r in visitor.shelf.asked if (r.method, r.url.path) == ("POST", PEOPLE))
    assert first.headers["idempotency-key"] == again.headers["idempotency-key"]
    body = {"email": "neu@stadt.example", "roles": ["requester", "approver"]}
    assert json.loads(first.content) == body
    assert "Das Konto ist angelegt" in (await visitor.browser.get("/rollen?neu=1")).text


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"role-requester": "1"}, "email"), ({"email": "neu@stadt.example"}, "roles")],
)
async def test_what_is_missing_is_said_at_its_field_and_the_rest_is_kept(visitor, typed, field):
    await administration(visitor)
    answer = await post(visitor, "/rollen/person", **typed)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    kept = form_of(answer.text, "/rollen/person")
    assert kept["email"] == typed.get("email", "")
    assert ('id="role-requester" name="role-requester" value="1" checked' in answer.text) == (
        "role-requester" in typed
    )


async def test_an_address_that_is_known_is_refused_at_its_field_with_the_way_on(visitor):
    await administration(visitor)
    refusal = {"code": "email_taken", "title": "Schon ein Konto", "field": "email"}
    refusal |= {"way_out": "Das trägt die Geschäftsstelle ein."}
    visitor.shelf.answers["POST", PEOPLE] = (409, refusal)
    fields = {"email": "erika@stadt.example", "role-requester": "1"}
    answer = await post(visitor, "/rollen/person", **fields)
    assert 'href="#email">Schon ein Konto. Das trägt die Geschäftsstelle ein.' in answer.text
    assert form_of(answer.text, "/rollen/person")["email"] == "erika@stadt.example"


@pytest.mark.parametrize("grant", [("requester", KOELN), ("office", None)])
async def test_only_an_administration_adds_people_on_this_page(visitor, grant):
    await enter(visitor, grant)
    assert (await visitor.browser.get("/rollen/person")).status_code == 403
    assert (await post(visitor, "/rollen/person", email="a@b.example")).status_code == 403


@pytest.mark.parametrize("grant", [("office", None), ("member_admin", KOELN)])
async def test_what_waits_for_a_second_person_stands_on_their_first_page(visitor, grant):
    await enter(visitor, grant)
    visitor.shelf.answers["GET", PEOPLE] = (200, [])
    page = (await visitor.browser.get("/")).text
    assert "Rollen zu bestätigen (1)" in page
    assert f'href="/rollen#antrag-{REQUEST}">Genehmigung für Stadt Köln</a>' in page
    assert "erika@stadt.example" in page
    assert f'id="antrag-{REQUEST}"' in (await visitor.browser.get("/rollen")).text


async def test_what_one_asked_for_waits_for_others(visitor):
    await enter(visitor, ("office", None), mine=True)
    page = (await visitor.browser.get("/")).text
    assert "Kein Antrag wartet auf Sie." in page
    assert REQUEST not in page


async def test_more_than_a_page_of_requests_is_counted_whole(visitor):
    await enter(visitor, ("office", None))
    requests = [WAITING | {"request_id": str(UUID(int=1000 + number))} for number in range(501)]

    def paged(asked):
        after = asked.url.params.get("after", "")
        later = [waiting for waiting in requests if waiting["request_id"] > after]
        return 200, later[: int(asked.url.params["limit"])]

    visitor.shelf.paged[f"{API}/grant-requests"] = paged
    assert "Rollen zu bestätigen (501)" in (await visitor.browser.get("/")).text


async def test_a_first_page_without_members_says_what_cannot_be_asked_now(visitor):
    await enter(visitor, ("office", None))
    visitor.shelf.answers["GET", f"{API}/grant-requests"] = (503, {})
    page = await visitor.browser.get("/")
    assert page.status_code == 200
    assert "Diese Liste ist gerade nicht erreichbar." in page.text


@pytest.mark.parametrize("role", ["requester", "approver", "auditor"])
async def test_nobody_else_finds_the_page(visitor, role):
    await enter(visitor, (role, KOELN))
    assert (await visitor.browser.get("/rollen")).status_code == 403
    assert "/rollen" not in (await visitor.browser.get("/")).text


async def test_people_of_new_roles_choose_their_notices(visitor):
    await enter(visitor, ("finance", KOELN))
    visitor.shelf.answers["GET", f"{API}/me/notices"] = (200, {"email": None, "unwanted": []})
    assert (await visitor.browser.get("/benachrichtigungen")).status_code == 200


async def test_what_waits_is_read_to_the_last(visitor):
    await enter(visitor, ("office", None))
    rows = [WAITING | {"request_id": str(UUID(int=number))} for number in range(1, 52)]
    by_row(visitor, f"{API}/grant-requests", rows, "request_id")
    addresses, pages = await read_to_its_end(visitor, "/rollen")
    assert addresses == ["/rollen", f"/rollen?nach={UUID(int=50)}"]
    assert [page.count('name="verdict" value="confirm"') for page in pages] == [50, 1]
    assert f'action="/rollen/{UUID(int=51)}/entscheidung"' in pages[1]

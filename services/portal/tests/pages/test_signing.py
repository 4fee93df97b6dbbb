"""Signing in and out: the code flow with PKCE, fixation, redirects, cookies, forms, the end."""

from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest

from portal.domain.sessions import digest

KOELN = UUID(int=5)
ORDERS = ("GET", "/api/orders/v1/orders")


@pytest.fixture
async def requester(visitor):
    await visitor.person("person-1", ("requester", KOELN))
    visitor.shelf.answers[ORDERS] = (200, [])
    return visitor


async def test_after_signing_in_the_page_that_was_asked_for_opens(requester):
    turned_away = await requester.browser.get("/bestellungen?nach=1")
    assert turned_away.status_code == 303
    assert turned_away.headers["location"] == "/anmeldung?ziel=%2Fbestellungen%3Fnach%3D1"
    back = await requester.sign_in("person-1", "/bestellungen")
    assert (back.status_code, back.headers["location"]) == (303, "/bestellungen")
    page = await requester.browser.get("/bestellungen")
    assert page.status_code == 200
    assert "Bestellung Stadt Köln" in page.text
    assert requester.shelf.asked[-1].headers["authorization"] == "Bearer first"
    assert requester.shelf.asked[-1].headers["member"] == str(KOELN)


@pytest.mark.parametrize(
    "target",
    ["https://evil.example.org", "//evil.example.org", "/\\evil.example.org", "x", "/a\tb"],
)
async def test_nobody_is_led_elsewhere_after_signing_in(requester, target):
    back = await requester.sign_in("person-1", target)
    assert back.headers["location"] == "/"


async def test_a_key_that_was_planted_before_does_not_become_a_session(requester):
    requester.browser.cookies.set("marktbund", "planted")
    key = (await requester.sign_in("person-1")).cookies["marktbund"]
    assert key != "planted"
    kept = await requester.connection.exec_driver_sql("SELECT key_sha256 FROM session")
    assert [bytes(row.key_sha256) for row in kept] == [digest(key)]


async def test_every_sign_in_gets_a_new_key_and_ends_the_one_before(requester):
    await requester.sign_in("person-1")
    first = requester.browser.cookies["marktbund"]
    await requester.sign_in("person-1")
    assert requester.browser.cookies["marktbund"] != first
    assert await requester.sessions() == 1


async def test_a_sign_in_begun_in_another_browser_is_refused(requester):
    async with requester.another() as other:
        sent = await other.get("/anmeldung")
        back = requester.issuer.authorize(sent.headers["location"], "person-1")
    answer = await requester.browser.get("/anmeldung/rueckkehr", params=back)
    assert answer.status_code == 400
    assert await requester.sessions() == 0


async def test_a_code_is_good_once(requester):
    sent = await requester.browser.get("/anmeldung")
    back = requester.issuer.authorize(sent.headers["location"], "person-1")
    assert (await requester.browser.get("/anmeldung/rueckkehr", params=back)).status_code == 303
    key = requester.browser.cookies["marktbund"]
    await requester.browser.get("/anmeldung/rueckkehr", params=back)
    assert requester.browser.cookies["marktbund"] == key
    redeemed = [
        request for request in requester.issuer.asked if request.url.path.endswith("/token")
    ]
    assert len(redeemed) == 1


async def test_cookies_are_bound_to_host_path_and_tls(secure_visitor):
    await secure_visitor.person("person-1", ("requester", KOELN))
    back = await secure_visitor.sign_in("person-1")
    cookies = back.headers.get_list("set-cookie")
    kept = next(cookie for cookie in cookies if cookie.startswith("__Host-marktbund="))
    parts = {part.strip().lower() for part in kept.split(";")[1:]}
    assert parts == {"httponly", "path=/", "samesite=lax", "secure"}


async def test_without_tls_a_cookie_is_still_closed_to_scripts_and_other_sites(requester):
    back = await requester.sign_in("person-1")
    cookies = back.headers.get_list("set-cookie")
    kept = next(cookie for cookie in cookies if cookie.startswith("marktbund="))
    parts = {part.strip().lower() for part in kept.split(";")[1:]}
    assert parts == {"httponly", "path=/", "samesite=lax"}


async def test_a_form_without_the_sessions_proof_changes_nothing(requester):
    await requester.sign_in("person-1")
    for form in ({}, {"csrf": "guessed"}):
        answer = await requester.browser.post("/abmeldung", data=form)
        assert answer.status_code == 403
    assert await requester.sessions() == 1


async def test_a_form_from_another_site_changes_nothing(requester):
    await requester.sign_in("person-1")
    form = {"csrf": await requester.csrf()}
    foreign = {"Origin": "https://evil.example.org"}
    answer = await requester.browser.post("/abmeldung", data=form, headers=foreign)
    assert answer.status_code == 403
    assert await requester.sessions() == 1


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/abmeldung", ["/protocol/openid-connect/logout"]),
        ("/abmeldung/ueberall", ["/protocol/openid-connect/token", "/account/sessions"]),
    ],
)
async def test_signing_out_ends_the_session_here_and_at_the_issuer(requester, path, asked):
    await requester.sign_in("person-1")
    own = {"Origin": requester.site}
    form = {"csrf": await requester.csrf()}
    requester.issuer.asked.clear()
    answer = await requester.browser.post(path, data=form, headers=own)
    assert (answer.status_code, answer.headers["location"]) == (303, "/abgemeldet")
    paths = [
        request.url.path.removeprefix("/realms/marktbund") for request in requester.issuer.asked
    ]
    assert paths == asked
    assert await requester.sessions() == 0


@pytest.mark.parametrize("path", ["/abmeldung", "/abmeldung/ueberall"])
async def test_where_the_issuer_is_away_its_own_page_ends_the_rest_without_a_token(requester, path):
    await requester.sign_in("person-1")
    form = {"csrf": await requester.csrf()}
    requester.issuer.down = True
    answer = await requester.browser.post(path, data=form)
    assert answer.status_code == 303
    page, _, query = answer.headers["location"].partition("?")
    assert page == "https://id.example.org/realms/marktbund/protocol/openid-connect/logout"
    assert parse_qs(query) == {
        "client_id": ["portal"],
        "post_logout_redirect_uri": [f"{requester.site}/abgemeldet"],
    }
    assert await requester.sessions() == 0


async def test_the_issuer_is_asked_for_nothing_but_who_it_is(requester):
    sent = await requester.browser.get("/anmeldung")
    assert parse_qs(urlsplit(sent.headers["location"]).query)["scope"] == ["openid"]


async def test_the_issuers_message_ends_the_sessions_of_a_sign_in(requester):
    await requester.sign_in("person-1")
    event = {"http://schemas.openid.net/event/backchannel-logout": {}}
    signer = requester.issuer.signer
    forged = {"logout_token": signer.token("person-1", sid="sign-in-1", jti="1")}
    answer = await requester.browser.post("/anmeldung/abmeldenachricht", data=forged)
    assert answer.status_code == 400
    assert await requester.sessions() == 1
    form = {"logout_token": signer.token("person-1", sid="sign-in-1", jti="2", events=event)}
    answer = await requester.browser.post("/anmeldung/abmeldenachricht", data=form)
    assert answer.status_code == 200
    assert await requester.sessions() == 0


async def test_who_is_deactivated_is_out_with_the_next_click(requester):
    await requester.sign_in("person-1")
    assert (await requester.browser.get("/bestellungen")).status_code == 200
    await requester.person("person-1", ("requester", KOELN), active=False)
    assert (await requester.browser.get("/bestellungen")).status_code == 403
    assert await requester.sessions() == 0


async def test_an_account_that_nobody_knows_has_no_access(visitor):
    await visitor.sign_in("stranger")
    answer = await visitor.browser.get("/")
    assert answer.status_code == 403
    assert "Kein Zugang" in answer.text


async def test_tokens_are_renewed_before_they_end(requester):
    requester.issuer.lifetime = 10
    await requester.sign_in("person-1")
    await requester.browser.get("/bestellungen")
    assert requester.issuer.renewals == 1
    assert requester.shelf.asked[-1].headers["authorization"] == "Bearer renewed"


async def test_once_the_issuer_has_ended_a_sign_in_the_session_is_over(requester):
    requester.issuer.lifetime = 10
    await requester.sign_in("person-1")
    requester.issuer.signed_in = False
    answer = await requester.browser.get("/bestellungen")
    assert answer.status_code == 303
    assert await requester.sessions() == 0


async def test_an_issuer_that_does_not_answer_ends_no_session(requester):
    requester.issuer.lifetime = 10
    await requester.sign_in("person-1")
    requester.issuer.down = True
    assert (await requester.browser.get("/bestellungen")).status_code == 503
    assert await requester.sessions() == 1
    requester.issuer.down = False
    assert (await requester.browser.get("/bestellungen")).status_code == 200


async def test_the_database_holds_no_token_and_no_key(requester):
    await requester.sign_in("person-1")
    row = (await requester.connection.exec_driver_sql("SELECT * FROM session")).one()
    kept = " ".join(str(value) for value in row)
    assert "first" not in kept
    assert requester.browser.cookies["marktbund"] not in kept

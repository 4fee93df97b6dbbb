"""What nobody foresaw of a call to the outside is an outcome, and no fault of the portal."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from portal.clients.bodies import CommentBody
from portal.clients.services import Caller, Readiness, Refused, Services, Unavailable

CALLER = Caller("token")
SAID = CommentBody(comment="")
Answer = Callable[[httpx.Request], httpx.Response]


def raising(error: Exception) -> Answer:
    def answer(_: httpx.Request) -> httpx.Response:
        raise error

    return answer


def saying(status: int, content: bytes) -> Answer:
    return lambda _: httpx.Response(status, content=content)


UNFORESEEN = {
    "no JSON": saying(200, b"<html>"),
    "nothing": saying(200, b""),
    "no text": saying(200, b"\xff\xfe"),
    "a host no library takes": raising(UnicodeError("label too long")),
    "an address no library takes": raising(httpx.InvalidURL("no address")),
    "a protocol error": raising(httpx.RemoteProtocolError("half an answer")),
    "anything": raising(RuntimeError("what nobody foresaw")),
}


def services(answer: Answer, address: str = "http://orders") -> Services:
    return Services({"orders": address}, httpx.MockTransport(answer))


@pytest.mark.parametrize("answer", UNFORESEEN.values(), ids=UNFORESEEN)
async def test_a_question_without_a_readable_answer_is_no_answer(answer: Answer):
    for asked in (
        services(answer).read(CALLER, "orders", "/orders", list[str]),
        services(answer).check_body(CALLER, "orders", "/checks", list[str], SAID),
    ):
        with pytest.raises(Unavailable) as away:
            await asked
        assert not away.value.unknown


@pytest.mark.parametrize("answer", UNFORESEEN.values(), ids=UNFORESEEN)
async def test_a_change_without_a_readable_answer_may_have_been_made(answer: Answer):
    for asked in (
        services(answer).change(CALLER, "orders", "/orders", list[str], "{}", key="k"),
        services(answer).put(CALLER, "orders", "/orders", list[str], SAID),
    ):
        with pytest.raises(Unavailable) as away:
            await asked
        assert away.value.unknown


@pytest.mark.parametrize("content", [b"[]", b"5", b"null", b"<html>", b""])
async def test_a_refusal_without_a_problem_is_a_refusal_all_the_same(content: bytes):
    with pytest.raises(Refused) as refused:
        await services(saying(409, content)).post(CALLER, "orders", "/orders", key="k")
    assert (refused.value.status, refused.value.code) == (409, "http_409")


async def test_what_was_never_sent_changed_nothing():
    nowhere = services(saying(200, b"{}"), "http://[::1")
    with pytest.raises(Unavailable) as away:
        await nowhere.post(CALLER, "orders", "/orders", key="k")
    assert not away.value.unknown


@pytest.mark.parametrize("answer", [*UNFORESEEN.values(), saying(200, b"[]")])
async def test_a_service_whose_health_cannot_be_read_is_unreachable(answer: Answer):
    assert await services(answer).ready("orders") == Readiness(status="unreachable")


@pytest.mark.parametrize(
    ("ends", "answer"),
    [
        ("/certs", httpx.Response(200, content=b"<html>")),
        ("/certs", httpx.Response(200, json=[])),
        ("/certs", httpx.Response(200, json={"keys": [5]})),
        ("/token", RuntimeError("what nobody foresaw")),
    ],
)
async def test_a_sign_in_that_nobody_can_judge_is_tried_again_later(
    visitor: Any, ends: str, answer: httpx.Response | Exception
):
    await visitor.person("person-1", ("requester", None))
    visitor.issuer.instead[ends] = answer
    assert (await visitor.sign_in("person-1")).status_code == 503
    assert await visitor.sessions() == 0
    visitor.issuer.instead.clear()
    assert (await visitor.sign_in("person-1")).status_code == 303


@pytest.mark.parametrize("seconds", ["soon", None, 10**400, [], 10**12])
async def test_a_renewal_whose_end_nobody_knows_ends_no_session(visitor: Any, seconds: Any):
    await visitor.person("person-1", ("requester", None))
    visitor.issuer.lifetime = 10
    await visitor.sign_in("person-1")
    tokens = {"access_token": "x", "refresh_token": "y", "expires_in": seconds}
    visitor.issuer.instead["/token"] = httpx.Response(200, json=tokens)
    assert (await visitor.browser.get("/bestellungen")).status_code == 503
    assert await visitor.sessions() == 1

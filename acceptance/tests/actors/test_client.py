"""The client: one key over all tries of a change, patience with an end, problems by code."""

from datetime import UTC, datetime

import httpx
import pytest
from pydantic import ValidationError

from acceptance.actors.client import DemoClient, ProblemError, UnreachableError
from acceptance.actors.readings import CallOffRefusedReading, DraftReading, Reading
from acceptance.dataset.accounts import DemoAccount

REQUESTER = DemoAccount("demo-requester-1", "0198c0de-0000-7000-8000-000000000001")
ADDRESSES = {"issuer": "http://issuer", "orders": "http://orders", "members": "http://members"}


class Service:
    """Hands out prepared answers (or network failures) in turn and keeps the requests."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.requests = []

    def __call__(self, request):
        if request.url.host == "issuer":
            sub = request.content.decode().removeprefix("client_id=")
            return httpx.Response(200, json={"access_token": f"token of {sub}", "expires_in": 300})
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def client_of(service, patience_seconds=5.0):
    transport = httpx.MockTransport(service)
    return DemoClient(ADDRESSES, patience_seconds=patience_seconds, transport=transport)


def refusal(status, code):
    return httpx.Response(status, json={"code": code, "title": "Nein", "status": status})


async def test_a_change_carries_who_for_whom_and_when():
    service = Service(httpx.Response(201, json={"order_id": "o1"}))
    at = datetime(2010, 5, 3, 8, tzinfo=UTC)
    async with client_of(service) as client:
        answer = await client.send(REQUESTER, "orders", "/orders", {"lines": []}, at=at)
    (request,) = service.requests
    assert DraftReading.model_validate_json(answer).order_id == "o1"
    assert str(request.url) == "http://orders/api/orders/v1/orders"
    assert request.headers["authorization"] == "Bearer token of demo-requester-1"
    assert request.headers["member"] == REQUESTER.member_id
    assert request.headers["business-time"] == "2010-05-03T08:00:00+00:00"
    assert len(request.headers["idempotency-key"]) >= 8


@pytest.mark.parametrize(
    "trouble",
    [
        refusal(503, "internal_error"),
        refusal(409, "request_in_flight"),
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("lost on the way back"),
        httpx.Response(502, text="<html>"),
    ],
)
async def test_what_may_have_been_lost_is_sent_again_with_the_same_key(trouble):
    service = Service(trouble, trouble, httpx.Response(201, json={}))
    async with client_of(service) as client:
        await client.send(REQUESTER, "orders", "/orders", {"lines": []})
        await client.send(REQUESTER, "orders", "/orders", {"lines": []})
    keys = [request.headers["idempotency-key"] for request in service.requests]
    assert keys[0] == keys[1] == keys[2] != keys[3]
    assert client.repeats == 2


async def test_a_refusal_is_not_asked_again():
    service = Service(refusal(409, "nothing_to_cancel"))
    async with client_of(service) as client:
        with pytest.raises(ProblemError) as refused:
            await client.send(REQUESTER, "orders", "/orders/o1/cancellation", {})
    assert (refused.value.status, refused.value.code) == (409, "nothing_to_cancel")
    assert len(service.requests) == 1


async def test_what_keycloak_refuses_is_said_in_its_words():
    refusal = {"error": "invalid_grant", "error_description": "Invalid user credentials"}
    service = Service(httpx.Response(400, json=refusal))
    async with client_of(service) as client:
        with pytest.raises(ProblemError, match="400 invalid_grant: Invalid user credentials"):
            await client.get(REQUESTER, "orders", "/orders", Reading)


async def test_news_still_on_their_way_are_waited_for():
    service = Service(refusal(422, "article_unknown"), httpx.Response(201, json={}))
    async with client_of(service) as client:
        await client.send(REQUESTER, "orders", "/orders", {}, awaiting={"article_unknown"})
    assert len(service.requests) == 2


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (refusal(503, "internal_error"), ProblemError),
        (httpx.ConnectError("refused"), UnreachableError),
    ],
)
async def test_patience_ends(trouble, error):
    service = Service(trouble)
    async with client_of(service, patience_seconds=0.2) as client:
        with pytest.raises(error):
            await client.get(REQUESTER, "orders", "/orders", Reading)
    assert 1 < len(service.requests) < 5


async def test_pages_are_walked_to_the_end():
    first, second = [{"order_id": "a"}, {"order_id": "b"}], [{"order_id": "c"}]
    service = Service(httpx.Response(200, json=first), httpx.Response(200, json=second))
    async with client_of(service) as client:
        pages = client.pages(
            REQUESTER, "orders", "/orders", DraftReading, lambda order: order.order_id, size=2
        )
        ids = [order.order_id async for order in pages]
    assert ids == ["a", "b", "c"]
    assert [dict(request.url.params) for request in service.requests] == [
        {"limit": "2"}, {"limit": "2", "after": "b"}
    ]  # fmt: skip


async def test_a_refusal_says_more_than_its_code():
    reasons = [{"code": "not_entitled", "text": "Nicht benannt."}, {"code": "ceiling_value"}]
    refused = {"code": "call_off_refused", "title": "Nein", "status": 422, "reasons": reasons}
    service = Service(httpx.Response(422, json=refused))
    async with client_of(service) as client:
        with pytest.raises(ProblemError) as problem:
            await client.send(REQUESTER, "orders", "/call-offs", {})
    read = problem.value.read(CallOffRefusedReading)
    assert [reason.code for reason in read.reasons] == ["not_entitled", "ceiling_value"]


async def test_an_answer_without_what_is_read_of_it_is_no_answer():
    service = Service(httpx.Response(200, json={"id": "o1"}))
    async with client_of(service) as client:
        with pytest.raises(ValidationError, match="order_id"):
            await client.get(REQUESTER, "orders", "/orders/o1", DraftReading)


async def test_a_page_of_a_proxy_is_a_problem_with_its_first_words():
    service = Service(httpx.Response(404, text="<html>nothing here</html>"))
    async with client_of(service) as client:
        with pytest.raises(ProblemError, match="404 http_404: <html>nothing here"):
            await client.get(REQUESTER, "orders", "/orders/o1", Reading)

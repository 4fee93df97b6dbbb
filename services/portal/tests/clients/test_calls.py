"""What goes out with a call, and what is made of every way a service can answer it."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime
from uuid import UUID

import httpx
import pytest
import structlog
from pydantic import TypeAdapter

from marktbund.contracts.http.orders import OrderReceiptAnswer
from portal.clients.bodies import CommentBody
from portal.clients.services import (
    READ_SECONDS,
    WRITE_SECONDS,
    Caller,
    Readiness,
    Refused,
    Services,
    Unavailable,
)
from services.portal.tests import facts

KOELN = UUID(int=5)
CALLER = Caller("token")
COMMENT = CommentBody(comment="gut")


class Line:
    """The network: keeps what goes out, answers the same to everything."""

    def __init__(self, answer: httpx.Response | Exception) -> None:
        self.answer = answer
        self.sent: list[httpx.Request] = []
        addresses = {"orders": "http://orders", "supplier_gateway": "http://gateway:8004"}
        self.services = Services(addresses, httpx.MockTransport(self))

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


Calling = Callable[[Services], object]
CHANGING = {
    "change": lambda s: s.change(CALLER, "orders", "/orders", list[str], "{}", key="k"),
    "post": lambda s: s.post(CALLER, "orders", "/orders", "{}", key="k"),
    "put": lambda s: s.put(CALLER, "orders", "/notices", list[str], COMMENT),
}
ASKING = {
    "read": lambda s: s.read(CALLER, "orders", "/orders", list[str]),
    "fetch": lambda s: s.fetch(CALLER, "orders", "/attachments/1"),
    "check_body": lambda s: s.check_body(CALLER, "orders", "/route-checks", list[str], COMMENT),
    "send_file": lambda s: s.send_file(CALLER, "orders", "/attachments", list[str], pieces()),
}
NEVER_ARRIVED = (
    httpx.ConnectError("refused"),
    httpx.ConnectTimeout("nobody there"),
    httpx.PoolTimeout("no connection free"),
)
PERHAPS_ARRIVED = (
    httpx.ReadTimeout("slow"),
    httpx.WriteTimeout("half of it sent"),
    httpx.ReadError("cut off"),
    httpx.WriteError("cut off"),
    httpx.RemoteProtocolError("half an answer"),
    httpx.Response(500),
    httpx.Response(502, content=b"<html>Bad Gateway</html>"),
    httpx.Response(503, json={"code": "starting"}),
    httpx.Response(504),
)


async def pieces() -> AsyncIterator[bytes]:
    yield b"%PDF-"
    yield b"1.7"


def label(answer: httpx.Response | Exception) -> str:
    return str(answer.status_code) if isinstance(answer, httpx.Response) else type(answer).__name__


async def away(call: Calling, answer: httpx.Response | Exception) -> Unavailable:
    with pytest.raises(Unavailable) as raised:
        await call(Line(answer).services)
    return raised.value


@pytest.mark.parametrize("answer", PERHAPS_ARRIVED, ids=label)
@pytest.mark.parametrize("call", CHANGING.values(), ids=CHANGING)
async def test_a_change_that_went_out_without_an_answer_may_have_been_made(
    call: Calling, answer: httpx.Response | Exception
):
    assert (await away(call, answer)).unknown


@pytest.mark.parametrize("answer", NEVER_ARRIVED, ids=label)
@pytest.mark.parametrize("call", CHANGING.values(), ids=CHANGING)
async def test_a_change_that_reached_nobody_was_certainly_not_made(
    call: Calling, answer: httpx.Response | Exception
):
    assert not (await away(call, answer)).unknown


@pytest.mark.parametrize("answer", [*NEVER_ARRIVED, *PERHAPS_ARRIVED], ids=label)
@pytest.mark.parametrize("call", ASKING.values(), ids=ASKING)
async def test_what_changes_nothing_leaves_nothing_unknown(
    call: Calling, answer: httpx.Response | Exception
):
    assert not (await away(call, answer)).unknown


@pytest.mark.parametrize("call", [*CHANGING.values(), ASKING["send_file"]])
async def test_the_same_request_still_at_work_is_an_outcome_nobody_knows(call: Calling):
    answer = httpx.Response(409, json={"code": "request_in_flight", "title": "Läuft noch"})
    assert (await away(call, answer)).unknown


@pytest.mark.parametrize("call", [*CHANGING.values(), *ASKING.values()])
async def test_nothing_is_sent_a_second_time_by_itself(call: Calling):
    line = Line(httpx.ReadTimeout("slow"))
    with pytest.raises(Unavailable):
        await call(line.services)
    assert len(line.sent) == 1


async def test_a_call_says_in_whose_name_and_when_it_is_made():
    line = Line(httpx.Response(200, json=[]))
    moment = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    await line.services.read(Caller("t", KOELN, trace, moment), "orders", "/orders", list[str])
    (sent,) = line.sent
    assert sent.headers["authorization"] == "Bearer t"
    assert sent.headers["member"] == str(KOELN)
    assert sent.headers["traceparent"] == trace
    assert sent.headers["business-time"] == "2026-03-29T01:30:00+00:00"


async def test_what_a_caller_does_not_have_is_not_said():
    line = Line(httpx.Response(200, json=[]))
    await line.services.read(CALLER, "orders", "/orders", list[str])
    assert not {"member", "traceparent", "business-time"} & set(line.sent[0].headers)


async def test_a_call_carries_the_number_of_the_browsers_request():
    line = Line(httpx.Response(200, json=[]))
    with structlog.contextvars.bound_contextvars(correlation_id="browser-1"):
        await line.services.read(CALLER, "orders", "/orders", list[str])
    await line.services.read(CALLER, "orders", "/orders", list[str])
    assert [sent.headers.get("x-request-id") for sent in line.sent] == ["browser-1", None]


async def test_a_service_is_called_at_its_own_address_by_its_public_name():
    line = Line(httpx.Response(200, json=[]))
    await line.services.read(CALLER, "supplier_gateway", "/suppliers", list[str])
    assert str(line.sent[0].url) == "http://gateway:8004/api/supplier-gateway/v1/suppliers"


async def test_a_list_is_narrowed_by_what_was_said_and_by_nothing_else():
    line = Line(httpx.Response(200, json=[]))
    question = {
        "limit": 0,
        "after": None,
        "q": "",
        "status": ("draft", "", "placed"),
        "member": KOELN,
        "on": date(2026, 2, 28),
        "text": "a&b=c d/ü",
    }
    await line.services.read(CALLER, "orders", "/orders", list[str], question)
    assert line.sent[0].url.params.multi_items() == [
        ("limit", "0"),
        ("status", "draft"),
        ("status", "placed"),
        ("member", str(KOELN)),
        ("on", "2026-02-28"),
        ("text", "a&b=c d/ü"),
    ]


async def test_a_change_goes_out_under_its_key_as_json_and_a_repeat_is_the_same_request():
    line = Line(httpx.Response(201, json=[]))
    for _ in range(2):
        await line.services.change(CALLER, "orders", "/orders", list[str], '{"a":"ü"}', key="key-1")
    first, second = line.sent
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"] == "key-1"
    assert first.content == second.content == '{"a":"ü"}'.encode()
    assert first.headers["content-type"] == "application/json"


async def test_a_change_without_content_names_no_kind_of_content():
    line = Line(httpx.Response(204))
    await line.services.post(CALLER, "orders", "/orders/1/submission", key="key-1")
    assert (line.sent[0].content, "content-type" in line.sent[0].headers) == (b"", False)


async def test_a_file_goes_out_as_it_is():
    line = Line(httpx.Response(201, json=["x"]))
    sent = await line.services.send_file(CALLER, "orders", "/attachments", list[str], pieces())
    assert sent == ["x"]
    assert await line.sent[0].aread() == b"%PDF-1.7"
    assert "idempotency-key" not in line.sent[0].headers


@pytest.mark.parametrize("call", [*CHANGING.values(), *ASKING.values()])
async def test_whoever_changes_waits_longer_than_whoever_asks(call: Calling):
    line = Line(httpx.Response(503))
    with pytest.raises(Unavailable):
        await call(line.services)
    (sent,) = line.sent
    limit = sent.extensions["timeout"]
    asks = sent.method == "GET" or sent.url.path.endswith("/route-checks")
    assert limit["read"] == (READ_SECONDS if asks else WRITE_SECONDS)
    assert limit["connect"] == 5.0


async def test_a_document_is_handed_on_with_the_kind_it_came_as():
    named = Line(httpx.Response(200, content=b"\x00\xff", headers={"content-type": "a/b"}))
    document = await named.services.fetch(CALLER, "orders", "/attachments/1")
    assert (document.content, document.media_type) == (b"\x00\xff", "a/b")
    unnamed = Line(httpx.Response(200, content=b"x"))
    document = await unnamed.services.fetch(CALLER, "orders", "/attachments/1")
    assert document.media_type == "application/octet-stream"


async def test_fields_of_a_newer_service_are_passed_by():
    line = Line(httpx.Response(201, json=facts.receipt(carbon_grams="12", nested={"a": [1]})))
    path, kind = "/orders", OrderReceiptAnswer
    made = await line.services.change(CALLER, "orders", path, kind, "{}", key="k")
    assert made == TypeAdapter(kind).validate_python(facts.receipt())


@pytest.mark.parametrize(
    "different",
    [{"order_id": "9"}, {"net_total": "viel"}, {"status": None}, {"version": []}],
    ids=str,
)
async def test_an_answer_not_as_agreed_is_none_and_what_it_changed_may_be_so(different: dict):
    body = facts.receipt() | different
    with pytest.raises(Unavailable) as raised:
        await Line(httpx.Response(201, json=body)).services.change(
            CALLER, "orders", "/orders", OrderReceiptAnswer, "{}", key="k"
        )
    assert raised.value.unknown
    assert str(raised.value) == "/api/orders/v1/orders: not as agreed"


@pytest.mark.parametrize(("status", "trouble"), [(200, {}), (503, {"orders": "Kafka fehlt"})])
async def test_a_service_says_itself_how_it_is(status: int, trouble: dict):
    body = {"status": "ready" if status == 200 else "starting", "trouble": trouble, "new": 1}
    health = await Line(httpx.Response(status, json=body)).services.ready("orders")
    assert health == Readiness(status=body["status"], trouble=trouble)


async def test_a_service_that_is_slow_to_say_how_it_is_is_not_waited_for():
    line = Line(httpx.ReadTimeout("slow"))
    assert await line.services.ready("orders") == Readiness(status="unreachable")
    assert line.sent[0].extensions["timeout"]["read"] == 2.0
    assert (await line.services.ready("nobody")).status == "unreachable"


@pytest.mark.parametrize("status", [301, 302, 304, 400, 404, 410, 422, 429])
async def test_every_other_answer_is_a_refusal_with_its_status(status: int):
    line = Line(httpx.Response(status, headers={"location": "http://elsewhere"}))
    with pytest.raises(Refused) as raised:
        await line.services.read(CALLER, "orders", "/orders", list[str])
    assert (raised.value.status, raised.value.code) == (status, f"http_{status}")
    assert len(line.sent) == 1

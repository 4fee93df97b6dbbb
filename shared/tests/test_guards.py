"""The guards before every door, by themselves: names of hosts, readable requests, body sizes."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from marktbund.contracts.http import ProblemAnswer
from marktbund.errors import TooLarge
from marktbund.hosts import LOOPBACK, KnownHosts, name_of
from marktbund.limits import Limits
from marktbund.readable import Readable, unreadable

CONTROLS = [*range(0x20), 0x7F]


class Door:
    """An app that notes what reached it, and answers with the size of the body."""

    def __init__(self) -> None:
        self.reached: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.reached.append(scope["type"])
        if scope["type"] != "http":
            return
        size, more = 0, True
        while more:
            message = await receive()
            size += len(message.get("body", b""))
            more = message.get("more_body", False)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": str(size).encode()})


def http(path: str = "/", query: bytes = b"", headers: Iterable[tuple[bytes, bytes]] = ()) -> Scope:
    return {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": query,
        "headers": list(headers),
        "state": {},
    }


async def asked(app: ASGIApp, scope: Scope, *parts: bytes) -> tuple[int, bytes, dict[bytes, bytes]]:
    """Status, body and headers of the answer to a request with these parts of a body."""
    messages: list[Message] = [
        {"type": "http.request", "body": part, "more_body": number + 1 < len(parts)}
        for number, part in enumerate(parts)
    ] or [{"type": "http.request", "body": b"", "more_body": False}]
    sent: list[Message] = []

    async def receive() -> Message:
        return messages.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    body = b"".join(message.get("body", b"") for message in sent)
    return sent[0]["status"], body, dict(sent[0]["headers"])


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("einkauf.example", "einkauf.example"),
        ("Einkauf.Example:443", "einkauf.example"),
        ("einkauf.example.:443", "einkauf.example."),
        ("[::1]", "[::1]"),
        ("[::1]:8003", "[::1]"),
        ("127.0.0.1:0", "127.0.0.1"),
        ("localhost:", "localhost:"),
        ("localhost:80:80", "localhost:80"),
        ("localhost:http", "localhost:http"),
        ("localhost:\u0668", "localhost"),
        (":8003", ""),
        ("", ""),
    ],
)
def test_a_host_is_a_name_without_its_port(host: str, name: str):
    """RFC 9110, 7.2: Host is a name and, behind a colon, a port of digits."""
    assert name_of(host) == name


@given(st.text(max_size=40))
async def test_no_name_comes_in_that_is_not_known(host: str):
    door = Door()
    known = KnownHosts(door, hosts=["einkauf.example"])
    sent = host.encode("utf-8", "replace")
    status, body, _ = await asked(known, http(headers=[(b"host", sent)]))
    mine = name_of(sent.decode("latin-1")) in LOOPBACK | {"einkauf.example"}
    assert (status, door.reached) == ((200, ["http"]) if mine else (421, []))
    if not mine:
        assert ProblemAnswer.model_validate_json(body).code == "host_unknown"


@pytest.mark.parametrize("headers", [[], [(b"host", b"")], [(b"x-forwarded-host", b"localhost")]])
async def test_who_names_no_host_is_meant_for_nobody(headers):
    door = Door()
    status, _, _ = await asked(KnownHosts(door, hosts=["einkauf.example"]), http(headers=headers))
    assert (status, door.reached) == (421, [])


@pytest.mark.parametrize("guard", ["hosts", "readable", "limits"])
async def test_what_is_no_request_passes_every_guard(guard: str):
    door = Door()
    guards: dict[str, ASGIApp] = {
        "hosts": KnownHosts(door, hosts=[]),
        "readable": Readable(door),
        "limits": Limits(door),
    }

    async def silent(*_: Any) -> Message:
        return {"type": "lifespan.startup"}

    await guards[guard]({"type": "lifespan"}, silent, silent)
    assert door.reached == ["lifespan"]


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1))
def test_every_text_may_be_asked_for(text: str):
    path = "/" + quote(text)
    assert unreadable(http(path="/" + text) | {"raw_path": path.encode()}) is None
    assert unreadable(http(query=f"q={quote(text)}".encode())) is None


@given(st.text(max_size=8), st.sampled_from(CONTROLS), st.text(max_size=8))
def test_no_control_character_reaches_a_path(before: str, control: int, after: str):
    text = f"{before}{chr(control)}{after}"
    assert unreadable(http(path="/" + text)) == "path"
    escaped = ("/" + quote(text, errors="replace")).encode()
    assert unreadable(http() | {"raw_path": escaped}) == "path"


@pytest.mark.parametrize("control", CONTROLS)
def test_a_query_may_hold_what_is_pasted_and_no_other_control(control: int):
    pasted = control in {0x09, 0x0A, 0x0D}
    query = f"q=a%{control:02X}b".encode()
    assert unreadable(http(query=query)) == (None if pasted else "query")


@pytest.mark.parametrize(
    "sequence",
    ["%C3", "%FF", "%C0%80", "%E2%82", "%ED%A0%80", "%F4%90%80%80", "%F8%88%80%80%80"],
)
def test_what_is_no_utf_8_is_no_text(sequence: str):
    """RFC 3629, section 3: cut off, overlong, surrogates, beyond U+10FFFF."""
    assert unreadable(http() | {"raw_path": f"/a{sequence}".encode()}) == "path"
    assert unreadable(http(query=f"q={sequence}".encode())) == "query"


@pytest.mark.parametrize("query", [b"q=\xc3\xbc", b"\xff", "q=ü".encode("latin-1")])
def test_a_query_comes_escaped(query: bytes):
    """RFC 3986, 2.1: bytes above 0x7f are escaped."""
    assert unreadable(http(query=query)) == "query"


def test_the_query_in_a_raw_path_is_judged_as_a_query():
    assert unreadable(http(query=b"q=%0A") | {"raw_path": b"/a?q=%0A"}) is None


@pytest.mark.parametrize("control", [0x00, 0x01, 0x0A, 0x0D, 0x1F, 0x7F])
def test_the_first_header_that_cannot_be_read_is_named(control: int):
    bad = bytes([0x61, control])
    headers = [(b"a", b"fine"), (b"member", bad), (b"cookie", bad)]
    assert unreadable(http(headers=headers)) == "member"


@pytest.mark.parametrize(
    "value", [b"a\tb", "Köln".encode("latin-1"), bytes(range(0x80, 0x100)), b""]
)
def test_a_header_may_hold_a_tab_and_latin_letters(value: bytes):
    assert unreadable(http(headers=[(b"x-title", value)])) is None


@pytest.mark.parametrize(
    ("parts", "passes"),
    [
        ((b"x" * 10,), True),
        ((b"x" * 11,), False),
        ((b"x" * 5, b"x" * 5), True),
        ((b"x" * 5, b"x" * 5, b"x"), False),
        ((b"x",) * 10, True),
        ((b"x",) * 11, False),
        ((b"", b"", b"x" * 10, b""), True),
        ((), True),
    ],
)
async def test_a_body_is_counted_over_all_its_parts(parts: tuple[bytes, ...], passes: bool):
    status, _, headers = await asked(Limits(_handled(Door()), body_bytes=10), http(), *parts)
    assert status == (200 if passes else 413)
    assert b"x-request-id" in {name.lower() for name in headers}


@pytest.mark.parametrize(
    ("path", "wide"),
    [
        ("/price-list", True),
        ("/lists/3/price-list", True),
        ("/price-list/", False),
        ("/price-lists", False),
        ("/price-list/lines", False),
        ("/", False),
    ],
)
async def test_only_a_path_that_ends_so_may_carry_more(path: str, wide: bool):
    limits = Limits(_handled(Door()), body_bytes=10, wide=("/price-list",), wide_bytes=20)
    assert (await asked(limits, http(path), b"x" * 20))[0] == (200 if wide else 413)
    assert (await asked(limits, http(path), b"x" * 21))[0] == 413


async def test_a_refusal_says_the_ceiling_as_people_read_it():
    limits = Limits(_handled(Door()), body_bytes=1_000_000)
    _, body, _ = await asked(limits, http(), b"x" * 1_000_001)
    refusal = ProblemAnswer.model_validate_json(body)
    assert (refusal.detail, refusal.field) == ("Höchstens 1.000.000 Bytes.", "body")


def _handled(door: Door) -> ASGIApp:
    """As behind FastAPI: a body that cannot be read is answered, in words that do not matter."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await door(scope, receive, send)
        except TooLarge:
            await send({"type": "http.response.start", "status": 400, "headers": []})
            await send({"type": "http.response.body", "body": b"not these words"})

    return app

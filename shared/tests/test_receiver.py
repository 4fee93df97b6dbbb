"""The tests' own endpoint and its certificate: what was sent is noted, answers come as planned."""

import datetime as dt
import ssl
from collections.abc import AsyncIterator
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from marktbund.testing.certificates import self_signed
from marktbund.testing.receiver import Heard, Reply, answering, application, listening


async def parts() -> AsyncIterator[bytes]:
    for part in (b"ein ", b"", b"Angebot"):
        yield part


async def test_a_request_is_noted_as_it_came():
    heard: list[Heard] = []
    app = application(answering(Reply()), heard)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as http:
        answer = await http.post("http://test/a/b?c=1", content=parts(), headers={"X-Id": "7"})
    assert (answer.status_code, answer.content) == (204, b"")
    (request,) = heard
    assert (request.path, request.body, request.headers["x-id"]) == ("/a/b", b"ein Angebot", "7")


async def test_answers_come_in_turn_and_the_last_for_ever():
    first, last = Reply(503, {"Retry-After": "3"}, b"later"), Reply(200, body=b"now")
    heard: list[Heard] = []
    app = application(answering(first, last), heard)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as http:
        answers = [await http.get(f"http://test/{number}") for number in range(3)]
    assert [(answer.status_code, answer.content) for answer in answers] == [
        (503, b"later"),
        (200, b"now"),
        (200, b"now"),
    ]
    assert answers[0].headers["retry-after"] == "3"
    assert [request.path for request in heard] == ["/0", "/1", "/2"]


async def test_an_endpoint_is_gone_at_the_end_of_its_block():
    async with listening(answering(Reply(200))) as endpoint, httpx.AsyncClient() as http:
        assert (await http.get(f"{endpoint.url}/here")).status_code == 200
    assert [request.path for request in endpoint.heard] == ["/here"]
    async with httpx.AsyncClient() as http:
        with pytest.raises(httpx.ConnectError):
            await http.get(endpoint.url)


def test_a_certificate_is_for_its_name_and_its_own_key(tmp_path: Path):
    file = self_signed(tmp_path / "test.pem", x509.DNSName("lieferant.example"))
    content = file.read_bytes()
    made = x509.load_pem_x509_certificate(content)
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["lieferant.example"]
    assert load_pem_private_key(content, None).public_key() == made.public_key()
    made.verify_directly_issued_by(made)
    assert made.not_valid_before_utc == dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    assert made.not_valid_after_utc == dt.datetime(2126, 1, 1, tzinfo=dt.UTC)


async def test_a_certificate_lets_in_who_trusts_it_under_its_name_alone(tmp_path: Path):
    file = self_signed(tmp_path / "own.pem", x509.IPAddress(ip_address("127.0.0.1")))
    stranger = self_signed(tmp_path / "other.pem", x509.IPAddress(ip_address("127.0.0.1")))
    async with listening(answering(Reply(200)), certificate=file) as endpoint:
        trusting = ssl.create_default_context(cafile=file)
        async with httpx.AsyncClient(verify=trusting) as http:
            own = await http.get(f"https://127.0.0.1:{endpoint.port}/own")
            with pytest.raises(httpx.ConnectError, match="Hostname mismatch"):
                await http.get(f"https://localhost:{endpoint.port}/name")
        other = ssl.create_default_context(cafile=stranger)
        async with httpx.AsyncClient(verify=other) as http:
            with pytest.raises(httpx.ConnectError, match="certificate verify failed"):
                await http.get(f"https://127.0.0.1:{endpoint.port}/other")
    assert own.status_code == 200
    assert [request.path for request in endpoint.heard] == ["/own"]

"""The way out: names resolved once and checked, TLS for the supplier's name, secrets sealed."""

import asyncio
import contextlib
import datetime as dt
import ssl
from collections.abc import Sequence
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.fernet import Fernet
from standardwebhooks import Webhook

from marktbund import clock
from marktbund.ids import new_id
from marktbund.testing.certificates import self_signed
from marktbund.testing.receiver import Reply, answering, listening
from supplier_gateway.domain.deliveries import CallOutcome
from supplier_gateway.gateways.resolving import TargetRefusedError, checked_target
from supplier_gateway.gateways.vault import SealBrokenError, Secret, Vault
from supplier_gateway.gateways.webhooks import HttpCaller, WebhookCall
from supplier_gateway.main import PrivateTargetsError, composed
from supplier_gateway.settings import Settings

NAME = "bestellungen.example.com"
FINE = answering(Reply(204))


class Names:
    """A resolver that gives these answers in turn, and counts the questions."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        return self.answers[min(len(self.asked), len(self.answers)) - 1]


def call_to(url: str, *secrets: Secret) -> WebhookCall:
    return WebhookCall(url, new_id(), '{"type":"order.placed"}', secrets or (Secret.new(),))


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["8.8.8.8", "10.0.0.1"],
        ["2a00:1450:4001:830::200e", "::1"],
        ["169.254.169.254"],
        ["::ffff:192.168.0.1"],
        ["fe80::1%eth0"],
        ["not an address"],
        [],
    ],
)
async def test_a_name_that_leads_inside_is_refused(addresses: list[str]):
    with pytest.raises(TargetRefusedError):
        await checked_target(f"https://{NAME}/", Names(addresses), private_allowed=False)


async def test_a_public_name_is_resolved_once_and_its_address_is_the_one_called():
    names = Names(["8.8.8.8", "1.1.1.1"], ["127.0.0.1"])
    target = await checked_target(f"https://{NAME}:8443/a?b=c", names, private_allowed=False)
    assert (target.address, target.host, target.port) == ("8.8.8.8", NAME, 8443)
    assert (target.scheme, target.path) == ("https", "/a?b=c")
    assert names.asked == [NAME]


async def test_no_call_without_tls_outside_of_demo_and_test():
    with pytest.raises(TargetRefusedError):
        await checked_target(f"http://{NAME}/", Names(["8.8.8.8"]), private_allowed=False)


async def test_a_call_inside_ends_before_a_connection():
    async with listening(FINE) as endpoint:
        caller = HttpCaller(clock.now, private_allowed=False, resolve=Names(["127.0.0.1"]))
        url = f"https://{NAME}:{endpoint.port}/"
        assert await caller(call_to(url)) == CallOutcome("target_refused")
        assert endpoint.heard == []
        await caller.close()


async def test_the_name_may_change_after_the_check_the_connection_does_not():
    async with listening(FINE) as endpoint:
        names = Names(["127.0.0.1"], ["127.0.0.2"])
        caller = HttpCaller(clock.now, private_allowed=True, resolve=names)
        outcome = await caller(call_to(f"http://{NAME}:{endpoint.port}/a"))
        assert outcome == CallOutcome("delivered", 204)
        assert names.asked == [NAME]
        [heard] = endpoint.heard
        assert heard.headers["host"] == f"{NAME}:{endpoint.port}"
        await caller.close()


def certificate(name: str, file: Path) -> ssl.SSLContext:
    """Writes a self-signed certificate for a name; returns who trusts it."""
    return ssl.create_default_context(cafile=self_signed(file, x509.DNSName(name)))


@pytest.mark.parametrize(
    ("name", "result"), [(NAME, "delivered"), ("anderer.example.com", "unreachable")]
)
async def test_tls_is_for_the_suppliers_name_not_for_the_address(
    tmp_path: Path, name: str, result: str
):
    trusted = certificate(NAME, tmp_path / "tls.pem")
    async with listening(FINE, certificate=tmp_path / "tls.pem") as endpoint:
        names = Names(["127.0.0.1"])
        caller = HttpCaller(clock.now, private_allowed=True, resolve=names, trusted=trusted)
        outcome = await caller(call_to(f"https://{name}:{endpoint.port}/"))
        assert outcome.result == result
        await caller.close()


async def test_every_way_to_fail_is_an_outcome(unused_port: int):
    async def no_name(host: str, port: int) -> Sequence[str]:
        raise OSError(host)

    async def slow_name(host: str, port: int) -> Sequence[str]:
        await asyncio.sleep(60)
        return [host]

    url = f"http://127.0.0.1:{unused_port}/"
    for resolve, result in ((no_name, "unreachable"), (slow_name, "timeout")):
        caller = HttpCaller(clock.now, private_allowed=True, resolve=resolve, seconds=0.2)
        assert await caller(call_to(url)) == CallOutcome(result)
        await caller.close()
    caller = HttpCaller(clock.now, private_allowed=True)
    assert await caller(call_to(url)) == CallOutcome("unreachable")
    await caller.close()


@pytest.fixture
async def unused_port() -> int:
    async with listening(FINE) as endpoint:
        return endpoint.port


@pytest.mark.parametrize(
    ("retry_after", "pause"),
    [
        ("120", dt.timedelta(seconds=120)),
        ("Fri, 02 Jan 1970 00:00:00 GMT", dt.timedelta(0)),
        ("Fri, 31 Dec 9999 23:59:59 GMT", dt.timedelta(hours=24)),
        ("99999999999999999999", None),
        ("bald", None),
        ("-5", None),
        ("", None),
    ],
)
async def test_a_pause_is_asked_for_in_seconds_or_by_date(retry_after, pause):
    async with listening(answering(Reply(429, {"retry-after": retry_after}))) as endpoint:
        caller = HttpCaller(clock.now, private_allowed=True)
        outcome = await caller(call_to(endpoint.url))
        await caller.close()
    assert (outcome.status, outcome.retry_after) == (429, pause)


async def test_each_secret_verifies_by_the_standards_own_library():
    secrets = [Secret.new(), Secret.new()]
    async with listening(FINE) as endpoint:
        caller = HttpCaller(clock.now, private_allowed=True)
        call = call_to(endpoint.url, *secrets)
        await caller(call)
        await caller.close()
        [heard] = endpoint.heard
    assert heard.headers["webhook-id"] == str(call.webhook_id)
    for secret in secrets:
        assert Webhook(secret.text).verify(heard.body, dict(heard.headers)) == {
            "type": "order.placed"
        }


def test_a_sealed_secret_opens_with_any_key_for_its_own_supplier_only():
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    supplier_id, secret = new_id(), Secret.new()
    sealed = Vault([old]).seal(supplier_id, secret)
    assert secret.text.encode() not in sealed
    assert Vault([new, old]).open(supplier_id, sealed) == secret
    for vault, other in ((Vault([new]), supplier_id), (Vault([old]), new_id())):
        with pytest.raises(SealBrokenError):
            vault.open(other, sealed)
    assert secret.text not in repr(secret)


def settings(**more) -> Settings:
    required = {"database_url": "postgresql+asyncpg://x", "kafka": "x", "issuer_url": "x"}
    required |= {"kafka_user": "x", "kafka_password": "x"}
    return Settings(http_port=1, **required, **more)


def test_a_production_deployment_never_calls_inside(tmp_path: Path):
    file = tmp_path / "key"
    file.write_text(Fernet.generate_key().decode() + "\n")
    with pytest.raises(PrivateTargetsError):
        composed(settings(private_targets=True, channel_key_file=file))
    made = composed(settings(channel_key_file=file))
    assert [job.name for job in made.jobs] == ["dispatcher"]
    assert made.state["private_targets"] is False
    assert composed(settings()).jobs == ()


async def test_an_answer_without_end_is_cut_off():
    async def babble(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        with contextlib.suppress(ConnectionError):
            while True:
                writer.write(b"x-more: " + b"y" * 1000 + b"\r\n")
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(babble, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    caller = HttpCaller(clock.now, private_allowed=True)
    assert await caller(call_to(f"http://127.0.0.1:{port}/")) == CallOutcome("unreachable")
    await caller.close()
    server.close()

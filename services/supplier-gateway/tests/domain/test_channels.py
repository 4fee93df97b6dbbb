"""Which addresses may be set as a channel, which may be called, and what changes are told."""

import contextlib
import ipaddress
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marktbund.contracts.supplier_gateway import ChannelChanged
from marktbund.errors import Conflict, Invalid
from marktbund.ids import new_id
from supplier_gateway.domain import channels
from supplier_gateway.domain.addresses import is_public
from supplier_gateway.domain.suppliers import Supplier

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
URL = "https://bestellungen.example.com/eingang?schluessel=geheim"

PUBLIC = ["8.8.8.8", "1.1.1.1", "2a00:1450:4001:830::200e", "::ffff:8.8.8.8", "64:ff9b::808:808"]
INSIDE = [
    "127.0.0.1",
    "127.8.8.8",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "fd00:ec2::254",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2002:808:808::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "::127.0.0.1",
    "192.0.0.192",
    "168.63.129.16",
    "::ffff:168.63.129.16",
    "64:ff9b:1::a9fe:a9fe",
    "100:0:0:1::1",
    "3fff::1",
    "5f00::1",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_may_be_called(address: str):
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_inside_may_not_be_called(address: str):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "ftp://example.com/",
        "https:///pfad",
        "https://konto:wort@example.com/",
        "https://konto@example.com/",
        "https://example.com/#oben",
        "https://example.com:0/",
        "https://example.com:99999/",
        "https://[::1/",
        "https://127.0.0.1/",
        "https://[::1]:8443/",
        "https://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/latest/meta-data",
        "example.com",
        "https://lieferant..example/hook",
        "https://.example/",
        "https://./",
        "https://a_b.example/",
        "https://-a.example/",
        "https://xn--zzzz-bogus-\u00fc.example/",
        "https://a b.example/",
        "https://1.2.3/",
        "https://" + "a" * 64 + ".example/",
        "https://" + "a." * 130 + "example/",
        "https://bücher\u200b\u202e.example/",
        "https://konto@bücher.example/",
    ],
)
def test_what_may_not_be_set(url: str):
    with pytest.raises(Invalid, match="target_refused"):
        channels.admitted_target(url, private_allowed=False)


@pytest.mark.parametrize("url", [URL, "https://8.8.8.8/", "https://example.com:8443/a/b"])
def test_what_may_be_set(url: str):
    assert channels.admitted_target(url, private_allowed=False) == url


@pytest.mark.parametrize(
    ("url", "called"),
    [
        ("https://bücher.example/eingang?k=1", "https://xn--bcher-kva.example/eingang?k=1"),
        ("https://BÜCHER.Example:8443/", "https://xn--bcher-kva.example:8443/"),
        ("https://straße.example/", "https://xn--strae-oqa.example/"),
        ("https://lieferant.example./a", "https://lieferant.example/a"),
        ("https://[2A00:1450:4001:830::200E]:444/", "https://[2a00:1450:4001:830::200e]:444/"),
    ],
)
def test_a_host_is_kept_as_it_is_called(url: str, called: str):
    assert channels.admitted_target(url, private_allowed=False) == called


@given(st.text(st.characters(exclude_characters="/?#@:[]"), max_size=30))
def test_whatever_host_is_set_a_resolver_can_be_asked_for(host: str):
    with contextlib.suppress(Invalid):
        url = channels.admitted_target(f"https://{host}/", private_allowed=False)
        assert urlsplit(url).hostname.encode("idna")


def test_a_demo_may_call_its_own_machine():
    channels.admitted_target("http://127.0.0.1:4000/a", private_allowed=True)
    with pytest.raises(Invalid, match="target_refused"):
        channels.admitted_target("gopher://127.0.0.1/", private_allowed=True)


def supplier() -> Supplier:
    return Supplier.register(new_id(), "Büro GmbH")[0]


def test_changes_tell_the_machine_and_no_more():
    changed, channel, [event] = channels.register(supplier(), URL)
    assert isinstance(event, ChannelChanged)
    assert (event.version, changed.version) == (2, 2)
    assert (event.change, event.host) == ("registered", "bestellungen.example.com")
    assert "geheim" not in event.model_dump_json()
    changed, channel, [event] = channels.disable(changed, channel)
    assert (channel.status, event.change, event.version) == ("disabled", "disabled", 3)
    assert channels.disable(changed, channel) == (changed, channel, [])
    changed, channel, [event] = channels.register(changed, URL)
    assert (channel.status, event.change) == ("active", "registered")
    _, _, [event] = channels.remove(changed, channel)
    assert (event.change, event.version) == ("removed", 5)


def test_one_that_has_left_gets_no_channel_and_its_endpoint_changes_nothing():
    made, channel, _ = channels.register(supplier(), URL)
    left, _ = made.change_status("withdrawn")
    with pytest.raises(Conflict, match="supplier_withdrawn"):
        channels.register(left, URL)
    assert channels.disable(left, channel) == (left, channel, [])


def test_three_secrets_sign_at_most_and_none_lives_longer_than_before():
    made, channel, _ = channels.register(supplier(), URL)
    _, _, [event] = channels.rotate(made, channel, 2)
    assert event.change == "secret_rotated"
    with pytest.raises(Conflict, match="rotation_in_progress"):
        channels.rotate(made, channel, 3)
    day, hour = timedelta(hours=24), timedelta(hours=1)
    assert channels.expiry(NOW, None) == NOW + day
    assert channels.expiry(NOW, NOW + hour) == NOW + hour

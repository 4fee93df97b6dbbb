"""A supplier's webhook channel: where documents are pushed to, and whether that works.

Without a channel a supplier fetches its documents. Every change is one version of the supplier.
"""

import ipaddress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import SplitResult, urlsplit, urlunsplit
from uuid import UUID

from marktbund.contracts.base import Message
from marktbund.contracts.supplier_gateway import ChannelChange, ChannelStatus
from marktbund.errors import Conflict, Invalid
from supplier_gateway.domain.addresses import Address, is_public
from supplier_gateway.domain.breakers import Breaker
from supplier_gateway.domain.hosts import ascii_host
from supplier_gateway.domain.suppliers import Supplier

Changed = tuple[Supplier, "Channel", list[Message]]

ROTATION = timedelta(hours=24)
"""How long a replaced secret still signs beside the new one."""
MOST_SECRETS = 3


@dataclass(frozen=True, slots=True)
class Channel:
    """Where a supplier's documents go. url: checked when set, and again at every call.

    set_in: the supplier's version that set it; the same address set anew is another channel.
    """

    supplier_id: UUID
    url: str
    status: ChannelStatus = "active"
    breaker: Breaker = field(default_factory=Breaker)
    set_in: int = 0

    @property
    def host(self) -> str:
        """The name of the machine called; paths may hold what nobody should read."""
        return urlsplit(self.url).hostname or ""


def register(supplier: Supplier, url: str) -> Changed:
    """Set or replace the channel; it starts active and whole. Raises Conflict."""
    supplier, channel, events = _changed(supplier, Channel(supplier.supplier_id, url), "registered")
    return supplier, replace(channel, set_in=supplier.version), events


def rotate(supplier: Supplier, channel: Channel, live: int) -> Changed:
    """Give the channel a new secret beside the `live` ones. Raises Conflict."""
    if live >= MOST_SECRETS:
        raise Conflict(
            "rotation_in_progress",
            "Es gelten schon mehrere Geheimnisse",
            f"Höchstens {MOST_SECRETS} gelten zugleich.",
            way_out="Warten Sie, bis das älteste nach 24 Stunden abläuft.",
        )
    return _changed(supplier, channel, "secret_rotated")


def disable(supplier: Supplier, channel: Channel) -> Changed:
    """The supplier's endpoint says that it is gone; a second word changes nothing."""
    if channel.status == "disabled" or supplier.status == "withdrawn":
        return supplier, channel, []
    return _changed(supplier, replace(channel, status="disabled"), "disabled")


def remove(supplier: Supplier, channel: Channel) -> Changed:
    """Back to fetching."""
    return _changed(supplier, channel, "removed")


def _changed(
    supplier: Supplier,
    channel: Channel,
    change: ChannelChange,
) -> Changed:
    changed, events = supplier.change_channel(change, channel.host)
    return changed, channel, events


def expiry(now: datetime, expires_at: datetime | None) -> datetime:
    """When a secret that was replaced now stops signing; never later than before."""
    return min(now + ROTATION, expires_at or now + ROTATION)


def admitted_target(url: str, *, private_allowed: bool) -> str:
    """The address as it will be called, its host in ASCII; names are resolved only when calling.

    private_allowed: a demo or test that calls its own machine, also without TLS. Raises Invalid
    (`target_refused`).
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _refused("Die Adresse ist nicht lesbar.") from None
    if parts.scheme != "https" and not (private_allowed and parts.scheme == "http"):
        raise _refused("Nur https ist erlaubt.")
    if not parts.hostname or port == 0 or _says_more(parts):
        raise _refused("Erlaubt ist nur https://rechner[:port]/pfad, ohne Konto und Sprungmarke.")
    try:
        host = ascii_host(parts.hostname)
    except ValueError:
        raise _refused(f"Einen Rechner „{parts.hostname[:60]}“ kann es nicht geben.") from None
    address = _literal(host)
    if address is not None and not private_allowed and not is_public(address):
        raise _refused("Die Adresse liegt nicht im öffentlichen Netz.")
    named = f"[{host}]" if ":" in host else host
    return urlunsplit(parts._replace(netloc=named if port is None else f"{named}:{port}"))


def _says_more(parts: SplitResult) -> bool:
    return bool(parts.username or parts.password or parts.fragment)


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _refused(detail: str) -> Invalid:
    return Invalid("target_refused", "An diese Adresse wird nichts geschickt", detail, field="url")

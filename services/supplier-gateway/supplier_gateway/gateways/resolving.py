"""From a URL to the one address that will be called: resolved once, checked, then used.

Resolution has threads of its own: a slow name server of one supplier takes none from the others.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

from supplier_gateway.domain.addresses import is_public

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Host and port to numeric addresses. Raises OSError."""

_THREADS = ThreadPoolExecutor(64, thread_name_prefix="resolve")


class TargetRefusedError(Exception):
    """The name leads, now, to an address that must not be called."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect: `address` is called, `host` is who must be there (Host, TLS name)."""

    scheme: str
    host: str
    address: str
    port: int
    path: str


async def system_resolver(host: str, port: int) -> Sequence[str]:
    """The machine's own resolver. Raises OSError."""
    loop = asyncio.get_running_loop()
    infos = await loop.run_in_executor(
        _THREADS, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    )
    return [str(info[4][0]) for info in infos]


async def checked_target(url: str, resolve: Resolve, *, private_allowed: bool) -> Target:
    """Resolve a URL's host and choose its first address.

    All addresses must be public, not only the chosen one: a name that also leads inside is not to
    be trusted. Raises TargetRefusedError and OSError.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    addresses = await resolve(host, port)
    if not addresses:
        raise TargetRefusedError
    if not private_allowed and (
        parts.scheme != "https" or not all(_may_be_called(address) for address in addresses)
    ):
        raise TargetRefusedError
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, addresses[0], port, path)


def _may_be_called(address: str) -> bool:
    try:
        return is_public(ipaddress.ip_address(address))
    except ValueError:
        return False  # with a zone ("fe80::1%eth0"): link-local in any case

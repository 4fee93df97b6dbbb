"""Whom a request is meant for: only hosts this process goes by are answered.

A page of a stranger whose name was made to point at 127.0.0.1 (DNS rebinding) sends its own name
as `Host`; without this check it would read whatever listens on loopback.
"""

from collections.abc import Iterable

from starlette.types import ASGIApp, Receive, Scope, Send

from marktbund.errors import Misdirected
from marktbund.http import problem

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})


def name_of(host: str) -> str:
    """A Host header's name without its port, in small letters; IPv6 addresses keep brackets."""
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdecimal() else host).lower()


class KnownHosts:
    """ASGI middleware: 421 for a `Host` that is none of `hosts`; probes and scrapes included.

    The answer is problem+json even where people look at pages: no page of ours is for a stranger.
    """

    def __init__(self, app: ASGIApp, *, hosts: Iterable[str]) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts) | LOOPBACK

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or refuse."""
        if scope["type"] != "http" or self._knows(scope):
            await self._app(scope, receive, send)
            return
        refused = Misdirected(
            "host_unknown",
            "Unter diesem Namen antwortet hier niemand",
            field="Host",
            way_out="Bitte rufen Sie die Plattform unter ihrer eigenen Adresse auf.",
        )
        scope.setdefault("state", {})["problem"] = refused.code
        await problem(refused)(scope, receive, send)

    def _knows(self, scope: Scope) -> bool:
        sent = [value for name, value in scope["headers"] if name == b"host"]
        return len(sent) == 1 and name_of(sent[0].decode("latin-1")) in self._hosts

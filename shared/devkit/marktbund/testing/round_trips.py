"""How often a client waits for PostgreSQL: a proxy between both that counts ReadyForQuery.

The server sends ReadyForQuery when it has answered all a client sent in one go and waits for more:
one of them is one round trip. Neither end knows of the proxy; TLS it does not understand.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from sqlalchemy import make_url

_READY = ord("Z")
_HEAD = 5
_CHUNK = 65_536


class RoundTrips:
    """What was counted over all connections through a proxy. url: the database's by way of it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.count = 0

    def since(self, before: int) -> int:
        """How many more than `before`."""
        return self.count - before


class _Messages:
    """Cuts a server's bytes into messages. The answer to a client's question for TLS is one byte
    without a length, and the first.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._begun = False

    def take(self, data: bytes) -> list[int]:
        """The types of the messages that are complete with these bytes."""
        self._rest += data
        if not self._begun and self._rest:
            self._begun = True
            self._rest = self._rest.removeprefix(b"N")
        types = []
        while len(self._rest) >= _HEAD:
            end = 1 + int.from_bytes(self._rest[1:_HEAD], "big")
            if len(self._rest) < end:
                break
            types.append(self._rest[0])
            self._rest = self._rest[end:]
        return types


@asynccontextmanager
async def counting(url: str) -> AsyncIterator[RoundTrips]:
    """A proxy before the server that a URL names, until the block ends."""
    server = make_url(url)
    counted = RoundTrips("")
    open_pipes: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        theirs, ours = await asyncio.open_connection(server.host, server.port)
        pipes = (
            asyncio.create_task(_pass_on(reader, ours, None)),
            asyncio.create_task(_pass_on(theirs, writer, counted)),
        )
        open_pipes.update(pipes)
        await asyncio.wait(pipes)

    proxy = await asyncio.start_server(connected, "127.0.0.1", 0)
    host, port = proxy.sockets[0].getsockname()
    counted.url = server.set(host=host, port=port).render_as_string(hide_password=False)
    try:
        yield counted
    finally:
        proxy.close()
        for pipe in open_pipes:
            pipe.cancel()
        await asyncio.gather(*open_pipes, return_exceptions=True)


async def _pass_on(
    source: asyncio.StreamReader, sink: asyncio.StreamWriter, counted: RoundTrips | None
) -> None:
    messages = _Messages()
    with suppress(ConnectionError):
        while data := await source.read(_CHUNK):
            if counted is not None:
                counted.count += messages.take(data).count(_READY)
            sink.write(data)
            await sink.drain()
    sink.close()

"""A real HTTP endpoint on loopback that notes what it is sent and answers as it is told."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
from starlette.types import Receive, Scope, Send


@dataclass(frozen=True, slots=True)
class Heard:
    """One request; header names in lower case."""

    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered."""

    status: int = 204
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


Behave = Callable[[Heard], Awaitable[Reply]]


def answering(*replies: Reply) -> Behave:
    """Gives these answers in turn, the last one for ever."""
    left = list(replies)

    async def behave(_: Heard) -> Reply:
        return left.pop(0) if len(left) > 1 else left[0]

    return behave


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A listening receiver; `heard` grows with every request."""

    port: int
    heard: list[Heard]

    @property
    def url(self) -> str:
        """Its address, without a path."""
        return f"http://127.0.0.1:{self.port}"


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # they belong to whoever runs the loop


def application(behave: Behave, heard: list[Heard]) -> Callable[..., Awaitable[None]]:
    """The ASGI application of a receiver."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        body = b""
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        request = Heard(scope["path"], headers, body)
        heard.append(request)
        reply = await behave(request)
        sent = [(name.encode(), value.encode()) for name, value in reply.headers.items()]
        await send({"type": "http.response.start", "status": reply.status, "headers": sent})
        await send({"type": "http.response.body", "body": reply.body})

    return app


@asynccontextmanager
async def listening(
    behave: Behave, *, port: int = 0, certificate: Path | None = None
) -> AsyncIterator[Endpoint]:
    """A receiver until the end of the block; certificate: PEM with key, for TLS."""
    heard: list[Heard] = []
    server = _Server(
        uvicorn.Config(
            application(behave, heard),
            port=port,
            log_config=None,
            lifespan="off",
            ssl_certfile=certificate,
            timeout_graceful_shutdown=1,
        )
    )
    serving = asyncio.create_task(server.serve())
    try:
        while not server.started:
            if serving.done():
                serving.result()
            await asyncio.sleep(0.01)
        yield Endpoint(server.servers[0].sockets[0].getsockname()[1], heard)
    finally:
        server.should_exit = True
        await serving

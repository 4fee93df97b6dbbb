"""A ceiling on request bodies, counted while they arrive; and the request's id on its answer."""

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from marktbund.errors import TooLarge
from marktbund.http import problem, request_id

DEFAULT_BODY_BYTES = 1_000_000


class Limits:
    """ASGI middleware. Paths ending in one of `wide` may carry `wide_bytes` (price lists)."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        body_bytes: int = DEFAULT_BODY_BYTES,
        wide: tuple[str, ...] = (),
        wide_bytes: int = 30_000_000,
    ) -> None:
        self._app = app
        self._body_bytes = body_bytes
        self._wide = wide
        self._wide_bytes = wide_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        wide = bool(self._wide) and scope["path"].endswith(self._wide)
        ceiling = self._wide_bytes if wide else self._body_bytes
        body = _Counted(receive, ceiling)
        refused = False

        async def labelled(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message["headers"],
                    (b"x-request-id", request_id(request).encode()),
                ]
            if not body.too_large:
                await send(message)
            elif not refused:
                # FastAPI answers a body that cannot be read with its own 400: ours replaces it.
                refused = True
                await _refuse(ceiling, request)(scope, receive, send)

        await self._app(scope, body, labelled)


class _Counted:
    """A request's body, refused where it passes the ceiling."""

    def __init__(self, receive: Receive, ceiling: int) -> None:
        self._receive = receive
        self._left = ceiling
        self.too_large = False

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            self.too_large = True
            raise TooLarge("body_too_large", "Die Anfrage ist zu groß")
        return message


def _refuse(ceiling: int, request: Request) -> ASGIApp:
    refusal = problem(
        TooLarge(
            "body_too_large",
            "Die Anfrage ist zu groß",
            f"Höchstens {ceiling:,} Bytes.".replace(",", "."),
            field="body",
            way_out="Bitte teilen Sie den Vorgang auf.",
        )
    )
    refusal.headers["X-Request-Id"] = request_id(request)
    return refusal

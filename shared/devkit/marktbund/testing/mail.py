"""A local mail server for test and demo stacks: every mail becomes a file, and a page shows them.

It passes nothing on and asks nobody who they are: the loopback interface only. A mail sent again
under the same Message-ID takes the place of the first. Run: `python -m marktbund.testing.mail`.
"""

import asyncio
import os
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from html import escape
from pathlib import Path
from typing import TypedDict, Unpack
from uuid import uuid4

import uvicorn
from aiosmtpd.smtp import SMTP, AuthenticatorType, Envelope, Session
from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from marktbund.hosts import KnownHosts
from marktbund.testing.readiness import ReadyAnswer

SHOWN = 100
_PAGE = """<!doctype html><html lang="de"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Post – Marktbund</title>
<h1>Post dieses Rechners</h1>
<p>{count} Nachrichten in <code>{folder}</code>, die neueste zuerst. Keine hat den Rechner
verlassen.</p>
{mails}</html>"""
_MAIL = """<h2>{subject}</h2><p>An: {to}<br>Datum: {date}</p>
<pre style="white-space: pre-wrap">{text}</pre>"""


class Folder:
    """Mails as files `<Message-ID>.eml` in a folder; what aiosmtpd hands received mails to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep a mail."""
        del server, session
        content = envelope.original_content or b""
        mail = BytesParser(policy=policy.default).parsebytes(content)
        name = re.sub(r"[^A-Za-z0-9.@-]+", "_", str(mail["Message-ID"] or uuid4()).strip("<> "))
        aside = self.path / f"{name}.part"
        aside.write_bytes(content)
        aside.rename(self.path / f"{name}.eml")
        return "250 OK"

    def count(self) -> int:
        """How many mails there are."""
        return sum(1 for _ in self.path.glob("*.eml"))

    def mails(self, most: int | None = None) -> list[EmailMessage]:
        """Mails, the newest first; `most`: that many of them."""
        files = sorted(self.path.glob("*.eml"), key=lambda file: -file.stat().st_mtime_ns)
        read = BytesParser(policy=policy.default)
        return [read.parsebytes(file.read_bytes()) for file in files[:most]]


def build(folder: Folder, smtp_port: int) -> FastAPI:
    """The page that shows the folder, with the mail server beside it."""

    @asynccontextmanager
    async def receiving(_: FastAPI) -> AsyncIterator[None]:
        async with listening(folder, smtp_port):
            yield

    app = FastAPI(openapi_url=None, lifespan=receiving)
    app.add_middleware(KnownHosts, hosts=())

    @app.get("/health/ready")
    async def ready() -> ReadyAnswer:
        return ReadyAnswer()

    @app.get("/", response_class=HTMLResponse)
    async def page() -> HTMLResponse:
        shown = "".join(map(_shown, folder.mails(SHOWN)))
        content = _PAGE.format(count=folder.count(), folder=escape(str(folder.path)), mails=shown)
        return HTMLResponse(content, headers={"Cache-Control": "no-store"})

    return app


class Guard(TypedDict, total=False):
    """aiosmtpd's settings of a server that asks for TLS and a login."""

    tls_context: ssl.SSLContext
    require_starttls: bool
    auth_required: bool
    authenticator: AuthenticatorType


@asynccontextmanager
async def listening(folder: Folder, port: int, **guard: Unpack[Guard]) -> AsyncIterator[int]:
    """SMTP on the loopback interface; without `guard` open to all. Gives the port."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(folder, loop=loop, **guard), "127.0.0.1", port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def _shown(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    parts = {
        "subject": str(mail["Subject"]),
        "to": str(mail["To"]),
        "date": str(mail["Date"]),
        "text": str(body.get_content()) if body is not None else "",
    }
    return _MAIL.format(**{name: escape(text) for name, text in parts.items()})


if __name__ == "__main__":
    uvicorn.run(
        build(
            Folder(Path(os.environ["MARKTBUND_MAIL_FOLDER"])),
            int(os.environ["MARKTBUND_MAIL_PORT"]),
        ),
        host="127.0.0.1",
        port=int(os.environ["MARKTBUND_HTTP_PORT"]),
        log_level="warning",
    )

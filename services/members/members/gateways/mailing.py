"""Mail by SMTP, one message to one recipient: accepted, to be tried later, or refused for good."""

import asyncio
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Literal, Protocol

import aiosmtplib
import structlog

from members.domain.mails import Outcome

Encryption = Literal["starttls", "tls", "none"]
SECONDS = 20.0
"""The whole exchange with the server."""
_log = structlog.get_logger(__name__)


class MailSender(Protocol):
    """Whoever hands a mail on."""

    async def __call__(self, mail: EmailMessage) -> Outcome:
        """Try once; every way to fail is an outcome."""


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server that takes mails on; user: empty where it asks for no login."""

    host: str
    port: int
    encryption: Encryption
    user: str = ""
    password: str = ""
    ca_file: Path | None = None


class SmtpSender:
    """Sends through one server, a connection per mail."""

    def __init__(self, server: Server, *, seconds: float = SECONDS) -> None:
        self._server = server
        self._seconds = seconds
        self._trusted = ssl.create_default_context(cafile=server.ca_file)

    async def __call__(self, mail: EmailMessage) -> Outcome:
        """One attempt, over after `seconds` whatever the other side does."""
        try:
            async with asyncio.timeout(self._seconds):
                await self._send(mail)
        except aiosmtplib.SMTPRecipientsRefused as error:
            return _answered(error.recipients[0].code)
        except aiosmtplib.SMTPAuthenticationError as error:
            return Outcome("later", f"login_{error.code}")
        except aiosmtplib.SMTPSenderRefused as error:  # wrongly set up: no mail's own fault
            return Outcome("later", f"sender_{error.code}")
        except aiosmtplib.SMTPDataError as error:
            return _answered(error.code)
        except Exception as error:  # noqa: BLE001 - whatever it is, this attempt is over
            if not isinstance(error, aiosmtplib.SMTPException | OSError):
                _log.exception("mail_attempt_failed", message_id=str(mail["Message-ID"]))
            return Outcome("later", type(error).__name__)
        return Outcome("sent")

    async def _send(self, mail: EmailMessage) -> None:
        server = self._server
        await aiosmtplib.send(
            mail,
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password or None,
            use_tls=server.encryption == "tls",
            start_tls=server.encryption == "starttls",
            tls_context=None if server.encryption == "none" else self._trusted,
            timeout=self._seconds,
        )


def _answered(code: int) -> Outcome:
    return Outcome("never" if code >= 500 else "later", str(code))

"""SMTP as a production server wants it: STARTTLS, its certificate checked, and a login."""

import ipaddress
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509

from marktbund.testing.certificates import self_signed
from marktbund.testing.mail import Folder, listening
from members.domain.mails import Outcome
from members.gateways.mailing import Server, SmtpSender

PASSWORD = "richtig"


def login(_server, _session, _envelope, _mechanism, data) -> AuthResult:
    right = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
    return AuthResult(success=right, handled=right)


@dataclass
class Guarded:
    """A server that takes mail inside TLS after a login only."""

    server: Server
    folder: Folder


@pytest.fixture
async def guarded(tmp_path: Path) -> AsyncIterator[Guarded]:
    pem = self_signed(tmp_path / "mail.pem", x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem)
    folder = Folder(tmp_path / "mail")
    how = {"tls_context": context, "require_starttls": True, "auth_required": True}
    async with listening(folder, 0, authenticator=login, **how) as port:
        server = Server("127.0.0.1", port, "starttls", "marktbund", PASSWORD, pem)
        yield Guarded(server, folder)


def mail() -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"] = "post@marktbund.example", "erika@stadt.example"
    made["Message-ID"], made["Subject"] = "<1@marktbund.example>", "Größe"
    made.set_content("Guten Tag")
    return made


async def test_inside_tls_and_logged_in_a_mail_is_taken(guarded: Guarded):
    assert await SmtpSender(guarded.server)(mail()) == Outcome("sent")
    assert [received["Subject"] for received in guarded.folder.mails()] == ["Größe"]


async def test_a_wrong_password_is_tried_again_later(guarded: Guarded):
    wrong = replace(guarded.server, password="falsch")
    assert await SmtpSender(wrong)(mail()) == Outcome("later", "login_535")


async def test_a_certificate_nobody_vouches_for_is_not_trusted(guarded: Guarded):
    outcome = await SmtpSender(replace(guarded.server, ca_file=None))(mail())
    assert outcome.ending == "later"
    assert guarded.folder.mails() == []


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"host": "mail..example"}, "UnicodeError"),
        ({"host": f"{'a' * 64}.example"}, "UnicodeError"),
        ({"port": 99_999_999}, "OverflowError"),
        ({"password": "\udcff"}, "UnicodeEncodeError"),
    ],
)
async def test_what_nobody_foresaw_is_an_outcome_too(
    guarded: Guarded, wrong: dict[str, Any], reason: str
):
    outcome = await SmtpSender(replace(guarded.server, **wrong))(mail())
    assert outcome == Outcome("later", reason)


async def test_a_mail_from_nobody_is_an_outcome_too(guarded: Guarded):
    unsigned = mail()
    del unsigned["From"]
    assert await SmtpSender(guarded.server)(unsigned) == Outcome("later", "ValueError")


async def test_what_the_server_wants_inside_tls_is_not_sent_outside(guarded: Guarded):
    outcome = await SmtpSender(replace(guarded.server, encryption="none"))(mail())
    assert outcome.ending != "sent"
    assert guarded.folder.mails() == []

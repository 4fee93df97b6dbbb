"""SMTP as a production server wants it: STARTTLS, its certificate checked, and a login."""

import datetime as dt
import ipaddress
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from marktbund.testing.mail import Folder, listening
from members.domain.mails import Outcome
from members.gateways.mailing import Server, SmtpSender

PASSWORD = "richtig"


def certificate(file: Path) -> Path:
    """A key and a certificate of 127.0.0.1 signed by itself, as one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    begin = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin.replace(year=2126))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(secret + made.public_bytes(Encoding.PEM))
    return file


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
    pem = certificate(tmp_path / "mail.pem")
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
    assert [each["Subject"] for each in guarded.folder.mails()] == ["Größe"]


async def test_a_wrong_password_is_tried_again_later(guarded: Guarded):
    wrong = replace(guarded.server, password="falsch")
    assert await SmtpSender(wrong)(mail()) == Outcome("later", "login_535")


async def test_a_certificate_nobody_vouches_for_is_not_trusted(guarded: Guarded):
    outcome = await SmtpSender(replace(guarded.server, ca_file=None))(mail())
    assert outcome.ending == "later"
    assert guarded.folder.mails() == []


async def test_what_the_server_wants_inside_tls_is_not_sent_outside(guarded: Guarded):
    outcome = await SmtpSender(replace(guarded.server, encryption="none"))(mail())
    assert outcome.ending != "sent"
    assert guarded.folder.mails() == []

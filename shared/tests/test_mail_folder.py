"""Mails as they are kept and shown: hard names, many of them, and a server that asks who comes."""

import os
import ssl
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest
from aiosmtplib import SMTPResponseException, send
from cryptography import x509

from marktbund.testing.certificates import self_signed
from marktbund.testing.mail import SHOWN, Folder, build, listening

from .test_mail_server import mail


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "deep" / "mail")


async def page_of(folder: Folder) -> httpx.Response:
    transport = httpx.ASGITransport(build(folder, 0))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
        return await http.get("/")


def put(folder: Folder, number: int) -> None:
    """The mail of that number, which came in that second."""
    file = folder.path / f"{number}.eml"
    file.write_bytes(bytes(mail(number, f"Betreff {number:03}")))
    os.utime(file, (1_700_000_000 + number,) * 2)


async def test_a_folder_without_mails_says_so(folder: Folder):
    shown = await page_of(folder)
    assert "0 Nachrichten" in shown.text
    assert "<h2>" not in shown.text
    assert shown.headers["cache-control"] == "no-store"


async def test_the_newest_are_shown_and_all_are_counted(folder: Folder):
    for number in range(SHOWN + 3):
        put(folder, number)
    shown = (await page_of(folder)).text
    assert f"{SHOWN + 3} Nachrichten" in shown
    assert shown.count("<h2>") == SHOWN
    assert shown.index("Betreff 102") < shown.index("Betreff 101")
    assert "Betreff 003" in shown
    assert "Betreff 002" not in shown
    assert [made["Subject"] for made in folder.mails(2)] == ["Betreff 102", "Betreff 101"]
    assert len(folder.mails()) == SHOWN + 3


async def test_a_mail_without_plain_words_is_shown_without_them(folder: Folder):
    made = mail(1, "Nur HTML")
    made.set_content("<script>alert(1)</script>", subtype="html")
    (folder.path / "1.eml").write_bytes(bytes(made))
    shown = (await page_of(folder)).text
    assert "Nur HTML" in shown
    assert "script" not in shown


async def test_half_a_mail_is_none_yet(folder: Folder):
    (folder.path / "1.part").write_bytes(b"Subject: halb")
    assert (folder.count(), folder.mails()) == (0, [])


async def deliver(folder: Folder, *mails: EmailMessage) -> list[str]:
    """The names of the files after these mails came."""
    async with listening(folder, 0) as port:
        for made in mails:
            await send(made, hostname="127.0.0.1", port=port, start_tls=False)
    return sorted(str(file.relative_to(folder.path)) for file in folder.path.rglob("*"))


async def test_an_id_cannot_lead_out_of_the_folder(folder: Folder):
    made = mail(1, "Erste")
    made.replace_header("Message-ID", "<../../out/of/here@marktbund.example>")
    assert await deliver(folder, made) == [".._.._out_of_here@marktbund.example.eml"]


async def test_a_mail_sent_again_takes_the_place_of_the_first(folder: Folder):
    names = await deliver(folder, mail(1, "Erste"), mail(2, "Andere"), mail(1, "Noch einmal"))
    assert names == ["1@marktbund.example.eml", "2@marktbund.example.eml"]
    assert {made["Subject"] for made in folder.mails()} == {"Andere", "Noch einmal"}


async def test_a_server_that_wants_tls_takes_nothing_without(folder: Folder, tmp_path: Path):
    file = self_signed(tmp_path / "mail.pem", x509.DNSName("localhost"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    trusting = ssl.create_default_context(cafile=file)
    async with listening(folder, 0, tls_context=context, require_starttls=True) as port:
        with pytest.raises(SMTPResponseException) as refused:
            await send(mail(1, "Offen"), hostname="localhost", port=port, start_tls=False)
        assert refused.value.code == 530
        await send(
            mail(2, "Verschlossen"),
            hostname="localhost",
            port=port,
            start_tls=True,
            tls_context=trusting,
        )
    assert [made["Subject"] for made in folder.mails()] == ["Verschlossen"]

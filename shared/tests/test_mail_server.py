"""The local mail server: what comes by SMTP is a file, and the page shows it escaped."""

from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest
from aiosmtplib import send

from marktbund.testing.mail import Folder, build, listening


def mail(number: int, subject: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"] = "post@marktbund.example", "erika@stadt.example"
    made["Message-ID"], made["Subject"] = f"<{number}@marktbund.example>", subject
    made.set_content("Guten Tag,\n\nsiehe <https://marktbund.example/>\n")
    return made


@pytest.fixture
async def page(tmp_path: Path):
    folder = Folder(tmp_path / "mail")
    async with (
        listening(folder, 0) as port,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(build(folder, 0)), base_url="http://localhost"
        ) as http,
    ):
        await send(mail(1, "Erste"), hostname="127.0.0.1", port=port, start_tls=False)
        await send(mail(2, "<b>Größe</b>"), hostname="127.0.0.1", port=port, start_tls=False)
        await send(mail(2, "<b>Größe</b>"), hostname="127.0.0.1", port=port, start_tls=False)
        yield folder, (await http.get("/")).text


async def test_mails_are_files_by_their_id_and_the_page_shows_them_escaped(page):
    folder, shown = page
    names = sorted(file.name for file in folder.path.iterdir())
    assert names == ["1@marktbund.example.eml", "2@marktbund.example.eml"]
    assert "2 Nachrichten" in shown
    assert shown.index("&lt;b&gt;Größe") < shown.index("Erste")
    assert "<b>" not in shown

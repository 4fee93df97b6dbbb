"""How a mail server is named: in full, with an address and encryption, or not at all."""

from typing import Any

import pytest

from members.main import MailSettingsError, composed
from members.settings import Settings

SITE = "https://marktbund.example"
FROM = "post@marktbund.example"


def settings(**given: Any) -> Settings:
    usual = {"deployment": "production", "database_url": "postgresql+asyncpg://x", "kafka": "x:1"}
    usual |= {"kafka_user": "members", "kafka_password": "x", "issuer_url": "https://id.example"}
    return Settings.model_validate(usual | {"http_port": 1} | given)


def test_without_a_mail_server_nobody_sends():
    assert "mail" not in {job.name for job in composed(settings()).jobs}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"mail_from": FROM},
        {"mail_from": "post..amt@eg.example", "site": SITE},
        {"mail_from": FROM, "site": SITE, "mail_encryption": "none"},
    ],
)
def test_half_told_or_open_mail_is_refused(given: dict[str, str]):
    with pytest.raises(MailSettingsError):
        composed(settings(mail_host="mail.example", **given))


def test_told_in_full_there_is_a_postman():
    made = composed(settings(mail_host="mail.example", mail_from=FROM, site=SITE))
    assert "mail" in {job.name for job in made.jobs}

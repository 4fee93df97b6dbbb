"""A start that fails, and whatever prints settings, shows no secret."""

import pytest
from pydantic import ValidationError

from marktbund.settings import ServiceSettings

from .test_health import SETTINGS

TOLD = {
    "database_url": "postgresql+asyncpg://orders:DBSECRET@localhost/orders",
    "kafka": "127.0.0.1:1",
    "kafka_user": "orders",
    "kafka_password": "KAFKASECRET",
    "issuer_url": "https://id.example.org/auth/realms/marktbund",
    "http_port": 1,
}


@pytest.mark.parametrize("wrong", [{"http_port": "NOPORT"}, {"role": "boss"}, {"kafka": None}])
def test_a_start_that_fails_tells_no_values(wrong: dict):
    with pytest.raises(ValidationError) as refused:
        ServiceSettings(**TOLD | wrong)
    assert next(iter(wrong)) in str(refused.value)
    for value in ("SECRET", "NOPORT", "boss"):
        assert value not in str(refused.value)


def test_what_prints_settings_prints_no_secret():
    made = SETTINGS.model_copy(update=dict(ServiceSettings(**TOLD)))
    assert "SECRET" not in f"{made!r} {made} {made.model_dump()} {made.model_dump_json()}"
    assert made.database_url.get_secret_value() == TOLD["database_url"]

"""What the environment says becomes typed values, or a start that fails and says which is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from marktbund.kafka_access import KafkaAccess, user_name
from marktbund.settings import ServiceSettings

WHOLE = {
    "MARKTBUND_DATABASE_URL": "postgresql+asyncpg://orders_app:secret@db/orders",
    "MARKTBUND_KAFKA": "kafka-1:9093,kafka-2:9093",
    "MARKTBUND_KAFKA_USER": "orders",
    "MARKTBUND_KAFKA_PASSWORD": "secret",
    "MARKTBUND_ISSUER_URL": "https://einkauf.example/auth/realms/marktbund",
    "MARKTBUND_HTTP_PORT": "8003",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in WHOLE.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_what_a_service_cannot_do_without_is_asked_for(environment, name: str):
    ServiceSettings()
    environment.delenv(name)
    with pytest.raises(ValidationError) as refused:
        ServiceSettings()
    field = name.removeprefix("MARKTBUND_").lower()
    assert [(error["loc"], error["type"]) for error in refused.value.errors()] == [
        ((field,), "missing")
    ]


def test_nothing_said_is_the_careful_choice(environment):
    settings = ServiceSettings()
    assert (settings.deployment, settings.driven_clock, settings.quota_times) == (
        "production",
        False,
        1,
    )
    assert (settings.kafka_protocol, settings.http_host) == ("SASL_SSL", "127.0.0.1")
    assert (settings.hosts, settings.quotas, settings.prefix) == ((), {}, "")


@pytest.mark.parametrize(
    ("deployment", "driven", "times"),
    [("production", False, 1), ("demo", True, 1_000), ("test", True, 1_000)],
)
def test_only_a_demo_may_drive_the_clock(environment, deployment: str, driven: bool, times: int):
    environment.setenv("MARKTBUND_DEPLOYMENT", deployment)
    settings = ServiceSettings()
    assert (settings.driven_clock, settings.quota_times) == (driven, times)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEPLOYMENT", "staging"),
        ("DEPLOYMENT", "PRODUCTION"),
        ("ROLE", "relay"),
        ("KAFKA_PROTOCOL", "PLAINTEXT"),
        ("KAFKA_PROTOCOL", "SSL"),
        ("HTTP_PORT", "http"),
        ("HTTP_PORT", ""),
        ("POOL_SIZE", "0"),
        ("POOL_SIZE", "51"),
        ("MAX_OVERFLOW", "-1"),
        ("MAX_OVERFLOW", "51"),
        ("TRACES_SHARE", "1.01"),
        ("TRACES_SHARE", "-0.01"),
        ("QUOTAS", '{"reads": 0}'),
        ("QUOTAS", '{"reads": "viele"}'),
        ("HOSTS", '"einkauf.example"'),
    ],
)
def test_a_value_that_is_none_stops_the_start(environment, name: str, value: str):
    environment.setenv(f"MARKTBUND_{name}", value)
    with pytest.raises(ValidationError) as refused:
        ServiceSettings()
    assert refused.value.errors()[0]["loc"][0] == name.lower()
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value", "field", "read"),
    [
        (
            "HOSTS",
            '["einkauf.example", "kauf.example"]',
            "hosts",
            ("einkauf.example", "kauf.example"),
        ),
        ("QUOTAS", '{"reads": 5, "exports": 1}', "quotas", {"reads": 5, "exports": 1}),
        ("POOL_SIZE", "50", "pool_size", 50),
        ("MAX_OVERFLOW", "0", "max_overflow", 0),
        ("TRACES_SHARE", "0.05", "traces_share", 0.05),
        ("ROLE", "worker", "role", "worker"),
        ("PREFIX", "demo_", "prefix", "demo_"),
    ],
)
def test_a_value_is_read_as_what_it_means(environment, name, value, field, read):
    environment.setenv(f"MARKTBUND_{name}", value)
    assert getattr(ServiceSettings(), field) == read


def test_settings_are_not_changed_by_whoever_holds_them(environment):
    settings = ServiceSettings()
    with pytest.raises(ValidationError):
        settings.role = "api"


def test_what_is_not_ours_in_the_environment_is_passed_by(environment):
    environment.setenv("MARKTBUND_LATER", "x")
    assert not hasattr(ServiceSettings(), "later")


def test_the_way_into_kafka_is_in_the_settings(environment):
    environment.setenv("MARKTBUND_KAFKA_CA_FILE", "/etc/ca.pem")
    access = ServiceSettings().kafka_access
    assert (access.bootstrap, access.user, access.password) == (
        "kafka-1:9093,kafka-2:9093",
        "orders",
        "secret",
    )
    assert (access.protocol, str(access.ca_file)) == ("SASL_SSL", "/etc/ca.pem")
    assert isinstance(ServiceSettings().kafka_password, SecretStr)


NAMES = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1)


@given(
    bootstrap=NAMES,
    user=NAMES,
    password=NAMES,
    protocol=st.sampled_from(["SASL_SSL", "SASL_PLAINTEXT"]),
    ca_file=st.sampled_from([None, "/etc/ca.pem", "ca file.pem"]),
)
def test_an_access_passed_on_is_the_same_access(bootstrap, user, password, protocol, ca_file):
    variables = {
        "MARKTBUND_KAFKA": bootstrap,
        "MARKTBUND_KAFKA_USER": user,
        "MARKTBUND_KAFKA_PASSWORD": password,
        "MARKTBUND_KAFKA_PROTOCOL": protocol,
    } | ({"MARKTBUND_KAFKA_CA_FILE": ca_file} if ca_file else {})
    access = KafkaAccess.from_environment(variables)
    assert access.environment() == variables
    assert KafkaAccess.from_environment(access.environment()) == access


@pytest.mark.parametrize(
    "missing", ["MARKTBUND_KAFKA", "MARKTBUND_KAFKA_USER", "MARKTBUND_KAFKA_PASSWORD"]
)
def test_there_is_no_way_in_without_an_account(missing: str):
    variables = {name: value for name, value in WHOLE.items() if name != missing}
    with pytest.raises(KeyError, match=missing):
        KafkaAccess.from_environment(variables)


@pytest.mark.parametrize("protocol", ["", "PLAINTEXT", "SSL", "sasl_plaintext"])
def test_what_is_not_said_outright_goes_inside_tls(protocol: str):
    access = KafkaAccess.from_environment(WHOLE | {"MARKTBUND_KAFKA_PROTOCOL": protocol})
    assert access.protocol == "SASL_SSL"
    context = access.tls()
    assert context is not None
    assert context.check_hostname


def test_both_clients_of_kafka_are_told_the_same():
    access = KafkaAccess("kafka:9093", "orders", "secret", "SASL_PLAINTEXT")
    client, admin = access.aiokafka(), access.librdkafka()
    assert (client["bootstrap_servers"], admin["bootstrap.servers"]) == ("kafka:9093",) * 2
    assert (client["security_protocol"], admin["security.protocol"]) == ("SASL_PLAINTEXT",) * 2
    assert client["sasl_mechanism"] == admin["sasl.mechanism"] == "SCRAM-SHA-512"
    assert (client["sasl_plain_username"], admin["sasl.username"]) == ("orders",) * 2
    assert (client["sasl_plain_password"], admin["sasl.password"]) == ("secret",) * 2
    assert client["ssl_context"] is None
    assert "ssl.ca.location" not in admin


def test_what_prints_an_access_prints_no_password():
    access = KafkaAccess("kafka:9093", "orders", "secret")
    assert "secret" not in f"{access!r} {access}"
    assert user_name("demo_", "orders") == "demo_orders"

"""Settings that are secrets are of the type that is not printed, in every service."""

import importlib

import pytest
from pydantic import SecretStr
from pydantic_settings import BaseSettings

from tests.architecture.tree import SERVICES

SECRETS = ("secret", "password", "database_url")


@pytest.mark.parametrize("folder", SERVICES)
def test_secrets_are_not_printed(folder: str):
    module = importlib.import_module(f"{folder.replace('-', '_')}.settings")
    settings: type[BaseSettings] = module.Settings
    fields = settings.model_fields.items()
    named = {name: field.annotation for name, field in fields if name.endswith(SECRETS)}
    assert {"database_url", "kafka_password"} <= set(named)
    assert {name: kind for name, kind in named.items() if kind is not SecretStr} == {}
    assert settings.model_config["hide_input_in_errors"] is True

"""The command that reads once more what was passed by: what it prints when it refuses."""

import pytest
from pydantic import SecretStr

from marktbund import rereading
from marktbund.jsons import loads
from marktbund.settings import ServiceSettings
from marktbund.testing.databases import ServiceDatabase

from .test_health import SETTINGS


@pytest.fixture
def settings(platform: ServiceDatabase) -> ServiceSettings:
    return SETTINGS.model_copy(update={"database_url": SecretStr(platform.app_url)})


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("marktbund.members.MemberMerged.v1", "type_unknown"),
        ("MemberStatusChanged", "type_unknown"),
        ("marktbund.catalog.VersionPublished.v1", "nothing_skipped"),
    ],
)
def test_a_refusal_is_a_line_with_its_code(
    settings: ServiceSettings, capsys: pytest.CaptureFixture[str], kind: str, code: str
):
    assert rereading.carry_out([kind], "members", settings) == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert loads(line)["refused"] == code
    assert loads(line)["title"]


@pytest.mark.parametrize("arguments", [[], ["a", "b"], ["--all"]], ids=" ".join)
def test_a_command_without_its_type_is_not_begun(
    settings: ServiceSettings, capsys: pytest.CaptureFixture[str], arguments: list[str]
):
    with pytest.raises(SystemExit) as ended:
        rereading.carry_out(arguments, "members", settings)
    assert ended.value.code == 2
    assert "members reread" in capsys.readouterr().err

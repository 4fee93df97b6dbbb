"""A service's migrations are one line; two branches with a migration each would leave two ends."""

import pytest
from alembic.script import ScriptDirectory

from marktbund import migrating
from tests.architecture.tree import SERVICES


@pytest.mark.parametrize("folder", SERVICES)
def test_migrations_have_one_end(folder: str):
    heads = ScriptDirectory.from_config(migrating.config(folder)).get_heads()
    assert len(heads) == 1, heads

"""What a running local stack keeps on disk is for its own account: read from the disk."""

import stat
from pathlib import Path

import pytest

from marktbund.testing.engines.accounts import engine_account
from tests.front import Front


@pytest.fixture
async def state(front: Front) -> Path:
    """The stack's directory, with an order, its document and mails in it."""
    await front.ids()
    return front.platform.places.state


@pytest.fixture
def kept(state: Path) -> list[Path]:
    """Every file and directory of the stack."""
    return [state, *state.rglob("*")]


def _open_to_others(state: Path, kept: list[Path]) -> list[str]:
    """Everything that another account may touch, with its mode."""
    return sorted(
        f"{file.relative_to(state)} {stat.S_IMODE(mode):o}"
        for file in kept
        if not stat.S_ISLNK(mode := file.lstat().st_mode) and stat.S_IMODE(mode) & 0o077
    )


def test_nothing_of_a_running_stack_is_open_to_other_accounts(state: Path, kept: list[Path]):
    # PostgreSQL refuses to be root: where root starts it, its account may pass on the way to it.
    way = [] if engine_account() is None else [". 710", "engines 710", "engines/postgres 710"]
    assert _open_to_others(state, kept) == way
    assert {".log", ".json", ".pem"} <= {path.suffix for path in kept}
    documents = [path for path in kept if "blobs" in path.parts and path.is_file()]
    assert documents != []

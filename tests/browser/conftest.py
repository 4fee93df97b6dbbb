from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from acceptance.actors.people import person
from deploy.devstack.front import apply_realm, realm_of
from tests.browser.chromium import FLAGS, chromium
from tests.browser.people import Street
from tests.front import Front

STARTING_SECONDS = 900


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # The first test waits for Keycloak: its build on a new machine, its tables on every run.
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(STARTING_SECONDS))


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield launched
        await launched.close()


@pytest.fixture(scope="module")
async def production(front: Front) -> AsyncIterator[Front]:
    """The realm as compose would have it; a demo's again for whoever comes next."""
    where = front.platform.deployment, front.platform.places
    beginner = person("beginner", "Konto", "beginner") | {"requiredActions": ["UPDATE_PASSWORD"]}
    realm_of(*where).add_people([beginner])
    apply_realm(*where, demo=False)
    yield front
    apply_realm(*where)


@pytest.fixture
async def street(front: Front, browser: Browser) -> AsyncIterator[Street]:
    yield Street(front.site, browser)
    for context in browser.contexts:
        await context.close()

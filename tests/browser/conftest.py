from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

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
async def street(front: Front) -> AsyncIterator[Street]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield Street(front.site, browser)
        await browser.close()

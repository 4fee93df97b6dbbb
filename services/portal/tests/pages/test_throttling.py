"""Nobody signed in: an address may do what an office of people does, and waits beyond that."""

from uuid import UUID

import pytest

from marktbund.quotas import Quotas


@pytest.fixture
async def slow(visitor):
    """A portal with a clock that stands, and two of everything for an address."""
    counts = dict.fromkeys(("sign_ins", "sign_in_steps", "pages"), 2)
    before = visitor.app.state.quotas
    visitor.app.state.quotas = Quotas(counts, now=lambda: 0.0)
    yield visitor
    visitor.app.state.quotas = before


@pytest.mark.parametrize(
    ("path", "status", "seconds"),
    [
        ("/anmeldung", 303, "150"),
        ("/anmeldung/zulassung", 204, "150"),
        ("/anmeldung/rueckkehr?code=x&state=y", 400, "30"),
        ("/", 200, "30"),
        ("/hilfe", 200, "30"),
        ("/barrierefreiheit", 200, "30"),
        ("/abgemeldet", 200, "30"),
    ],
)
async def test_an_address_waits_once_it_has_asked_too_often(slow, path, status, seconds):
    answers = [await slow.browser.get(path) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [status, status, 429]
    assert answers[-1].headers["retry-after"] == seconds
    assert "Zu viele Anfragen" in answers[-1].text
    begun = await slow.connection.exec_driver_sql("SELECT count(*) FROM sign_in")
    assert begun.scalar_one() == (2 if path == "/anmeldung" else 0)


async def test_who_is_signed_in_does_not_wait_for_others_at_the_same_address(slow):
    await slow.person("person-1", ("requester", UUID(int=5)))
    await slow.sign_in("person-1")
    async with slow.another() as stranger:
        answers = [await stranger.get("/hilfe") for _ in range(3)]
    assert answers[-1].status_code == 429
    assert (await slow.browser.get("/hilfe")).status_code == 200

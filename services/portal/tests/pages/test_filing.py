"""The page of a file: what the seal says in plain words, in each of its states."""

import pytest

from services.portal.tests import facts
from services.portal.tests.facts import enter

FILES = "/api/documentation/v1"
SEALED = {
    "order_id": facts.ORDER,
    "chain_id": "c",
    "verdict": "unchanged",
    "state": "unchanged",
    "records": 7,
    "findings": [],
    "audited": 1234,
    "audited_at": "2026-11-26T10:00:00Z",
    "begun_at": "2026-11-25T22:00:00Z",
    "audit_findings": 0,
    "breaks": 0,
}
FINDING = {"code": "payload_mismatch", "seq": 17, "last": None, "sentence": "Inhalt verändert."}


async def shown(visitor, seal) -> str:
    await enter(visitor, "award_office")
    door = f"{FILES}/orders/{facts.ORDER}"
    file = {"order_id": facts.ORDER, "chain_id": "c", "records": [], "next_after": None}
    visitor.shelf.answers["GET", f"{door}/file"] = (200, file)
    if seal is not None:
        visitor.shelf.answers["GET", f"{door}/seal"] = (200, seal)
    page = await visitor.browser.get(f"/akten/{facts.ORDER}")
    assert page.status_code == 200, page.text
    return str(page.text)


async def test_an_unchanged_file_says_what_was_checked_and_when(visitor):
    text = await shown(visitor, SEALED)
    for sentence in (
        "Akte unverändert",
        "die 7 Einträge",
        "Eintrag 1.234",
        "26.11.2026, 11:00 Uhr",
    ):
        assert sentence in text, sentence
    assert "25.11.2026, 23:00 Uhr" in text
    assert "Erklärte Brüche" not in text


async def test_declared_breaks_are_named(visitor):
    assert "Wiederherstellung: 2" in await shown(visitor, SEALED | {"breaks": 2})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"findings": [FINDING]}, "Eintrag 17: Inhalt verändert."),
        ({"audit_findings": 3}, "3 Beanstandungen"),
    ],
)
async def test_an_altered_file_says_where(visitor, changes, words):
    text = await shown(visitor, SEALED | {"state": "altered"} | changes)
    assert "Akte verändert" in text
    assert words in text


async def test_a_file_the_audit_has_not_reached_is_not_called_unchanged(visitor):
    never = {"state": "pending", "audited": None, "audited_at": None, "begun_at": None}
    text = await shown(visitor, SEALED | never)
    assert "Akte noch nicht ganz geprüft" in text
    assert "Akte unverändert" not in text


async def test_without_an_answer_nothing_is_claimed(visitor):
    text = await shown(visitor, None)
    assert "konnte gerade nicht geprüft werden" in text


@pytest.mark.parametrize("path", ["/akten/{order}", "/akten/{order}/export"])
async def test_an_order_without_a_file_is_said_and_nothing_is_handed_out(visitor, path):
    await enter(visitor, "award_office")
    title = "Zu diesem Auftrag gibt es keine Akte"
    door = f"{FILES}/orders/{facts.ORDER}/file"
    visitor.shelf.answers["GET", door] = (404, {"code": "order_file_unknown", "title": title})
    answer = await visitor.browser.get(path.format(order=facts.ORDER))
    assert answer.status_code == 404
    assert f"{title}</h1>" in answer.text
    assert "content-disposition" not in answer.headers
    assert f"{FILES}/member/export" not in {request.url.path for request in visitor.shelf.asked}

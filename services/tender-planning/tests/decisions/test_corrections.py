"""Comparable groups merged and split by reviewers, published for catalog."""

import pytest

from marktbund.ids import new_id
from tender_planning.store.decisions import FEEDS

SOURCE, TARGET = "txt:papier a4||XPK", "mfr:lennepap|8764"
BODY = {"source": SOURCE, "to_group": TARGET, "reason": "Dasselbe ohne Nummer"}


@pytest.fixture
def correct(doors, team):
    async def made(**changed):
        key = {"Idempotency-Key": str(new_id())}
        return await doors.client.post("/corrections", json=BODY | changed, headers=team | key)

    return made


async def states(planning):
    (feed,) = FEEDS
    rows = (await planning.connection.execute(feed.unpublished(10))).all()
    await feed.mark(planning.connection, rows)
    return [feed.to_state(row) for row in rows]


async def test_a_merge_is_published_and_filed(doors, planning, correct):
    answer = await correct()
    assert (answer.status_code, answer.json()["version"]) == (201, 1)
    [state] = await states(planning)
    assert (state.source, state.to_group, state.status) == (SOURCE, TARGET, "active")
    assert state.key == answer.json()["correction_id"]
    assert await doors.announced() == ["GroupCorrected"]


async def test_an_article_is_split_off_into_a_group_of_its_own(correct, planning):
    answer = await correct(source=f"article:{new_id()}", to_group=None)
    assert answer.json()["to_group"].startswith("rev:")
    assert len(await states(planning)) == 1


@pytest.mark.parametrize("field", ["source", "to_group"])
@pytest.mark.parametrize("name", ["rev:\x00x", "rev:a\u202eb", "gtin:", f"txt:{'x' * 250}"])
async def test_a_group_of_what_nobody_can_type_is_refused(doors, correct, field: str, name: str):
    answer = await correct(**{field: name})
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["field"]) == (422, "invalid_input", field)
    assert await doors.announced() == []


async def test_a_second_word_replaces_the_first(correct, planning):
    first = await correct()
    second = await correct(to_group="gtin:04006381333931")
    assert second.json()["correction_id"] == first.json()["correction_id"]
    [state] = await states(planning)
    assert (state.version, state.to_group) == (2, "gtin:04006381333931")


async def test_taken_back_catalogs_rule_decides(doors, team, correct, planning):
    correction_id = (await correct()).json()["correction_id"]
    path = f"/corrections/{correction_id}/withdrawal"
    body = {"reason": "Doch 75 g/m²"}
    assert (await doors.client.post(path, json=body, headers=team)).json()["version"] == 2
    [state] = await states(planning)
    assert (state.status, state.reason) == ("withdrawn", "Doch 75 g/m²")
    again = await doors.client.post(path, json=body, headers=team)
    assert (again.status_code, again.json()["code"]) == (409, "correction_withdrawn")
    assert (await doors.announced())[-1] == "GroupCorrectionWithdrawn"


async def test_no_circle(doors, correct):
    await correct()
    answer = await correct(source=TARGET, to_group=SOURCE)
    assert (answer.status_code, answer.json()["code"]) == (409, "correction_circle")
    itself = await correct(to_group=SOURCE)
    assert itself.json()["code"] == "correction_circle"
    assert await doors.announced() == ["GroupCorrected"]


@pytest.mark.parametrize("source", ["papier", "article:7", "txt:", ""])
async def test_a_source_is_a_group_or_an_article(correct, source):
    answer = await correct(source=source)
    assert (answer.status_code, answer.json()["field"]) == (422, "source")


async def test_the_list_is_paged_by_source(doors, team, correct):
    for number in (1, 2, 3):
        await correct(source=f"txt:{number}")
    page = (await doors.client.get("/corrections?limit=2", headers=team)).json()
    assert [correction["source"] for correction in page] == ["txt:1", "txt:2"]
    rest = (await doors.client.get("/corrections?after=txt:2", headers=team)).json()
    assert [correction["source"] for correction in rest] == ["txt:3"]


async def test_only_the_team_corrects(doors):
    headers = await doors.account(("office", None)) | {"Idempotency-Key": str(new_id())}
    assert (await doors.client.post("/corrections", json=BODY, headers=headers)).status_code == 403

"""Roles as rows: made of the lists there are, and kept by a release that knows the list only."""

from uuid import UUID

import pytest

from marktbund import migrating
from marktbund.testing.databases import ServiceDatabase, ask, make_database
from marktbund.testing.engines.selection import PostgresServer

TOWN = UUID("00000000-0000-7000-8000-00000000000a")
PEOPLE = [UUID(int=number) for number in (1, 2, 3)]
LISTS = [
    f'[{{"role": "requester", "member_id": "{TOWN}"}}, {{"role": "auditor", "member_id": null}}]',
    '[{"role": "office"}, {"role": "operator", "member_id": null}, {"role": "office"}]',
    "[]",
]


@pytest.fixture(scope="module")
def before(postgres: PostgresServer) -> ServiceDatabase:
    """Accounts as the release before kept them, brought up to date."""
    made = make_database(postgres, "members", prefix="lists_", revision="0012")
    add = (
        "INSERT INTO person (person_id, kind, sub, grants, mandates, unit_ids, active, version)"
        " VALUES ($1, 'person', $2, CAST($3 AS jsonb), '[]', '{}', true, 1)"
    )
    for person_id, grants in zip(PEOPLE, LISTS, strict=True):
        ask(made.app_url, add, person_id, str(person_id), grants)
    migrating.upgrade("members", "0013", url=made.owner_url)
    return made


HELD = "SELECT role, member_id FROM held_role WHERE person_id = $1 ORDER BY role"


def test_lists_of_before_become_rows_once_per_role(before: ServiceDatabase):
    assert ask(before.app_url, HELD, PEOPLE[0]) == [("auditor", None), ("requester", TOWN)]
    assert ask(before.app_url, HELD, PEOPLE[1]) == [("office", None), ("operator", None)]
    assert ask(before.app_url, HELD, PEOPLE[2]) == []


def test_the_release_before_writes_lists_and_the_rows_follow(before: ServiceDatabase):
    change = "UPDATE person SET grants = CAST($2 AS jsonb) WHERE person_id = $1"
    ask(before.app_url, change, PEOPLE[2], LISTS[0])
    assert ask(before.app_url, HELD, PEOPLE[2]) == [("auditor", None), ("requester", TOWN)]
    ask(before.app_url, change, PEOPLE[2], "[]")
    assert ask(before.app_url, HELD, PEOPLE[2]) == []
    assert ask(before.app_url, HELD, PEOPLE[0]) == [("auditor", None), ("requester", TOWN)]


def test_a_change_of_something_else_leaves_the_rows_alone(before: ServiceDatabase):
    ask(
        before.app_url,
        "UPDATE person SET active = false, version = 2 WHERE person_id = $1",
        PEOPLE[1],
    )
    assert ask(before.app_url, HELD, PEOPLE[1]) == [("office", None), ("operator", None)]

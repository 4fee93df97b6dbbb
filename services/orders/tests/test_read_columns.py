"""Columns that SQL reads: filled from documents the release before wrote, and writes."""

import json
from uuid import UUID

import asyncpg
import pytest

from marktbund import migrating
from marktbund.testing.databases import ServiceDatabase, ask, make_database
from marktbund.testing.engines.selection import PostgresServer

TOWN, UNIT, RULES = UUID(int=1), UUID(int=2), UUID(int=3)
PLAIN, DESCRIBED = UUID(int=11), UUID(int=12)
ORDER = """
    INSERT INTO spot_order (order_id, member_id, acting_member_id, requester_id, reference, status,
                            version, net_total, created_at, terms)
    VALUES ($1, $2, $2, $2, 'R-17', 'draft', 0, 0, now(), CAST($3 AS jsonb))
"""
WANTED = """
    INSERT INTO wanted_line (order_id, line_no, article_id, quantity, free_text)
    VALUES ($1, 1, $1, 2, CAST($2 AS jsonb))
"""
DECISION = """
    INSERT INTO route_decision (order_id, decision_no, occasion, decided_at, outcome,
                                content_sha256, body)
    VALUES ($1, $2, 'submission', now(), 'direct', repeat('ab', 32), CAST($3 AS jsonb))
"""
AGREEMENT = """
    INSERT INTO agreement (agreement_id, number, title, binding, status, starts_on, ends_on,
                           later_members, entitled, lots, changes, drafted_by, next_due, announced,
                           version)
    VALUES ($1, $2, 'Papier', 'open', 'in_force', '2026-01-01', '2027-12-31', '', '[]', '[]',
            CAST($3 AS jsonb), $1, '2027-12-31', 1, 1)
"""
BODY = {"rule_set_id": str(RULES), "rule_set_version": 4, "inputs": {"contract_kind": "service"}}
CHANGES = {
    20: [],
    21: [{"change_no": 1, "approved_by": None}],
    22: [{"change_no": 1, "approved_by": str(TOWN)}],
    23: [{"change_no": 1, "approved_by": str(TOWN)}, {"change_no": 2}],
}


def keep_order(url: str, order_id: UUID, terms: dict, free_text: dict | None, body: dict) -> None:
    ask(url, ORDER, order_id, TOWN, json.dumps(terms))
    ask(url, WANTED, order_id, None if free_text is None else json.dumps(free_text))
    ask(url, DECISION, order_id, 1, json.dumps(body))


@pytest.fixture(scope="module")
def before(postgres: PostgresServer) -> ServiceDatabase:
    """Rows as the release before kept them, brought up to date."""
    made = make_database(postgres, "orders", prefix="documents_", revision="0017")
    keep_order(made.app_url, PLAIN, {}, None, {"inputs": {}})
    keep_order(made.app_url, DESCRIBED, {"unit_id": str(UNIT)}, {"description": "Rutsche"}, BODY)
    for number, changes in CHANGES.items():
        ask(made.app_url, AGREEMENT, UUID(int=number), f"RV-{number}", json.dumps(changes))
    migrating.upgrade("orders", "0018", url=made.owner_url)
    return made


READ = """
    SELECT o.unit_id, w.description, d.contract_kind, d.rule_set_id, d.rule_set_version
      FROM spot_order AS o JOIN wanted_line AS w USING (order_id)
      JOIN route_decision AS d USING (order_id)
     WHERE o.order_id = $1
"""
FILLED = (UNIT, "Rutsche", "service", RULES, 4)


def test_documents_of_before_fill_their_columns(before: ServiceDatabase):
    assert ask(before.app_url, READ, DESCRIBED) == [FILLED]


def test_what_a_document_does_not_say_is_null(before: ServiceDatabase):
    assert ask(before.app_url, READ, PLAIN) == [(None,) * 5]


def test_the_release_before_writes_documents_and_the_columns_follow(before: ServiceDatabase):
    later = UUID(int=13)
    keep_order(before.app_url, later, {"unit_id": str(UNIT)}, {"description": "Rutsche"}, BODY)
    assert ask(before.app_url, READ, later) == [FILLED]
    change = "UPDATE spot_order SET terms = '{}' WHERE order_id = $1"
    ask(before.app_url, change, later)
    assert ask(before.app_url, READ, later)[0][0] is None


@pytest.mark.parametrize(("number", "waits"), [(20, False), (21, True), (22, False), (23, True)])
def test_a_change_waits_until_somebody_approved_it(
    before: ServiceDatabase, number: int, waits: bool
):
    query = "SELECT change_waits FROM agreement WHERE agreement_id = $1"
    assert ask(before.app_url, query, UUID(int=number)) == [(waits,)]


def test_a_unit_that_is_none_is_refused_where_it_is_written(before: ServiceDatabase):
    with pytest.raises(asyncpg.InvalidTextRepresentationError):
        ask(before.app_url, ORDER, UUID(int=14), TOWN, '{"unit_id": "Bauhof"}')

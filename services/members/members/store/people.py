"""Accounts as rows: roles, what waits for a second person, where a person is reached."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pydantic import TypeAdapter

from marktbund.contracts.members import Grant, PersonState
from marktbund.contracts.notices import OrderNotice
from marktbund.principals import keeping_principal
from marktbund.statements import Clause
from members.domain import Person
from members.domain.requests import GrantRequest

PERSON = TypeAdapter(Person | None)
"""Reads what `asked_person` and `asked_requested` answer."""
GRANTS = TypeAdapter(tuple[Grant, ...])
"""Reads what `asked_granter` answers."""

_PERSON = """
    (SELECT to_jsonb(a) FROM (
        SELECT p.person_id, p.kind, p.sub, p.grants, p.mandates, p.unit_ids, p.active, p.version,
               c.email, coalesce(s.made, false) AS made,
               ARRAY(SELECT jsonb_build_object(
                            'request_id', r.request_id, 'person_id', r.person_id,
                            'grant', jsonb_build_object('role', r.role, 'member_id', r.member_id),
                            'requested_by', r.requested_by, 'state', r.state)
                       FROM grant_request AS r
                      WHERE r.person_id = p.person_id
                        AND (r.state = 'waiting' OR r.request_id = CAST(:request_id AS uuid))
                      ORDER BY r.request_id) AS requests,
               ARRAY(SELECT DISTINCT r.member_id FROM grant_request AS r
                      WHERE r.person_id = p.person_id AND r.state = 'refused'
                        AND r.member_id IS NOT NULL) AS refused_at
          FROM person AS p LEFT JOIN contact AS c USING (person_id)
          LEFT JOIN sign_in AS s USING (person_id)
         WHERE p.person_id = {asked}) AS a)
"""
_REQUESTED = "(SELECT person_id FROM grant_request WHERE request_id = CAST(:request_id AS uuid))"
_GRANTER = """
    coalesce((SELECT grants FROM principal WHERE person_id = :granter_id AND active), '[]')
"""
_OFFICE = """
    ARRAY(SELECT person_id FROM principal
           WHERE active AND kind = 'person' AND grants @> '[{"role": "office"}]' ORDER BY person_id)
"""
_OFFICE_ACCOUNTS = """
    (SELECT count(*) FROM principal WHERE active AND grants @> '[{"role": "office"}]')
"""
_ADD = """
    INSERT INTO person (person_id, kind, sub, grants, mandates, unit_ids, active, version)
    VALUES (:person_id, :kind, :sub, CAST(:grants AS jsonb), CAST(:mandates AS jsonb),
            CAST(:unit_ids AS uuid[]), :active, :version)
"""
_SAVE = """
    UPDATE person SET sub = :sub, grants = CAST(:grants AS jsonb),
                      mandates = CAST(:mandates AS jsonb), active = :active, version = :version
     WHERE person_id = :person_id
"""
_REACH = """
    INSERT INTO contact AS c (person_id, email) VALUES (:person_id, :email)
    ON CONFLICT (person_id) DO UPDATE SET email = excluded.email, version = c.version + 1
"""
_FORGET = "DELETE FROM contact WHERE person_id = :person_id"
_WANT_ALL = "DELETE FROM unwanted_notice WHERE person_id = :person_id"
_WANT_AGAIN = f"{_WANT_ALL} AND kind <> ALL (CAST(:kinds AS text[]))"
_WANT_NOT = """
    INSERT INTO unwanted_notice (person_id, kind)
    SELECT DISTINCT CAST(:person_id AS uuid), kind FROM unnest(CAST(:kinds AS text[])) AS kind
    ON CONFLICT DO NOTHING
"""
_ASK = """
    INSERT INTO grant_request (request_id, person_id, role, member_id, requested_by, requested_at)
    SELECT request_id, CAST(:person_id AS uuid), role, member_id, requested_by, :now
      FROM unnest(CAST(:asked_ids AS uuid[]), CAST(:asked_roles AS text[]),
                  CAST(:asked_members AS uuid[]), CAST(:asked_by AS uuid[]))
           AS a (request_id, role, member_id, requested_by)
"""
_DECIDE = """
    UPDATE grant_request AS r
       SET state = d.state, decided_by = d.decided_by, decided_at = :now, comment = d.comment
      FROM unnest(CAST(:decided_ids AS uuid[]), CAST(:decided_states AS text[]),
                  CAST(:decided_by AS uuid[]), CAST(:decided_comments AS text[]))
           AS d (request_id, state, decided_by, comment)
     WHERE r.request_id = d.request_id
"""


def asked_person(person_id: UUID) -> Clause:
    """The question for an account with what waits for it; None where there is none."""
    values = {"person_id": person_id, "request_id": None}
    return Clause("person", _PERSON.format(asked=":person_id"), values)


def asked_requested(request_id: UUID) -> Clause:
    """The question for the account that a request is about, that request among its own."""
    return Clause("person", _PERSON.format(asked=_REQUESTED), {"request_id": request_id})


def asked_granter(person_id: UUID) -> Clause:
    """The question for the roles of whoever gives some, as of now: none once access ended."""
    return Clause("granter", _GRANTER, {"granter_id": person_id})


def asked_office() -> Clause:
    """The question for the office's people with access."""
    return Clause("office", _OFFICE)


def asked_office_accounts() -> Clause:
    """The question how many accounts with access the office has."""
    return Clause("office_accounts", _OFFICE_ACCOUNTS)


def asked_subject(sub: str | None) -> Clause:
    """The question whether a token subject is somebody's."""
    sql = "EXISTS (SELECT FROM person WHERE sub = CAST(:asked_sub AS text))"
    return Clause("sub_known", sql, {"asked_sub": sub})


def asked_address(email: str | None) -> Clause:
    """The question whose an address is, however it is spelt."""
    sql = "(SELECT person_id FROM contact WHERE lower(email) = lower(CAST(:asked_email AS text)))"
    return Clause("email_owner", sql, {"asked_email": email})


def saving(before: Person | None, person: Person, now: datetime) -> tuple[Clause, ...]:
    """The writes that keep an account, new or changed: its row, the platform's replica of it, its
    requests, its address.
    """
    parts: list[Clause] = []
    if before is None or before.version != person.version:
        parts += _row(person, _ADD if before is None else _SAVE)
    if person.email is None and before is not None and before.email is not None:
        parts.append(Clause("forgotten", _FORGET, {"person_id": person.person_id}))
    if before is not None and before.active and not person.active:
        parts.append(Clause("all_wanted", _WANT_ALL, {"person_id": person.person_id}))
    if person.email is not None and (before is None or before.email != person.email):
        values = {"person_id": person.person_id, "email": person.email}
        parts.append(Clause("reached", _REACH, values))
    return (*parts, *_requests(before, person, now))


def choosing(person_id: UUID, unwanted: Sequence[OrderNotice]) -> tuple[Clause, ...]:
    """The writes that keep what a person does not want as mail, in place of what was kept."""
    values = {"person_id": person_id, "kinds": list(unwanted)}
    return Clause("wanted_again", _WANT_AGAIN, values), Clause("unwanted", _WANT_NOT, values)


def _row(person: Person, sql: str) -> tuple[Clause, ...]:
    state = PersonState.model_validate(person, from_attributes=True)
    replica = keeping_principal(state)
    values = {**replica.values, "unit_ids": list(person.unit_ids)} if sql == _ADD else {}
    return Clause("saved_person", sql, values or replica.values), replica


def _requests(before: Person | None, person: Person, now: datetime) -> list[Clause]:
    known = set(before.requests) if before is not None else set[GrantRequest]()
    waited = {request.request_id for request in known}
    asked = [request for request in person.requests if request.request_id not in waited]
    decided = [request for request in person.requests if request not in known]
    decided = [request for request in decided if request.request_id in waited]
    parts = [_asking(person.person_id, asked, now)] if asked else []
    return [*parts, _deciding(decided, now)] if decided else parts


def _asking(person_id: UUID, asked: Sequence[GrantRequest], now: datetime) -> Clause:
    values = {
        "person_id": person_id,
        "asked_ids": [request.request_id for request in asked],
        "asked_roles": [request.grant.role for request in asked],
        "asked_members": [request.grant.member_id for request in asked],
        "asked_by": [request.requested_by for request in asked],
        "now": now,
    }
    return Clause("asked", _ASK, values)


def _deciding(decided: Sequence[GrantRequest], now: datetime) -> Clause:
    values = {
        "decided_ids": [request.request_id for request in decided],
        "decided_states": [request.state for request in decided],
        "decided_by": [request.decided_by for request in decided],
        "decided_comments": [request.comment for request in decided],
        "now": now,
    }
    return Clause("decided", _DECIDE, values)

"""Rule sets as rows, published as state."""

from typing import Any
from uuid import UUID

from sqlalchemy import Column, Row, Table, Text, Uuid, select
from sqlalchemy.dialects.postgresql import JSONB, insert

from marktbund.contracts.rule_sets import RULE_SET_STATE, ApprovalStep, AwardRule, RuleSetState
from marktbund.errors import NotFound
from marktbund.feeds import StateFeed
from marktbund.unit_of_work import UnitOfWork
from members.domain import RuleSet
from members.store.tables import metadata, versions

rule_set_table = Table(
    "rule_set",
    metadata,
    Column("rule_set_id", Uuid, primary_key=True),
    Column("member_id", Uuid, nullable=False, unique=True),
    Column("status", Text, nullable=False),
    Column("rules", JSONB, nullable=False),
    Column("approval_steps", JSONB, nullable=False),
    *versions(),
)


def _state(row: Row[Any]) -> RuleSetState:
    return RuleSetState(
        version=row.version,
        rule_set_id=row.rule_set_id,
        member_id=row.member_id,
        status=row.status,
        rules=tuple(AwardRule.model_validate(rule) for rule in row.rules),
        approval_steps=tuple(ApprovalStep.model_validate(step) for step in row.approval_steps),
    )


RULE_SET_FEED = StateFeed(rule_set_table, "rule_set_id", RULE_SET_STATE, _state)


async def find_rule_set(uow: UnitOfWork, member_id: UUID) -> RuleSet | None:
    """A member's rule set, locked; None if there never was one."""
    query = select(rule_set_table).where(rule_set_table.c.member_id == member_id)
    row = (await uow.connection.execute(query.with_for_update())).one_or_none()
    if row is None:
        return None
    state = _state(row)
    return RuleSet(
        state.rule_set_id,
        state.member_id,
        state.rules,
        state.approval_steps,
        state.status,
        state.version,
    )


async def load_rule_set(uow: UnitOfWork, member_id: UUID) -> RuleSet:
    """A member's rule set, locked. Raises NotFound (`rule_set_unknown`)."""
    rule_set = await find_rule_set(uow, member_id)
    if rule_set is None:
        raise NotFound("rule_set_unknown", "Dieses Mitglied hat keine Vergaberegeln")
    return rule_set


async def save_rule_set(uow: UnitOfWork, rule_set: RuleSet) -> None:
    """Keep a rule set, new or changed; a row that exists is locked already."""
    row = {
        "rule_set_id": rule_set.rule_set_id,
        "member_id": rule_set.member_id,
        "status": rule_set.status,
        "rules": [rule.model_dump(mode="json") for rule in rule_set.rules],
        "approval_steps": [step.model_dump(mode="json") for step in rule_set.approval_steps],
        "version": rule_set.version,
    }
    statement = insert(rule_set_table).values(row)
    changing = {name: statement.excluded[name] for name in row if name != "rule_set_id"}
    await uow.connection.execute(
        statement.on_conflict_do_update(index_elements=["rule_set_id"], set_=changing)
    )

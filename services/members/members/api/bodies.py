"""HTTP doors of member bodies, their units and rule sets."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse

from marktbund.auth import Official, cooperative_role
from marktbund.contracts.http.members import (
    MemberAnswer,
    PresetAnswer,
    RuleSetAnswer,
    UnitAnswer,
)
from marktbund.http import Reading, Uow
from marktbund.idempotency import Idempotent
from members import handlers, views
from members.api.paging import PageSize, cut
from members.commands import (
    AdoptRules,
    ChangeMemberStatus,
    ChangeUnitAwards,
    RegisterMember,
    RegisterUnit,
    SetContractingAuthority,
)
from members.domain import PRESETS

router = APIRouter()

Office = Annotated[Official, Depends(cooperative_role("office"))]
Informed = Annotated[
    Official, Depends(cooperative_role("office", "procurement", "operator", "auditor"))
]


@router.post("/members", status_code=201, response_model=MemberAnswer)
async def register_member(
    command: RegisterMember, _: Office, once: Idempotent, uow: Uow
) -> JSONResponse:
    async def work() -> MemberAnswer:
        return MemberAnswer.model_validate(await handlers.register_member(command, uow))

    return await once(work)


@router.get("/members")
async def list_members(
    _: Informed,
    reading: Reading,
    response: Response,
    after: UUID | None = None,
    limit: PageSize = 100,
) -> list[MemberAnswer]:
    rows = await views.members(reading, after, limit + 1)
    return cut(response, rows, limit, lambda member: member.member_id)


@router.post("/members/{member_id}/status")
async def change_member_status(
    member_id: UUID, command: ChangeMemberStatus, _: Office, uow: Uow
) -> MemberAnswer:
    changed = await handlers.change_member_status(member_id, command, uow)
    return MemberAnswer.model_validate(changed)


@router.post("/units", status_code=201, response_model=UnitAnswer)
async def register_unit(
    command: RegisterUnit, _: Office, once: Idempotent, uow: Uow
) -> JSONResponse:
    async def work() -> UnitAnswer:
        return UnitAnswer.model_validate(await handlers.register_unit(command, uow))

    return await once(work)


@router.get("/units")
async def list_units(
    _: Informed,
    reading: Reading,
    response: Response,
    after: UUID | None = None,
    limit: PageSize = 100,
) -> list[UnitAnswer]:
    rows = await views.units(reading, after, limit + 1)
    return cut(response, rows, limit, lambda unit: unit.unit_id)


@router.put("/members/{member_id}/contracting-authority")
async def set_contracting_authority(
    member_id: UUID, command: SetContractingAuthority, _: Office, uow: Uow
) -> MemberAnswer:
    changed = await handlers.set_contracting_authority(member_id, command, uow)
    return MemberAnswer.model_validate(changed)


@router.put("/units/{unit_id}/awards")
async def change_unit_awards(
    unit_id: UUID, command: ChangeUnitAwards, _: Office, uow: Uow
) -> UnitAnswer:
    return UnitAnswer.model_validate(await handlers.change_unit_awards(unit_id, command, uow))


@router.get("/rule-set-presets")
async def list_presets(_: Informed) -> list[PresetAnswer]:
    return [PresetAnswer(name=name, rules=rules) for name, rules in PRESETS.items()]


@router.get("/members/{member_id}/rule-set")
async def show_rule_set(member_id: UUID, _: Informed, reading: Reading) -> RuleSetAnswer:
    return await views.rule_set(reading, member_id)


@router.put("/members/{member_id}/rule-set")
async def adopt_rules(
    member_id: UUID, command: AdoptRules, office: Office, uow: Uow
) -> RuleSetAnswer:
    adopted = await handlers.adopt_rules(member_id, command, office.person_id, uow)
    return RuleSetAnswer.model_validate(adopted)


@router.post("/members/{member_id}/rule-set/withdrawal")
async def withdraw_rules(member_id: UUID, office: Office, uow: Uow) -> RuleSetAnswer:
    withdrawn = await handlers.withdraw_rules(member_id, office.person_id, uow)
    return RuleSetAnswer.model_validate(withdrawn)

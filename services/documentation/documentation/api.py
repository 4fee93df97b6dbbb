"""HTTP doors of the file: questions only, nothing here changes a record."""

import inspect
from typing import Annotated
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response, StreamingResponse

from documentation.domain import verifier
from documentation.views import anchors, checkpoints, exports, files, seals, signing, verification
from documentation.views.files import PageSize
from marktbund.auth import (
    Actor,
    AnyAccount,
    MemberId,
    Official,
    cooperative_role,
    member_role,
    within,
)
from marktbund.contracts.http import NextLink
from marktbund.contracts.http.documentation import (
    ChainAnswer,
    CheckpointAnswer,
    CheckpointDocumentAnswer,
    OrderFileAnswer,
    SealAnswer,
    SigningAnswer,
    VerificationAnswer,
)
from marktbund.days import Day
from marktbund.errors import NotFound
from marktbund.http import Reading, Today
from marktbund.texts import OneLine
from marktbund.unit_of_work import Database

router = APIRouter()

_official = cooperative_role("auditor", "office", "operator")
_actor = member_role("auditor", "award_office")
_reader = member_role("requester", "approver", "award_office", "auditor")


Overseer = Annotated[Official, Depends(_official)]
MemberAuditor = Annotated[Actor, Depends(_actor)]
# Both read a whole chain.
_VERIFIED = Depends(within("verifications", alone="Eine Prüfung"))
_EXPORTED = Depends(within("exports", alone="Ein Export"))
Number = Annotated[int, Path(ge=1, lt=2**53)]
AtCheckpoint = Annotated[int | None, Query(ge=1, lt=2**53)]
After = Annotated[int, Query(ge=0, lt=2**53)]


async def _tenant(
    account: AnyAccount,
    today: Today,
    member: MemberId = None,
    on_behalf_of: MemberId = None,
) -> UUID | None:
    """With the header `Member`, auditors of that member; without, those of the cooperative."""
    if member is None:
        await _official(account)
        return None
    return (await _actor(account, member, on_behalf_of, today=today)).member_id


Tenant = Annotated[UUID | None, Depends(_tenant)]


async def _order_reader(
    account: AnyAccount,
    today: Today,
    member: MemberId = None,
    on_behalf_of: MemberId = None,
) -> UUID | None:
    """As for chains, but whoever may see a member's orders may see what became of them."""
    if member is None:
        await _official(account)
        return None
    return (await _reader(account, member, on_behalf_of, today=today)).member_id


OrderTenant = Annotated[UUID | None, Depends(_order_reader)]


async def _readable_chain(
    tenant: Tenant, chain_id: Annotated[str, OneLine(64, min_length=1), Path()]
) -> str:
    if tenant is not None and chain_id != str(tenant):
        raise NotFound("chain_unknown", "Diese Akte gibt es nicht")
    return chain_id


async def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


async def _public_key(request: Request) -> Ed25519PublicKey:
    key: Ed25519PublicKey = request.app.state.public_key
    return key


ReadableChain = Annotated[str, Depends(_readable_chain)]
Data = Annotated[Database, Depends(_database)]
Key = Annotated[Ed25519PublicKey, Depends(_public_key)]


@router.get("/chains")
async def list_chains(
    _: Overseer,
    reading: Reading,
    response: Response,
    after: Annotated[str, OneLine(64), Query()] = "",
    limit: PageSize = 100,
) -> list[ChainAnswer]:
    page = await files.all_chains(reading, after, limit + 1)
    if len(page) > limit:
        _name_next(response, page[limit - 1].chain_id, limit)
    return page[:limit]


def _name_next(response: Response, after: str | int, limit: int) -> None:
    # A list that ends at its limit is not the whole: RFC 8288 says where it goes on.
    response.headers["Link"] = NextLink(after=str(after), limit=limit).header


@router.get("/chains/{chain_id}/verification", dependencies=[_VERIFIED])
async def verify_chain(chain_id: ReadableChain, data: Data, key: Key) -> VerificationAnswer:
    return await verification.one_chain(data, key, chain_id)


@router.get("/chains/{chain_id}/export", response_class=StreamingResponse, dependencies=[_EXPORTED])
async def export_chain(
    chain_id: ReadableChain, data: Data, key: Key, checkpoint: AtCheckpoint = None
) -> StreamingResponse:
    return await _export(data, key, chain_id, checkpoint)


@router.get("/member/verification", dependencies=[_VERIFIED])
async def verify_member(actor: MemberAuditor, data: Data, key: Key) -> VerificationAnswer:
    return await verification.one_chain(data, key, str(actor.member_id))


@router.get("/member/export", response_class=StreamingResponse, dependencies=[_EXPORTED])
async def export_member(
    actor: MemberAuditor, data: Data, key: Key, checkpoint: AtCheckpoint = None
) -> StreamingResponse:
    return await _export(data, key, str(actor.member_id), checkpoint)


async def _export(
    data: Database, key: Ed25519PublicKey, chain: str, checkpoint: int | None
) -> StreamingResponse:
    export = await exports.prepared(data, key, chain, checkpoint)
    return StreamingResponse(
        exports.stream(data, export),
        media_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="akte-{export.number}.json"'},
    )


@router.get("/orders/{order_id}/file")
async def order_file(
    tenant: OrderTenant, order_id: UUID, reading: Reading, after: After = 0, limit: PageSize = 500
) -> OrderFileAnswer:
    return await files.order_file(reading, order_id, tenant, after, limit)


@router.get("/orders/{order_id}/seal")
async def order_seal(tenant: OrderTenant, order_id: UUID, data: Data, key: Key) -> SealAnswer:
    return await seals.of_order(data, key, order_id, tenant)


@router.get("/checkpoints")
async def list_checkpoints(
    _: AnyAccount,
    reading: Reading,
    response: Response,
    after: After = 0,
    limit: PageSize = 100,
) -> list[CheckpointAnswer]:
    page = await checkpoints.following(reading, after, limit + 1)
    if len(page) > limit:
        _name_next(response, page[limit - 1].document.number, limit)
    return page[:limit]


@router.get("/checkpoints/latest")
async def latest_checkpoint(_: AnyAccount, reading: Reading, key: Key) -> CheckpointDocumentAnswer:
    return await checkpoints.checkpoint_document(reading, None, key)


@router.get("/checkpoints/{number}")
async def one_checkpoint(
    _: AnyAccount, number: Number, reading: Reading, key: Key
) -> CheckpointDocumentAnswer:
    return await checkpoints.checkpoint_document(reading, number, key)


@router.get("/signing")
async def signing_standing(_: AnyAccount, reading: Reading) -> SigningAnswer:
    return await signing.standing(reading)


@router.get("/anchors/{day}", response_class=Response)
async def anchor_of_day(_: AnyAccount, day: Day, reading: Reading) -> Response:
    return Response(await anchors.document(reading, day), media_type="application/json")


@router.get("/anchors/{day}/time-stamp", response_class=Response)
async def time_stamp_of_day(_: AnyAccount, day: Day, reading: Reading) -> Response:
    answer = await anchors.time_stamp(reading, day)
    return Response(answer, media_type="application/timestamp-reply")


@router.get("/public-key", response_class=Response)
async def public_key(_: AnyAccount, key: Key) -> Response:
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return Response(pem, media_type="application/x-pem-file")


@router.get("/verifier", response_class=Response)
async def stand_alone_verifier(_: AnyAccount) -> Response:
    return Response(
        inspect.getsource(verifier),
        media_type="text/x-python",
        headers={"Content-Disposition": 'attachment; filename="marktbund_verify.py"'},
    )

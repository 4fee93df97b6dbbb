"""Doors to channels: the office sets them, looks at what they did and has documents sent again."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from marktbund import clock
from marktbund.auth import Official, cooperative_role
from marktbund.contracts.http.supplier_gateway import (
    ChannelAnswer,
    ChannelSetAnswer,
    DeliveryAnswer,
    DeliveryLogAnswer,
    ReplayCountAnswer,
)
from marktbund.errors import Conflict
from marktbund.http import Reading, Uow
from supplier_gateway import handlers
from supplier_gateway.api.register import Informed, Office
from supplier_gateway.api.selling import Selling
from supplier_gateway.commands import RegisterChannel
from supplier_gateway.gateways.vault import Vault
from supplier_gateway.views import channels as views
from supplier_gateway.views.channels import TroublePage

REPLAYS_AT_ONCE = 500
router = APIRouter()

Replaying = Annotated[Official, Depends(cooperative_role("office", "operator"))]


async def _vault(request: Request, _: Office) -> Vault:
    vault: Vault | None = getattr(request.app.state, "vault", None)
    if vault is None:
        raise Conflict(
            "channels_not_set_up",
            "Webhook-Kanäle sind hier nicht eingerichtet",
            way_out="Der Betrieb muss einen Schlüssel für ihre Geheimnisse hinterlegen.",
        )
    return vault


Sealing = Annotated[Vault, Depends(_vault)]


@router.get("/suppliers/{supplier_id}/channel")
async def show_channel(supplier_id: UUID, _: Informed, reading: Reading) -> ChannelAnswer:
    return await views.channel(reading, supplier_id, clock.now())


@router.put("/suppliers/{supplier_id}/channel")
async def register_channel(
    supplier_id: UUID, command: RegisterChannel, vault: Sealing, request: Request, uow: Uow
) -> ChannelSetAnswer:
    channel, secret = await handlers.register_channel(
        supplier_id, command, vault, uow, private_allowed=request.app.state.private_targets
    )
    return ChannelSetAnswer(url=channel.url, secret=secret.text if secret else None)


@router.post("/suppliers/{supplier_id}/channel/rotation")
async def rotate_secret(supplier_id: UUID, vault: Sealing, uow: Uow) -> ChannelSetAnswer:
    channel, secret = await handlers.rotate_secret(supplier_id, vault, uow)
    return ChannelSetAnswer(url=channel.url, secret=secret.text)


@router.delete("/suppliers/{supplier_id}/channel", status_code=204)
async def remove_channel(supplier_id: UUID, _: Office, uow: Uow) -> None:
    await handlers.remove_channel(supplier_id, uow)


@router.get("/suppliers/{supplier_id}/abandoned-deliveries")
async def list_abandoned(
    supplier_id: UUID,
    _: Informed,
    reading: Reading,
    after: UUID | None = None,
    limit: TroublePage = 100,
) -> list[DeliveryAnswer]:
    return await views.abandoned(reading, supplier_id, after, limit)


@router.post("/suppliers/{supplier_id}/replays")
async def replay_of_supplier(
    supplier_id: UUID,
    by: Replaying,
    uow: Uow,
    limit: Annotated[int, Query(ge=1, le=REPLAYS_AT_ONCE)] = REPLAYS_AT_ONCE,
) -> ReplayCountAnswer:
    count = await handlers.replay_of_supplier(supplier_id, by.person_id, limit, uow)
    return ReplayCountAnswer(replayed=count)


@router.post("/deliveries/{delivery_id}/replay")
async def replay_delivery(delivery_id: UUID, by: Replaying, uow: Uow) -> ReplayCountAnswer:
    await handlers.replay_delivery(delivery_id, by.person_id, uow)
    return ReplayCountAnswer(replayed=1)


@router.get("/delivery-log/{supplier_order_id}")
async def show_delivery_log(
    supplier_order_id: UUID, _: Informed, reading: Reading
) -> list[DeliveryLogAnswer]:
    return await views.delivery_log(reading, supplier_order_id)


@router.get("/channel")
async def show_own_channel(seller: Selling, reading: Reading) -> ChannelAnswer:
    return await views.channel(reading, seller.supplier_id, clock.now())


@router.get("/supplier-orders/{supplier_order_id}/delivery-log")
async def show_own_delivery_log(
    supplier_order_id: UUID, seller: Selling, reading: Reading
) -> list[DeliveryLogAnswer]:
    return await views.delivery_log(reading, supplier_order_id, seller.supplier_id)

"""What services know of, in net EUR: the figures that the drill compares."""

from decimal import Decimal

from tests.running import Platform


async def figures(platform: Platform) -> dict[str, Decimal]:
    """What the services know of, net EUR."""
    sums = {
        "orders": "sum(net_total) FROM spot_order",
        "supplier-gateway": "sum(net_total) FROM supplier_order",
        "tender-planning": "sum(ordered_net) FROM demand",
    }
    return {service: await _sum(platform, service, what) for service, what in sums.items()}


async def _sum(platform: Platform, service: str, what: str) -> Decimal:
    return Decimal((await platform.rows(service, f"SELECT {what}"))[0][0] or 0)

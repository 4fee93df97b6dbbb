"""Puts supplier-gateway together. `python -m supplier_gateway.main` serves."""

from dataclasses import replace

from marktbund.ahead import counted
from marktbund.composition import Service, run
from marktbund.contracts.members import PERSON_STATE
from marktbund.contracts.supplier_gateway import DELIVERY_EVENTS, RESPONSE_EVENTS, SUPPLIER_EVENTS
from marktbund.rebuilding import ReadModels
from supplier_gateway import api, consumers, jobs, store
from supplier_gateway.gateways.vault import Vault
from supplier_gateway.settings import Settings
from supplier_gateway.views import standing

SERVICE = Service(
    name="supplier-gateway",
    title="Lieferanten",
    routers=[api.router],
    hearing=consumers.hearing(),
    takes_over=consumers.TAKES_BACK,
    read_models=ReadModels((PERSON_STATE,), ("principal",)),
    feeds=store.FEEDS,
    owns=(
        counted(SUPPLIER_EVENTS, "supplier", "supplier_id"),
        counted(DELIVERY_EVENTS, "supplier_order", "supplier_order_id", "delivery_version"),
        counted(RESPONSE_EVENTS, "supplier_order", "supplier_order_id", "response_version"),
    ),
    gauges=standing.gauges,
    state={"vault": None, "private_targets": False},
)


class PrivateTargetsError(Exception):
    """A production deployment was told to call addresses of its own network."""


def composed(settings: Settings) -> Service:
    """The service with its channels. Raises PrivateTargetsError, and ValueError for a bad key."""
    if settings.private_targets and not settings.driven_clock:
        raise PrivateTargetsError("MARKTBUND_PRIVATE_TARGETS is for demo and test only")
    if settings.channel_key_file is None:
        return SERVICE
    vault = Vault.from_file(settings.channel_key_file)
    pushing = jobs.pushing_with(
        vault, demo=settings.driven_clock, private_allowed=settings.private_targets
    )
    state = {"vault": vault, "private_targets": settings.private_targets}
    return replace(SERVICE, jobs=pushing, state=state)


if __name__ == "__main__":
    settings = Settings()
    run(composed(settings), settings)

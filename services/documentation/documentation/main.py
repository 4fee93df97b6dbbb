"""Puts documentation together. `python -m documentation.main` serves, `... verify` checks every
chain and checkpoint, prints JSON lines and ends with 1 when something was altered, 3 when there
are declared breaks alone; `... rebuild` holds the file against the log and replaces nothing;
`... dispose` deletes contents under records that say so (with the disposal role's URL in
MARKTBUND_DISPOSAL_DATABASE_URL); `... announce` sends the last checkpoint again to a lost log.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from cryptography.x509 import load_pem_x509_certificates

from documentation import api, consumers, handlers, jobs
from documentation.domain.anchors import Channel
from documentation.gateways.file_drop import FileDrop
from documentation.gateways.time_stamps import TimeStamps
from documentation.jobs.anchoring import Carrier
from documentation.settings import Settings
from documentation.store import anchors, checkpoints
from documentation.views import standing
from marktbund.ahead import Owned
from marktbund.composition import Service, run
from marktbund.contracts.documentation import (
    CHECKPOINT_EVENTS,
    DOCUMENTATION_NOTICES,
    CheckpointAnchored,
    CheckpointSigned,
)
from marktbund.rebuilding import ReadModels
from marktbund.rebuilding.commands import owners_generation
from marktbund.unit_of_work import Database, UnitOfWork, create_engine


class KeyMissingError(Exception):
    """The process was not given the key its role needs; it must not start without."""


DISPOSAL_URL = "MARKTBUND_DISPOSAL_DATABASE_URL"


class StampSettingsError(Exception):
    """A time stamp authority is named without the roots its certificates lead to."""


async def _declare_without_key(_: UnitOfWork) -> None:
    raise KeyMissingError("reconcile needs MARKTBUND_SIGNING_KEY_FILE: a break is declared signed")


SERVICE = Service(
    name="documentation",
    title="Dokumentation",
    routers=[api.router],
    hearing=consumers.hearing(),
    owns=(
        Owned(CHECKPOINT_EVENTS, checkpoints.NUMBER_OF_LEDGER),
        Owned(DOCUMENTATION_NOTICES, anchors.VERSION_OF_LEDGER),
    ),
    takes_over={
        CheckpointSigned: handlers.take_back_checkpoint,
        CheckpointAnchored: handlers.take_back_anchor,
    },
    restored=_declare_without_key,
    gauges=standing.gauges,
)


def composed(settings: Settings) -> Service:
    """The service with its keys. Raises KeyMissingError, for a worker without a private key too."""
    if settings.role == "api":
        return replace(SERVICE, state={"public_key": public_key(settings)})
    key = _private_key(settings)
    return replace(
        SERVICE,
        state={"public_key": key.public_key()},
        restored=partial(handlers.declare_restoration, key),
        jobs=jobs.working_with(
            key,
            settings.kafka_access,
            _channels(settings),
            consumers.HEARD,
            prefix=settings.prefix,
            demo=settings.driven_clock,
        ),
    )


def _channels(settings: Settings) -> dict[Channel, Carrier]:
    """By which anchors go outside. Raises StampSettingsError without the authority's roots."""
    channels: dict[Channel, Carrier] = {}
    if settings.anchor_folder is not None:
        channels["file"] = FileDrop(settings.anchor_folder)
    if settings.stamp_url:
        if settings.stamp_ca_file is None:
            raise StampSettingsError("MARKTBUND_STAMP_URL needs MARKTBUND_STAMP_CA_FILE")
        roots = load_pem_x509_certificates(settings.stamp_ca_file.read_bytes())
        channels["stamp"] = TimeStamps(settings.stamp_url, roots)
    return channels


def public_key(settings: Settings) -> Ed25519PublicKey:
    """The key that checkpoints are held against. Raises KeyMissingError."""
    if settings.public_key_file is None:
        return _private_key(settings).public_key()
    key = load_pem_public_key(settings.public_key_file.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise KeyMissingError("MARKTBUND_PUBLIC_KEY_FILE holds no Ed25519 public key")
    return key


def _private_key(settings: Settings) -> Ed25519PrivateKey:
    if settings.signing_key_file is None:
        raise KeyMissingError("MARKTBUND_SIGNING_KEY_FILE is not set")
    key = load_pem_private_key(settings.signing_key_file.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyMissingError("MARKTBUND_SIGNING_KEY_FILE holds no Ed25519 private key")
    return key


async def _verify(settings: Settings) -> int:
    engine = create_engine(settings.database_url, application="documentation-verify")
    try:
        database = Database(engine, SERVICE.name)
        return await jobs.verify(database, public_key(settings), sys.stdout)
    finally:
        await engine.dispose()


async def _announce(settings: Settings, arguments: Sequence[str]) -> bool:
    parser = argparse.ArgumentParser(prog="documentation announce")
    parser.add_argument("--by", type=UUID, required=True, help="your person_id")
    parser.add_argument("--reason", required=True, help="why the log does not hold it")
    options = parser.parse_args(arguments)
    engine = create_engine(settings.database_url, application="documentation-announce")
    try:
        database, key = Database(engine, SERVICE.name), public_key(settings)
        return await jobs.announce(database, key, options.by, options.reason, sys.stdout)
    finally:
        await engine.dispose()


async def _dispose(settings: Settings, arguments: Sequence[str]) -> bool:
    command = jobs.read_disposal(arguments)
    urls = (settings.database_url.get_secret_value(), os.environ[DISPOSAL_URL])
    engines = [create_engine(url, application="documentation-dispose") for url in urls]
    try:
        database, disposal = (Database(engine, SERVICE.name) for engine in engines)
        demo = settings.driven_clock
        return await jobs.dispose(database, disposal, command, sys.stdout, demo=demo)
    finally:
        for engine in engines:
            await engine.dispose()


async def _compare(settings: Settings) -> bool:
    hearing = consumers.hearing()
    models = ReadModels(tuple(hearing.handlers), ())
    generation = owners_generation(SERVICE.name, hearing, models, settings)
    try:
        return await jobs.compare(generation, sys.stdout)
    finally:
        await generation.shadow.engine.dispose()


if __name__ == "__main__":
    settings = Settings()
    if sys.argv[1:2] == ["rebuild"]:
        sys.exit(0 if asyncio.run(_compare(settings)) else 1)
    if sys.argv[1:2] == ["verify"]:
        sys.exit(asyncio.run(_verify(settings)))
    if sys.argv[1:2] == ["dispose"]:
        sys.exit(0 if asyncio.run(_dispose(settings, sys.argv[2:])) else 1)
    if sys.argv[1:2] == ["announce"]:
        sys.exit(0 if asyncio.run(_announce(settings, sys.argv[2:])) else 1)
    run(composed(settings), settings)

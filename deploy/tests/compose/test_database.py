"""Compose's way to PostgreSQL: a service comes in inside TLS, to the right name, and no other way.

The wheel's PostgreSQL has no TLS: here a gate stands before it that speaks TLS with the certificate
that `prepare` makes.
"""

import asyncio
import ssl
import struct
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text

from deploy.compose.authority import certificate
from marktbund.postgres_access import PostgresServer
from marktbund.testing.engines import postgres
from marktbund.testing.engines.ports import choose_free
from marktbund.unit_of_work import create_engine

_WANTS_TLS = struct.pack("!ii", 8, 80877103)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A server outside TLS."""
    directory = tmp_path_factory.mktemp("database") / "postgres"
    cluster = postgres.prepare(directory, choose_free(set()))
    postgres.start(cluster)
    try:
        yield PostgresServer("localhost", cluster.port, postgres.SUPERUSER, cluster.password)
    finally:
        postgres.stop(cluster, immediate=True)
        postgres.remove(directory)


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The server's key and certificate; clients have the environment of compose's services."""
    own, trusted = certificate(tmp_path, "postgres", "localhost")
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    monkeypatch.setenv("PGSSLROOTCERT", str(trusted))
    return own


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def _gate(server: PostgresServer, own: Path | None) -> AsyncIterator[PostgresServer]:
    """TLS before a server; without a certificate, one that has none to offer."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    if own is not None:
        context.load_cert_chain(own)

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readexactly(8) == _WANTS_TLS
        writer.write(b"N" if own is None else b"S")
        with suppress(OSError):
            if own is not None:
                await writer.start_tls(context)
            inner, out = await asyncio.open_connection("127.0.0.1", server.port)
            await asyncio.gather(_pump(reader, out), _pump(inner, writer))

    gate = await asyncio.start_server(pass_on, "127.0.0.1", 0)
    async with gate:
        yield replace(server, port=gate.sockets[0].getsockname()[1])


async def test_a_service_comes_in_inside_tls(plain: PostgresServer, own: Path):
    async with _gate(plain, own) as server:
        engine = create_engine(server.url(driver="postgresql+asyncpg"), application="trial")
        async with engine.connect() as connection:
            assert await connection.scalar(text("SELECT 7")) == 7
        await engine.dispose()


@pytest.mark.usefixtures("own")
async def test_a_server_without_tls_is_not_spoken_to(plain: PostgresServer):
    async with _gate(plain, None) as server:
        with pytest.raises(ConnectionError, match="rejected SSL upgrade"):
            await asyncpg.connect(server.url())


async def test_a_server_under_another_name_is_not_trusted(plain: PostgresServer, own: Path):
    async with _gate(plain, own) as server:
        with pytest.raises(ssl.SSLCertVerificationError, match="IP address mismatch"):
            await asyncpg.connect(replace(server, host="127.0.0.1").url())


async def test_a_server_with_another_certificate_is_not_trusted(plain: PostgresServer, own: Path):
    other, _ = certificate(own.parent, "other", "localhost")
    async with _gate(plain, other) as server:
        with pytest.raises(ssl.SSLCertVerificationError):
            await asyncpg.connect(server.url())

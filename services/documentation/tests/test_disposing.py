"""A content goes only under a signed record that says who, why and by which law."""

import json
from io import StringIO
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from documentation import jobs
from documentation.commands import DisposeContents
from documentation.domain.verifier import DISPOSED
from marktbund.ids import new_id
from marktbund.unit_of_work import Database

BY = new_id()


class Desk:
    """Who disposes: the command as the operator gives it, beside a worker that seals and signs."""

    def __init__(self, ledger: Any, chain: str) -> None:
        self.ledger = ledger
        self.chain = chain
        server = ledger.made.app_url.rpartition("@")[2]
        url = f"postgresql+asyncpg://ledger_documentation_disposal:test@{server}"
        self.disposal = Database(create_async_engine(url), "documentation")

    async def dispose(self, *numbers: int, chain: str = "") -> list[dict[str, Any]]:
        """Carry the command out without waiting; what it printed."""
        command = DisposeContents(
            chain=chain or self.chain,
            numbers=numbers,
            by=BY,
            reason="Widerspruch der betroffenen Person",
            law="Art. 17 Abs. 1 DSGVO",
        )
        return await self._carried_out(command)

    async def finish(self) -> list[dict[str, Any]]:
        return await self._carried_out(None)

    async def _carried_out(self, command: DisposeContents | None) -> list[dict[str, Any]]:
        out = StringIO()
        await jobs.dispose(self.ledger.database, self.disposal, command, out, patience=0)
        return [json.loads(line) for line in out.getvalue().splitlines()]

    async def kept(self) -> list[int]:
        rows = await self.ledger.ask(
            "SELECT seq FROM payload WHERE chain_id = :chain ORDER BY seq", chain=self.chain
        )
        return [row.seq for row in rows]


@pytest.fixture
async def desk(ledger: Any, build: Any) -> Any:
    town = new_id()
    await ledger.ingest(build.orders(town, 6))
    await ledger.settle()
    made = Desk(ledger, str(town))
    yield made
    await made.disposal.engine.dispose()


async def test_a_content_goes_once_its_record_is_signed(desk: Desk):
    assert await desk.dispose(2, 5) == [
        {"filed": 2, "by": str(BY)},
        {"disposed": 0, "waiting": 2},
    ]
    assert await desk.kept() == [1, 2, 3, 4, 5, 6]
    await desk.ledger.sealer(desk.ledger.database)
    assert await desk.finish() == [{"disposed": 0, "waiting": 2}]
    await desk.ledger.settle_later()
    assert await desk.finish() == [{"disposed": 2, "waiting": 0}]
    assert await desk.kept() == [1, 3, 4, 6, 7, 8]
    assert await desk.finish() == [{"disposed": 0, "waiting": 0}]


async def test_the_record_says_who_why_and_by_which_law(desk: Desk):
    await desk.dispose(2)
    await desk.ledger.settle_later()
    await desk.finish()
    (row,) = await desk.ledger.ask(
        "SELECT r.seq, r.type, r.key, r.aggregate_version, p.payload, d.event_id, d.leaf"
        " FROM record AS r JOIN payload AS p USING (chain_id, seq)"
        " JOIN record AS d ON d.chain_id = r.chain_id AND d.seq = 2 WHERE r.seq = 7"
    )
    assert (row.type, row.aggregate_version, row.key) == (DISPOSED, 2, str(row.event_id))
    assert json.loads(row.payload) == {
        "chain": desk.chain,
        "seq": 2,
        "event_id": str(row.event_id),
        "type": "marktbund.orders.OrderCancelled.v1",
        "leaf": row.leaf.hex(),
        "disposed_by": str(BY),
        "reason": "Widerspruch der betroffenen Person",
        "law": "Art. 17 Abs. 1 DSGVO",
    }


async def test_what_was_disposed_by_record_is_no_finding_anywhere(desk: Desk):
    await desk.dispose(2, 5)
    await desk.ledger.settle_later()
    await desk.finish()
    answer = await desk.ledger.verify(desk.chain)
    assert (answer.unchanged, answer.disposed, answer.findings) == (True, 2, [])
    printed = await desk.ledger.stand_alone(desk.chain)
    assert "Inhalt gelöscht: 2" in printed
    assert "Ergebnis: Akte unverändert bis Datensatz 8" in printed
    await jobs.Auditor(desk.ledger.key.public_key())(desk.ledger.database)
    assert [row.findings for row in await desk.ledger.ask("SELECT findings FROM chain_audit")] == [
        0
    ]


async def test_a_content_gone_without_a_record_is_named_and_nothing_more_is_signed(
    desk: Desk, build: Any
):
    ledger = desk.ledger
    await ledger.as_owner(f"DELETE FROM payload WHERE chain_id = '{desk.chain}' AND seq IN (2, 5)")
    assert await ledger.findings(desk.chain) == [("content_missing", 2), ("content_missing", 5)]
    printed = await ledger.stand_alone(desk.chain)
    assert "[content_missing] Datensatz 2" in printed
    assert "[content_missing] Datensatz 5" in printed
    assert await jobs.verify(ledger.database, ledger.key.public_key(), StringIO()) == 1
    await ledger.ingest(build.persons(1))
    await ledger.settle_later()
    assert await ledger.signing() == ("refused", "content_missing")
    assert len(await ledger.ask("SELECT number FROM checkpoint")) == 1


async def test_a_record_about_another_content_excuses_nothing(desk: Desk):
    await desk.dispose(2)
    await desk.ledger.settle_later()
    await desk.finish()
    await desk.ledger.as_owner("DELETE FROM payload WHERE seq = 3")
    assert await desk.ledger.findings(desk.chain) == [("content_missing", 3)]
    assert "[content_missing] Datensatz 3" in await desk.ledger.stand_alone(desk.chain)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM payload",
        "SELECT payload FROM payload",
        "TRUNCATE payload",
        "INSERT INTO unsealed DEFAULT VALUES",
        "UPDATE record SET type = 'other'",
    ],
)
async def test_the_disposal_role_does_nothing_but_carry_out_what_is_signed(
    desk: Desk, statement: str
):
    with pytest.raises(DBAPIError, match="permission denied"):
        await desk.ledger.dispose("ledger_documentation_disposal", statement)
    assert await desk.kept() == [1, 2, 3, 4, 5, 6]


async def test_the_app_role_cannot_carry_it_out(desk: Desk):
    with pytest.raises(DBAPIError, match="permission denied"):
        await desk.ledger.ask("SELECT dispose_filed()")


async def test_what_may_not_go_or_is_not_there_is_refused_and_nothing_is_filed(desk: Desk):
    await desk.dispose(2)
    await desk.ledger.settle_later()
    await desk.finish()
    for numbers, code in (
        ((99,), "record_unknown"),
        ((1, 2), "already_disposed"),
        ((7,), "record_not_disposable"),
    ):
        (printed,) = await desk.dispose(*numbers)
        assert printed["refused"] == code
    (printed,) = await desk.dispose(1, chain=str(new_id()))
    assert printed["refused"] == "record_unknown"
    assert await desk.ledger.ask("SELECT seq FROM unsealed") == []


async def test_what_is_filed_and_not_signed_yet_is_not_filed_again(desk: Desk):
    await desk.dispose(2)
    (printed,) = await desk.dispose(2)
    assert printed["refused"] == "already_disposed"
    assert len(await desk.ledger.ask("SELECT seq FROM unsealed")) == 1


def test_the_command_line_is_read_by_its_types(capsys: pytest.CaptureFixture[str]):
    given = ["--chain", "c", "--records", "4,7-9", "--by", str(BY), "--reason", "r", "--law", "l"]
    command = jobs.read_disposal(given)
    assert command is not None
    assert command.numbers == (4, 7, 8, 9)
    assert jobs.read_disposal(["--finish"]) is None
    for wrong in (
        [*given[:-1], "\u202e"],
        given[2:],
        [*given[:3], "0", *given[4:]],
        [*given[:3], "x", *given[4:]],
    ):
        with pytest.raises(SystemExit) as ended:
            jobs.read_disposal(wrong)
        assert ended.value.code == 2
    assert "missing or wrong: law" in capsys.readouterr().err

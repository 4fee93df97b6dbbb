"""A file under attack: what somebody with every right but the key does, and who notices."""

from dataclasses import dataclass
from pathlib import Path

from documentation import jobs
from documentation.domain.records import empty_head, leaf_hash, link_hash, meta_hash
from documentation.store import pages
from documentation.views import standing
from marktbund import clock

from .ledger import Ledger, person_events

ROUNDS, CUT, OLDER, CHANGED = 30, 25, 20, 20
"""Checkpoints; of these the last that are cut; the one kept outside; the record changed."""


@dataclass
class File:
    """2,000 records under 30 published checkpoints; `outside`: one that an auditor kept."""

    ledger: Ledger
    chain: str
    outside: Path

    async def rewrite(self) -> None:
        """Change an early record, and make every hash and head after it fit again."""
        statements = []
        filed = [r async for p in pages.pages(self.ledger.database, self.chain, 10**6) for r in p]
        prev = empty_head(self.chain).hash
        for stored in filed:
            record = stored.record
            assert record.content is not None
            leaf, payload = record.leaf, record.content.payload
            if record.seq == CHANGED:
                payload = payload.replace(b'"not_required"', b'"single_stage"')
                leaf = leaf_hash(record.content.salt, payload)
                statements.append(
                    f"UPDATE payload SET payload = '\\x{payload.hex()}'"
                    f" WHERE chain_id = '{self.chain}' AND seq = {CHANGED}"
                )
            prev = link_hash(prev, record.seq, meta_hash(record.meta), leaf)
            if record.seq >= CHANGED:
                statements.append(
                    f"UPDATE record SET hash = '\\x{prev.hex()}', leaf = '\\x{leaf.hex()}'"
                    f" WHERE chain_id = '{self.chain}' AND seq = {record.seq}"
                )
        join = "FROM record AS r WHERE r.chain_id = h.chain_id AND r.seq = h."
        await self.ledger.as_owner(
            *statements,
            f"UPDATE chain AS h SET head_hash = r.hash {join}head_seq",
            f"UPDATE checkpoint_head AS h SET head = r.hash {join}seq",
            f"UPDATE chain_audit AS h SET head = r.hash {join}seq",
        )

    async def cut(self, *, checkpoints: bool) -> None:
        """Delete what the last 25 checkpoints cover, and set the heads back."""
        last = ROUNDS - CUT
        kept = (
            "(SELECT max(h.seq) FROM checkpoint_head AS h"
            f" WHERE h.chain_id = {{0}}.chain_id AND h.number <= {last})"
        )
        statements = [
            f"DELETE FROM {table} AS r WHERE r.seq > {kept.format('r')}"
            for table in ("record", "payload")
        ]
        statements += [
            f"UPDATE chain AS c SET head_seq = {kept.format('c')}",
            (
                "UPDATE chain AS c SET head_hash = r.hash FROM record AS r"
                " WHERE r.chain_id = c.chain_id AND r.seq = c.head_seq"
            ),
            "DELETE FROM chain_audit",
        ]
        if checkpoints:
            statements += [
                f"DELETE FROM checkpoint_head WHERE number > {last}",
                f"DELETE FROM checkpoint WHERE number > {last}",
            ]
        await self.ledger.as_owner(*statements)

    async def refusal(self) -> str:
        """What a notary says that comes back after the attack, with something new to sign."""
        before = await self.ledger.ask("SELECT max(number) FROM checkpoint")
        await self.ledger.ingest(person_events(2))
        await self.ledger.settle_later()
        assert await self.ledger.ask("SELECT max(number) FROM checkpoint") == before
        state, reason = await self.ledger.signing()
        assert state == "refused"
        return reason

    async def audited(self) -> set[str]:
        """The scheduled audits that know of findings, as the alarm reads them."""
        database, key = self.ledger.database, self.ledger.key.public_key()
        next_day = clock.now() + jobs.ANEW_AFTER
        await self.ledger.as_owner("UPDATE lease SET lease_until = '-infinity'")
        await jobs.Auditor(key, now=lambda: next_day)(database)
        await jobs.CheckpointAuditor(key, now=lambda: next_day)(database)
        await jobs.LogAuditor(self.ledger.log_walk, now=lambda: next_day)(database)
        async with database.reading() as connection:
            samples = [s for m in await standing.gauges(connection) for s in m.samples]
        return {
            sample.labels["audit"]
            for sample in samples
            if sample.name == "marktbund_audit_findings" and sample.value > 0
        }

    async def verified(self) -> set[str]:
        """What the downloaded verifier finds in a fresh export, against the checkpoint outside."""
        doors, auditor = await self.ledger.doors()
        path = f"/chains/{self.chain}/export"
        export = await doors.client.get(f"{path}?checkpoint={OLDER}", headers=auditor)
        if export.status_code != 200:
            export = await doors.client.get(path, headers=auditor)
        return await self.ledger.judged(export.content, self.outside.read_bytes(), self.chain)

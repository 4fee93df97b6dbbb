"""The faults themselves. Each says how much work it hit; the victim comes back by itself."""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiokafka.errors import KafkaError

from tests import restoring
from tests.failures import processes, work
from tests.failures.poison import Poison
from tests.failures.schedule import STEPS, Fault
from tests.running import Platform

_MOMENT = 5.0
"""Seconds to wait for a moment with work in hand."""
_WIDE = 6.0
"""Seconds for which three workers share a group."""


@dataclass
class Faults:
    """What was done to a running platform: per kind how often, and how often it hit work."""

    platform: Platform
    under_way: Counter[str]
    """Service -> requests of clients that are not answered yet."""
    poison: Poison
    done: Counter[str] = field(default_factory=Counter)
    hits: Counter[str] = field(default_factory=Counter)
    last: float = 0.0
    """Monotonic seconds of the end of the last fault."""
    _dumped: dict[str, restoring.Dump] = field(default_factory=dict)
    _reshaping: asyncio.Lock = field(default_factory=asyncio.Lock)
    _behind: set[asyncio.Task[None]] = field(default_factory=set)

    async def strike(self, fault: Fault) -> None:
        """Carry out a fault; scaling goes on behind while the next ones strike."""
        if fault.kind == "scale 1-3-1":
            task = asyncio.create_task(self._scale(fault))
            self._behind.add(task)
            return
        how = {
            "kill": self._kill,
            "kill mid-batch": self._kill_in_batch,
            "stop": self._stop,
            "kill broker": self._kill_broker,
            "restart PostgreSQL": self._restart_postgres,
            "end all sessions": self._end_sessions,
            "poison": self._poison,
            "restore": self._restore,
            "set clock": self._set_clock,
        }
        self._note(fault, await how[fault.kind](fault))

    async def over(self) -> None:
        """Wait for what goes on behind; raises what went wrong there."""
        await asyncio.gather(*self._behind)
        self._behind.clear()

    def _note(self, fault: Fault, hit: int) -> None:
        self.done[fault.kind] += 1
        self.hits[fault.kind] += bool(hit)
        self.last = time.monotonic()

    async def _in_hand(self, program: str) -> int:
        """Open transactions, unsent events of a worker, unanswered requests of doors."""
        package, _, role = program.partition("-")
        service = package.replace("_", "-")
        name = f"{self.platform.deployment.prefix}{service}-{role or 'api'}"
        busy = await work.transactions(self.platform, name)
        more = await work.letters(self.platform, package) if role else self.under_way[service]
        return busy + more

    async def _moment(self, look: Callable[[], Awaitable[int]]) -> None:
        """Wait a little for a moment in which there is something to hit."""
        deadline = time.monotonic() + _MOMENT
        while not await look() and time.monotonic() < deadline:
            await asyncio.sleep(0.05)

    async def _kill(self, fault: Fault) -> int:
        pid = await processes.freeze(self.platform, fault.victim)
        hit = await self._in_hand(fault.victim)
        processes.send(pid, signal.SIGKILL)
        return hit

    async def _kill_in_batch(self, fault: Fault) -> int:
        package = fault.victim.partition("-")[0]
        await self._moment(lambda: work.letters(self.platform, package))
        pid = await processes.freeze(self.platform, fault.victim)
        hit = await work.letters(self.platform, package)
        processes.send(pid, signal.SIGKILL)
        return hit

    async def _stop(self, fault: Fault) -> int:
        pid = await processes.freeze(self.platform, fault.victim)
        hit = await self._in_hand(fault.victim)
        await asyncio.sleep(fault.seconds)
        processes.send(pid, signal.SIGCONT)
        return hit

    async def _kill_broker(self, fault: Fault) -> int:
        await self._moment(lambda: work.all_letters(self.platform))
        pid = await processes.freeze(self.platform, "kafka")
        hit = await work.all_letters(self.platform)
        processes.send(pid, signal.SIGKILL)
        return hit

    async def _restart_postgres(self, fault: Fault) -> int:
        await self._moment(lambda: work.transactions(self.platform))
        hit = await work.transactions(self.platform)
        # What `pg_ctl restart -m immediate` sends; the supervisor does the starting.
        processes.send(await processes.alive(self.platform, "postgres"), signal.SIGQUIT)
        return hit

    async def _end_sessions(self, fault: Fault) -> int:
        await self._moment(lambda: work.transactions(self.platform))
        return await work.terminate_all(self.platform)

    async def _poison(self, fault: Fault) -> int:
        kafka = self.platform.engines.kafka.admin
        while True:
            try:
                await self.poison.produce(kafka, fault.victim)
            except (KafkaError, OSError):
                await asyncio.sleep(0.5)
            else:
                return 0

    async def _scale(self, fault: Fault) -> None:
        async with self._reshaping:
            await processes.widen(self.platform, fault.victim, 3)
            await processes.ready(self.platform)
            hit = await self._in_hand(processes.worker(fault.victim))
            await asyncio.sleep(_WIDE)
            await processes.widen(self.platform, fault.victim, 1)
        self._note(fault, hit)

    async def _set_clock(self, fault: Fault) -> int:
        """Of every process of the deployment and of its engines, at once."""
        clock = self.platform.clock
        assert clock is not None, "drawn for a platform that has no such clock"
        await self._moment(lambda: work.transactions(self.platform))
        hit = await work.transactions(self.platform)
        clock.step(STEPS[fault.victim])
        return hit

    async def _restore(self, fault: Fault) -> int:
        """Back to the dump of the time before; the first time, to one taken now."""
        async with self._reshaping:
            dumped = self._dumped.get(fault.victim)
            if dumped is None:
                dumped = await self._dump(fault.victim)
                await asyncio.sleep(_WIDE)
            hit = await self._in_hand(processes.worker(fault.victim))
            await asyncio.to_thread(restoring.restored, self.platform, dumped)
            self._dumped[fault.victim] = await self._dump(fault.victim)
        return hit

    async def _dump(self, package: str) -> restoring.Dump:
        await work.transactions(self.platform)  # answers once PostgreSQL does
        return await asyncio.to_thread(restoring.dump, self.platform, package)

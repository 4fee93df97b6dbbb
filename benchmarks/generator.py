"""The load: `python -m benchmarks.generator <job.json> <answered.json>`, a process of its own.

In: addresses, prepared requests, how many connections, for how long or how many, how fast. Out: a
file with every order answered by 201 and when, in epoch seconds; exit code 1 and the answer when
one was not. HTTP/1.1 over plain sockets on uvloop, so that it costs little itself.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import uvloop

from deploy.devstack.deployment import REPOSITORY

KEY = "{key}"


@dataclass(frozen=True)
class Load:
    """What to send. Ends after `seconds` or `orders`, whichever comes first.

    rate: orders per second over all connections; 0 means as fast as they are answered.
    """

    host: str
    port: int
    requests: tuple[str, ...]
    connections: int
    seconds: float
    orders: int = 10**9
    rate: float = 0.0


@dataclass(frozen=True)
class TimedAnswer:
    """An order, when its request was sent, and when its 201 was read."""

    order_id: str
    sent: float
    answered: float


def run(job: Load) -> list[TimedAnswer]:
    """Carry the job out in a process of its own. Raises RuntimeError with what went wrong."""
    with TemporaryDirectory() as directory:
        job_file, answered_file = Path(directory, "job.json"), Path(directory, "answered.json")
        job_file.write_text(json.dumps(asdict(job)))
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.generator", str(job_file), str(answered_file)],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(
                f"the load was not carried: {done.stdout[-500:]}{done.stderr[-2000:]}"
            )
        return [TimedAnswer(*answer) for answer in json.loads(answered_file.read_text())]


class _Refused(Exception):
    """An answer other than 201."""


@dataclass
class _Run:
    job: Load
    due: Iterator[float]
    ends: float
    answers: list[tuple[float, float, bytes]]

    async def client(self, index: int) -> None:
        reader, writer = await asyncio.open_connection(self.job.host, self.job.port)
        prepared = [tuple(part.encode() for part in r.split(KEY)) for r in self.job.requests]
        run = uuid4().hex[:12]
        turn = index
        try:
            for due in self.due:
                await asyncio.sleep(max(0.0, due - time.time()))
                if time.time() > self.ends:
                    break
                before, after = prepared[turn % len(prepared)]
                turn += self.job.connections
                sent = time.time()
                writer.write(b"%b%b-%d%b" % (before, run.encode(), turn, after))
                body = await _answer(reader)
                self.answers.append((sent, time.time(), body))
        finally:
            writer.close()


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    body = await reader.readexactly(length)
    if not head.startswith(b"HTTP/1.1 201"):
        raise _Refused((head + body).decode())
    return body


def _due(job: Load, begin: float) -> Iterator[float]:
    for number in range(job.orders):
        yield begin + number / job.rate if job.rate else 0.0


async def _carry(job: Load) -> list[tuple[str, float, float]]:
    begin = time.time()
    run = _Run(job, _due(job, begin), begin + job.seconds, [])
    await asyncio.gather(*(run.client(index) for index in range(job.connections)))
    return [(json.loads(body)["order_id"], sent, done) for sent, done, body in run.answers]


def main(job: Path, answered: Path) -> int:
    """Carry the job of one file out, answers into the other."""
    try:
        answers = uvloop.run(_carry(Load(**json.loads(job.read_text()))))
    except _Refused as refused:
        print(refused)
        return 1
    answered.write_text(json.dumps(answers))
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))

"""The public doors over plain sockets, so that thousands of requests cost the asker little."""

import asyncio
import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from tests.running import Platform

PATIENCE = 30.0
"""Seconds for one answer; a frozen process answers later than that or never."""
Wire = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True)
class Answer:
    """Status and body of one answered request."""

    status: int
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Doors:
    """HTTP/1.1 with kept connections. under_way: service -> requests not answered yet."""

    platform: Platform
    under_way: Counter[str] = field(default_factory=Counter)
    _idle: dict[str, list[Wire]] = field(default_factory=lambda: defaultdict(list))
    _addresses: dict[str, tuple[str, int]] = field(default_factory=dict)

    async def ask(
        self, method: str, service: str, path: str, *, sub: str, body: Any = None, **headers: str
    ) -> Answer:
        """One request. Raises OSError, EOFError or TimeoutError when there is no answer.

        headers: Member, Idempotency_Key; an underscore stands for a dash.
        """
        fields = {"Host": service, "Authorization": f"Bearer {await self.platform.token(sub)}"}
        fields |= {name.replace("_", "-"): value for name, value in headers.items() if value}
        content = b"" if body is None else json.dumps(body).encode()
        fields |= {"Content-Type": "application/json", "Content-Length": str(len(content))}
        lines = [f"{method} /api/{service}/v1{path} HTTP/1.1", *map(": ".join, fields.items())]
        self.under_way[service] += 1
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._exchange(service, "\r\n".join(lines).encode(), content)
        finally:
            self.under_way[service] -= 1

    async def _exchange(self, service: str, head: bytes, content: bytes) -> Answer:
        idle = self._idle[service]
        wire = idle.pop() if idle else await asyncio.open_connection(*self._address(service))
        kept = False
        try:
            wire[1].write(head + b"\r\n\r\n" + content)
            answer = await _read(wire[0])
            kept = True
        finally:
            if kept:
                idle.append(wire)
            else:
                wire[1].close()
        return answer

    def _address(self, service: str) -> tuple[str, int]:
        if service not in self._addresses:
            host, port = self.platform.addresses[service].removeprefix("http://").split(":")
            self._addresses[service] = host, int(port)
        return self._addresses[service]

    def close(self) -> None:
        """Give up the kept connections."""
        for wires in self._idle.values():
            for _, writer in wires:
                writer.close()


async def _read(reader: asyncio.StreamReader) -> Answer:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    return Answer(int(head.split(b" ", 2)[1]), await reader.readexactly(length))

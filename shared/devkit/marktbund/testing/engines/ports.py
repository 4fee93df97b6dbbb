"""Ports chosen free once and remembered, so that addresses stay the same between starts.

In: a JSON file and names. Out: port numbers on the loopback interface. A remembered port that a
foreign process has taken is replaced, so a full port never blocks the next start.
"""

import contextlib
import random
import socket
from collections.abc import Callable, Mapping
from pathlib import Path

from marktbund.testing.engines.records import read_record, write_record

# Below the kernel's range for outgoing connections, which could otherwise sit on a chosen port.
_LOWEST, _HIGHEST = 20_000, 32_000


class NoFreePortError(RuntimeError):
    """No free port was found in the range that is searched."""


def is_free(port: int) -> bool:
    """True when a server could listen on 127.0.0.1:port now."""
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen(1)
        except OSError:
            return False
    return True


def choose_free(taken: set[int]) -> int:
    """A free port outside `taken`; raises NoFreePortError after many tries."""
    source = random.SystemRandom()
    for _ in range(500):
        port = source.randrange(_LOWEST, _HIGHEST)
        if port not in taken and is_free(port):
            return port
    raise NoFreePortError(f"no free port between {_LOWEST} and {_HIGHEST}")


class PortBook:
    """The remembered ports of one stack, in one JSON file: name -> port."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def all(self) -> Mapping[str, int]:
        """Every remembered port by name; empty when nothing was remembered or the file is torn."""
        kept = read_record(self._file)
        return {name: port for name, port in kept.items() if isinstance(port, int)}

    def port(self, name: str, *, held_by_us: Callable[[int], bool]) -> int:
        """The port of `name`: the remembered one if it is free or `held_by_us`, else a new one."""
        ports = dict(self.all())
        known = ports.get(name)
        if known is not None and (is_free(known) or held_by_us(known)):
            return known
        ports[name] = choose_free(set(ports.values()))
        write_record(self._file, ports)
        return ports[name]

    def forget(self, prefix: str) -> None:
        """Drop every name that starts with `prefix`."""
        kept = {name: port for name, port in self.all().items() if not name.startswith(prefix)}
        write_record(self._file, kept)

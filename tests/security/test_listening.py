"""Nothing of a local stack is reached from another machine: read from the kernel."""

import ipaddress
import socket

import psutil
import pytest

from deploy.devstack.program import read_plan, read_state
from deploy.devstack.supervising import marked_processes
from tests.front import Front

_LISTENING = {socket.SOCK_STREAM: psutil.CONN_LISTEN, socket.SOCK_DGRAM: psutil.CONN_NONE}


def _is_loopback(address: str) -> bool:
    ip = ipaddress.ip_address(address)
    mapped = getattr(ip, "ipv4_mapped", None)
    return bool((mapped or ip).is_loopback)


@pytest.fixture
def listening(front: Front) -> dict[str, set[tuple[str, int]]]:
    """Program -> the addresses that it and its children listen on."""
    addresses: dict[str, set[tuple[str, int]]] = {}
    for directory in front.platform.places.supervised():
        names = {running.identity.pid: name for name, running in read_state(directory).items()}
        for identity in marked_processes(directory):
            name = names.get(identity.pid, "child or supervisor")
            sockets = psutil.Process(identity.pid).net_connections(kind="inet")
            addresses.setdefault(name, set()).update(
                (socket.laddr.ip, socket.laddr.port)
                for socket in sockets
                if socket.status == _LISTENING[socket.type] and not socket.raddr
            )
    return addresses


def test_the_whole_stack_listens_on_the_loopback_interface_only(
    front: Front, listening: dict[str, set[tuple[str, int]]]
):
    outside = [
        (name, address)
        for name, addresses in listening.items()
        for address in sorted(addresses)
        if not _is_loopback(address[0])
    ]
    assert outside == []
    planned = [p for at in front.platform.places.supervised() for p in read_plan(at)]
    assert {"caddy", "keycloak", "postgres", "kafka", "mail"} < {p.name for p in planned}
    unheard = [p.name for p in planned if p.port not in {port for _, port in listening[p.name]}]
    assert unheard == []

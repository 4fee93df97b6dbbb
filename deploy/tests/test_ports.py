"""Ports are remembered, and a stranger on one of them only moves us elsewhere."""

import socket

from marktbund.testing.engines.ports import PortBook


def _nobody(_port):
    return False


def test_a_port_is_remembered(tmp_path):
    first = PortBook(tmp_path / "ports.json").port("orders", held_by_us=_nobody)
    assert PortBook(tmp_path / "ports.json").port("orders", held_by_us=_nobody) == first


def test_a_port_taken_by_a_stranger_is_replaced_and_our_own_is_kept(tmp_path):
    book = PortBook(tmp_path / "ports.json")
    first = book.port("orders", held_by_us=_nobody)
    with socket.create_server(("127.0.0.1", first)):
        assert book.port("orders", held_by_us=lambda port: port == first) == first
        moved = book.port("orders", held_by_us=_nobody)
        assert moved != first
    assert book.all() == {"orders": moved}


def test_a_torn_file_means_new_ports(tmp_path):
    (tmp_path / "ports.json").write_text('{"orders": 20')
    assert PortBook(tmp_path / "ports.json").port("orders", held_by_us=_nobody) >= 20_000

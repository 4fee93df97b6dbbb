"""Parts of the devkit by themselves: files never half written, ports, who a process is."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marktbund.testing import calls
from marktbund.testing.calls import record, recorded
from marktbund.testing.documents import pdf
from marktbund.testing.engines.ports import NoFreePortError, PortBook, choose_free, is_free
from marktbund.testing.engines.processes import (
    Launch,
    ProcessIdentity,
    identity_in,
    identity_of,
    inherited,
    listens,
    own_identity,
    spawn,
    terminate,
    terminate_all,
)
from marktbund.testing.engines.records import read_record, write_record, write_text
from marktbund.testing.round_trips import _Messages

SLEEPS = (sys.executable, "-c", "import time; time.sleep(60)")
STUBBORN = (
    sys.executable,
    "-uc",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1); time.sleep(60)",
)


def test_a_record_is_replaced_whole_and_for_its_owner_only(tmp_path: Path):
    file = tmp_path / "deep" / "state.json"
    write_record(file, {"a": 1})
    first = file.stat().st_ino
    write_record(file, {"b": [1, None, "ü"]})
    assert read_record(file) == {"b": [1, None, "ü"]}
    assert file.stat().st_ino != first
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in file.parent.iterdir()] == ["state.json"]


@pytest.mark.parametrize("content", ["", "{", '{"a": 1', "[1]", '"a"', "null", "\x00"])
def test_a_record_that_is_torn_or_none_is_empty(tmp_path: Path, content: str):
    file = tmp_path / "state.json"
    file.write_text(content)
    assert read_record(file) == {}
    assert read_record(tmp_path / "missing.json") == {}


def test_what_cannot_be_written_leaves_the_old_and_no_rest(tmp_path: Path):
    file = tmp_path / "state.json"
    write_record(file, {"a": 1})
    with pytest.raises(UnicodeEncodeError):
        write_text(file, "\ud800")
    assert read_record(file) == {"a": 1}
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]


def taken() -> socket.socket:
    """A port somebody listens on."""
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen(1)
    return server


def test_a_port_is_free_until_somebody_listens():
    with closing(taken()) as server:
        port = server.getsockname()[1]
        assert not is_free(port)
    assert is_free(port)


def test_ports_are_chosen_below_those_of_outgoing_connections():
    chosen: set[int] = set()
    for _ in range(20):
        chosen.add(choose_free(chosen))
    assert len(chosen) == 20
    assert all(20_000 <= port < 32_000 for port in chosen)
    with pytest.raises(NoFreePortError):
        choose_free(set(range(20_000, 32_000)))


def nobody(_: int) -> bool:
    return False


def test_a_port_is_remembered_over_a_restart(tmp_path: Path):
    file = tmp_path / "ports.json"
    first = PortBook(file).port("orders", held_by_us=nobody)
    assert PortBook(file).port("orders", held_by_us=nobody) == first
    assert PortBook(file).port("members", held_by_us=nobody) != first


def test_a_port_a_stranger_has_is_replaced_and_ours_is_kept(tmp_path: Path):
    book = PortBook(tmp_path / "ports.json")
    with closing(taken()) as server:
        port = server.getsockname()[1]
        write_record(tmp_path / "ports.json", {"orders": port})
        assert book.port("orders", held_by_us=lambda held: held == port) == port
        replaced = book.port("orders", held_by_us=nobody)
    assert replaced != port
    assert book.all() == {"orders": replaced}


@pytest.mark.parametrize(
    "content", ["", "{", '{"orders": 20', "[1]", "null", '{"orders": null}', '{"orders": "x"}']
)
def test_a_book_that_is_torn_is_begun_anew(tmp_path: Path, content: str):
    file = tmp_path / "ports.json"
    assert PortBook(file).all() == {}
    file.write_text(content)
    assert PortBook(file).all() == {}
    assert PortBook(file).port("orders", held_by_us=nobody) in PortBook(file).all().values()


def test_a_deployment_that_goes_forgets_its_ports_and_no_others(tmp_path: Path):
    file = tmp_path / "ports.json"
    write_record(file, {"demo.orders": 20_001, "demo.members": 20_002, "demo2.orders": 20_003})
    PortBook(file).forget("demo.")
    assert PortBook(file).all() == {"demo2.orders": 20_003}


def launch(tmp_path: Path, *argv: str) -> Launch:
    return Launch(argv, inherited("PATH"), str(tmp_path), str(tmp_path / "logs" / "program.log"))


def test_a_process_is_known_until_it_ends(tmp_path: Path):
    child = spawn(launch(tmp_path, *SLEEPS))
    identity = identity_of(child.pid)
    assert identity is not None
    assert (identity.alive, identity == own_identity()) == (True, False)
    assert identity.process() is not None
    assert 0 <= identity.age_seconds < 60
    assert terminate(identity)
    assert (identity.alive, identity.process()) == (False, None)
    assert terminate(identity)  # once more, late
    identity.send(signal.SIGTERM)


@pytest.mark.parametrize(
    "changed", [{"ticks": 1}, {"boot": "another"}, {"pid": 2**22 + 1}], ids=str
)
def test_another_process_under_the_same_number_is_another(changed: dict[str, object]):
    own = own_identity()
    other = ProcessIdentity(**({"pid": own.pid, "boot": own.boot, "ticks": own.ticks} | changed))
    assert own.alive
    assert not other.alive
    other.send(signal.SIGKILL)  # which would end this test


def test_who_does_not_end_by_being_asked_is_ended(tmp_path: Path):
    child = spawn(launch(tmp_path, *STUBBORN))
    log = tmp_path / "logs" / "program.log"
    deadline = time.monotonic() + 20
    while not log.read_text() and time.monotonic() < deadline:
        time.sleep(0.01)
    identity = identity_of(child.pid)
    assert identity is not None
    assert not terminate(identity, grace_seconds=0.05)
    assert not identity.alive


def test_several_end_side_by_side(tmp_path: Path):
    children = [spawn(launch(tmp_path, *SLEEPS)) for _ in range(3)]
    identities = [identity for child in children if (identity := identity_of(child.pid))]
    begun = time.monotonic()
    terminate_all([(identity, signal.SIGTERM, 10.0) for identity in identities])
    assert time.monotonic() - begun < 10
    assert [identity.alive for identity in identities] == [False] * 3


def test_what_a_program_writes_is_for_its_owner_only(tmp_path: Path):
    writes = "open('file', 'w').close(); print('a line')"
    assert spawn(launch(tmp_path, sys.executable, "-c", writes)).wait(20) == 0
    log = tmp_path / "logs" / "program.log"
    assert (log.read_text(), log.stat().st_mode & 0o777) == ("a line\n", 0o600)
    assert (tmp_path / "file").stat().st_mode & 0o077 == 0


def test_a_program_that_is_not_there_is_an_error_at_once(tmp_path: Path):
    with pytest.raises(OSError):
        spawn(launch(tmp_path, str(tmp_path / "missing")))


def test_a_program_inherits_what_is_named_and_no_more(tmp_path: Path):
    os.environ["MARKTBUND_TEST_SECRET"] = "secret"
    try:
        environment = inherited("PATH", "MARKTBUND_NEVER_SET")
    finally:
        del os.environ["MARKTBUND_TEST_SECRET"]
    assert environment == {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    shown = subprocess.run(
        (sys.executable, "-c", "import os; print(sorted(os.environ))"),
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "SECRET" not in shown.stdout


@pytest.mark.parametrize(
    "kept", [None, {}, {"pid": 1}, {"pid": 1, "boot": "x", "ticks": 2, "more": 3}]
)
def test_a_record_that_names_no_process_names_none(kept: dict[str, object] | None):
    assert identity_in(kept) is None
    own = own_identity()
    assert identity_in({"pid": own.pid, "boot": own.boot, "ticks": own.ticks}) == own


def test_an_open_port_may_be_somebody_elses(tmp_path: Path):
    child = spawn(launch(tmp_path, *SLEEPS))
    stranger = identity_of(child.pid)
    assert stranger is not None
    with closing(taken()) as server:
        port = server.getsockname()[1]
        assert listens(own_identity(), port)
        assert not listens(stranger, port)
    assert not listens(own_identity(), port)
    terminate(stranger)
    assert not listens(stranger, port)


def message(kind: bytes, body: bytes = b"") -> bytes:
    """As PostgreSQL sends one: a letter, a length that counts itself, the body."""
    return kind + (len(body) + 4).to_bytes(4, "big") + body


@given(
    kinds=st.lists(st.sampled_from([b"Z", b"T", b"D", b"C"]), max_size=12),
    body=st.binary(max_size=30),
    tls=st.booleans(),
    cuts=st.lists(st.integers(1, 9), min_size=1, max_size=40),
)
def test_a_round_trip_is_counted_however_its_bytes_arrive(kinds, body, tls, cuts):
    """PostgreSQL 18, 54.2.3: ReadyForQuery ends the answer; N refuses TLS, without a length."""
    stream = (b"N" if tls else b"") + b"".join(message(kind, body) for kind in kinds)
    messages, counted = _Messages(), []
    while stream:
        cut = cuts[len(counted) % len(cuts)]
        counted.append(messages.take(stream[:cut]))
        stream = stream[cut:]
    assert [kind for part in counted for kind in part] == [kind[0] for kind in kinds]


async def test_a_client_of_tests_writes_down_what_it_asked():
    async def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(303, headers={"location": "/there?x=1"})

    before = len(calls.CALLS)
    client = recorded(httpx.AsyncClient(transport=httpx.MockTransport(answer)))
    async with client:
        await client.post(
            "http://test/here?b=2",
            json={"a": True, "n": 3, "long": "x" * 99, "list": [1], "none": None},
        )
        await client.post("http://test/form", data={"q": "ü", "empty": ""})
        await client.post("http://test/raw", content=b"{", headers={"content-type": "text/plain"})
        await client.post(
            "http://test/torn", content=b"{", headers={"content-type": "application/json"}
        )
    first, form, raw, torn = calls.CALLS[before:]
    assert (first.method, first.path, first.status, first.to) == ("POST", "/here", 303, "/there")
    assert dict(first.options) == {
        "a": "true",
        "b": "2",
        "n": "3",
        "long": "x" * 60,
        "list": "",
        "none": "",
    }
    assert form.options == (("empty", ""), ("q", "ü"))
    assert (raw.options, torn.options) == ((), ())
    assert "test_a_client_of_tests_writes_down_what_it_asked" in first.test
    record("GET", "http://test/by-hand?q=1", 200, [("field", "x")])
    assert calls.CALLS.pop().options == (("field", "x"), ("q", "1"))
    del calls.CALLS[before:]


@pytest.mark.parametrize("words", ["Angebot", "", "Büro (2)", "a\\b"])
def test_a_document_of_tests_says_where_its_parts_are(words: str):
    """ISO 32000-2, 7.5.4: the table names each object's first byte."""
    content = pdf(words)
    assert content.startswith(b"%PDF-1.7")
    assert content.endswith(b"%%EOF\n")
    table = int(content.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    assert content[table:].startswith(b"xref\n0 5\n")
    entries = content[table:].split(b"\n")[3:7]
    for number, entry in enumerate(entries, 1):
        assert content[int(entry[:10]) :].startswith(f"{number} 0 obj".encode())
    assert pdf(words) == content
    assert pdf(words + "x") != content

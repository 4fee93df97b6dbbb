"""Waiting events get their numbers: each once, in the order they wait, chain by chain."""

from hypothesis import given
from hypothesis import strategies as st

from documentation.domain.records import Head, Record, commit, empty_head, seal
from documentation.domain.sealing import UnsealedEvent, queued, sealed_batch


def waiting(
    number: int, chain: str, event_id: str = "", *, known: bool = False, trace: str | None = None
) -> UnsealedEvent:
    record = Record(chain, event_id or f"e{number}", bytes([number % 256]) * 32, bytes(32))
    return UnsealedEvent(number, record, known, trace)


def test_events_are_queued_by_chain_in_the_order_they_wait() -> None:
    queues = queued([waiting(3, "b"), waiting(5, "a"), waiting(9, "b")])
    assert {chain: [e.number for e in queue] for chain, queue in queues.by_chain.items()} == {
        "b": [3, 9],
        "a": [5],
    }
    assert list(queues.repeated) == []


def test_an_event_that_is_in_its_chain_or_waits_twice_is_set_aside() -> None:
    queues = queued(
        [
            waiting(1, "a", "first", known=True),
            waiting(2, "a", "second"),
            waiting(3, "a", "second"),
            waiting(4, "b", "second"),
            waiting(5, "b", "third"),
        ]
    )
    assert [event.number for event in queues.repeated] == [1, 3, 4]
    assert [event.number for queue in queues.by_chain.values() for event in queue] == [2, 5]


def test_a_chain_that_has_only_repeated_events_has_no_queue() -> None:
    assert queued([waiting(1, "a", known=True)]).by_chain == {}


def test_a_new_chain_is_opened_and_begins_at_one() -> None:
    batch = sealed_batch(queued([waiting(7, "a"), waiting(8, "a")]), {})
    assert list(batch.opened) == [empty_head("a")]
    assert [(number, sealed.seq) for number, sealed in batch.moved] == [(7, 1), (8, 2)]
    [(before, after)] = batch.moves
    assert before == empty_head("a")
    assert after == Head("a", 2, batch.moved[-1][1].hash)


def test_a_chain_that_exists_goes_on_behind_its_head() -> None:
    head = Head("a", 41, bytes([4]) * 32)
    batch = sealed_batch(queued([waiting(1, "a")]), {"a": head})
    assert list(batch.opened) == []
    assert [sealed.seq for _, sealed in batch.moved] == [42]
    assert batch.moves[0][0] == head
    [(_, sealed)] = batch.moved
    expected, _ = seal(head, [waiting(1, "a").record])
    assert sealed == expected[0]


def test_each_chain_moves_by_its_own_events_alone() -> None:
    heads = {"a": Head("a", 10, bytes(32)), "c": Head("c", 5, bytes(32))}
    batch = sealed_batch(queued([waiting(1, "b"), waiting(2, "a"), waiting(3, "b")]), heads)
    assert [(before.seq, after.seq) for before, after in batch.moves] == [(0, 2), (10, 11)]
    assert [head.chain for head in batch.opened] == ["b"]


def test_the_traces_of_what_was_sealed_are_ended_and_no_others() -> None:
    events = [
        waiting(1, "a", "first", trace="t1"),
        waiting(2, "a", "first", trace="t2"),
        waiting(3, "b", trace=None),
        waiting(4, "b", trace="t4"),
    ]
    assert list(sealed_batch(queued(events), {}).traces) == ["t1", "t4"]


def test_nothing_that_waits_moves_nothing() -> None:
    batch = sealed_batch(queued([]), {})
    assert (list(batch.opened), list(batch.moved), list(batch.moves)) == ([], [], [])


EVENTS = st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 12)), max_size=30)


@given(EVENTS, st.integers(0, 30))
def test_however_a_queue_is_cut_every_event_is_sealed_once_and_at_the_same_number(
    named: list[tuple[str, int]], cut: int
) -> None:
    events = [waiting(n, chain, f"e{event}") for n, (chain, event) in enumerate(named)]
    whole = sealed_batch(queued(events), {})
    first = sealed_batch(queued(events[:cut]), {})
    heads = {after.chain: after for _, after in first.moves}
    done = {sealed.record.event_id for _, sealed in first.moved}
    rest = [
        UnsealedEvent(e.number, e.record, e.record.event_id in done, None) for e in events[cut:]
    ]
    second = sealed_batch(queued(rest), heads)
    in_two = {(s.record.chain, s.seq, s.hash) for _, s in [*first.moved, *second.moved]}
    assert in_two == {(s.record.chain, s.seq, s.hash) for _, s in whole.moved}


def test_a_commitment_of_the_wrong_length_is_never_sealed(build) -> None:
    meta, content = build.meta(1, "a"), build.content(1)
    record = commit(meta, content.salt, content.payload)
    batch = sealed_batch(queued([UnsealedEvent(1, record, known=False, traceparent=None)]), {})
    assert batch.moved[0][1].record == record

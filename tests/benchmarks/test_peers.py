"""The frozen peers do what they are held against, and nothing less."""

from dataclasses import dataclass, field

from benchmarks.peers.bare import Heads, chained
from benchmarks.peers.statements import Statement, read_log, script
from documentation.domain.records import Meta, commit, empty_head, seal

MEMBER = "0198f0a2-0000-7000-8000-000000000001"
ORDER = "0198f0a2-0000-7000-8000-000000000002"
SHARE = "0198f0a2-0000-7000-8000-000000000003"
EVENT = "0198f0a2-0000-7000-8000-000000000004"
LOG = """\
2026-11-22 02:00:00.000 UTC [7] postgres@copy LOG:  statement: BEGIN;
2026-11-22 02:00:00.001 UTC [8] orders_app@orders LOG:  execute s1: SELECT 'elsewhere'
2026-11-22 02:00:00.001 UTC [7] postgres@copy LOG:  execute s2: INSERT INTO t
\t     VALUES ($1::UUID, $2, $3)
2026-11-22 02:00:00.001 UTC [7] postgres@copy DETAIL:  Parameters: $1 = '{order}', $2 = 'it''s \
\\x:null', $3 = NULL
2026-11-22 02:00:00.002 UTC [7] postgres@copy LOG:  statement: COMMIT;
""".replace("{order}", ORDER)


def test_the_log_of_one_database_is_read_as_it_was_executed():
    assert read_log(LOG.splitlines(), "copy") == [
        Statement("BEGIN;", ()),
        Statement("INSERT INTO t\n     VALUES ($1::UUID, $2, $3)", (ORDER, "it's \\x:null", None)),
        Statement("COMMIT;", ()),
    ]


def test_a_script_draws_new_ids_and_hides_colons_from_pgbench():
    fresh = "(('0190000000000' || :id1::text)::uuid)"
    text = script(read_log(LOG.splitlines(), "copy"), [ORDER], "key-1")
    assert text.splitlines() == [
        "\\set n :n + 1",
        "\\set id1 1 * 1000000000000000000 + :client_id * 1000000000000 + :n",
        "BEGIN;",
        "INSERT INTO t",
        "     VALUES (" + fresh + "::UUID, E'it''s \\\\x\\x3Anull', NULL);",
        "COMMIT;",
    ]


def test_new_ids_inside_an_array_are_drawn_afresh_too():
    row = Statement("INSERT INTO t SELECT unnest(CAST($1 AS uuid[]))", (f"{{{MEMBER},{ORDER}}}",))
    text = script([row], [ORDER], "key-1").splitlines()[-1]
    joined = f"E'{{{MEMBER},' || (('0190000000000' || :id1::text)::uuid)::text || E'}}'"
    assert text == f"INSERT INTO t SELECT unnest(CAST(({joined}) AS uuid[]));"


def test_rows_of_one_round_trip_become_a_pipeline():
    row = Statement("INSERT INTO t VALUES ($1)", (SHARE,))
    other = Statement("INSERT INTO t VALUES ($1)", (ORDER,))
    text = script([row, other, Statement("COMMIT;", ())], [ORDER, SHARE], "key-1")
    assert [line for line in text.splitlines() if not line.startswith("\\set")] == [
        "\\startpipeline",
        "INSERT INTO t VALUES ((('0190000000000' || :id2::text)::uuid));",
        "INSERT INTO t VALUES ((('0190000000000' || :id1::text)::uuid));",
        "\\endpipeline",
        "COMMIT;",
    ]


@dataclass
class Fetched:
    """As much of a Kafka record as the bare loop looks at."""

    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]] = field(default_factory=list)


def test_the_bare_loop_computes_the_same_chain():
    value = f'{{"version":1,"order_id":"{ORDER}","member_id":"{MEMBER}","note":"ä"}}'.encode()
    headers = {
        "ce_id": EVENT,
        "ce_type": "marktbund.orders.OrderSubmitted.v1",
        "ce_time": "2026-11-22T02:00:00.123456+00:00",
        "aggregate_version": "1",
        "demo": "true",
    }
    fetched = Fetched(ORDER.encode(), value, [(k, v.encode()) for k, v in headers.items()])
    heads: Heads = {}
    rows = [chained(fetched, "2026-11-22T02:00:01Z", heads) for _ in range(2)]
    meta = Meta(
        chain=MEMBER,
        event_id=EVENT,
        type=headers["ce_type"],
        key=ORDER,
        aggregate_version=1,
        time="2026-11-22T02:00:00.123456Z",
        recorded_at="2026-11-22T02:00:01Z",
        business_time=None,
        demo=True,
    )
    sealed, after = seal(empty_head(MEMBER), [commit(meta, kept[2], value) for _, kept in rows])
    assert [row[:4] for row, _ in rows] == [
        (MEMBER, entry.seq, entry.hash, entry.record.leaf) for entry in sealed
    ]
    assert heads == {MEMBER: (after.seq, after.hash)}

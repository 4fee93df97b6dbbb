"""The file of a running deployment: signed on the topic's word, anchored, and the log's equal."""

from documentation.consumers import HEARD
from documentation.views.log_walk import LogWalk
from marktbund.ahead import Log
from marktbund.unit_of_work import Database, create_engine
from tests.market import Market
from tests.running import Platform, eventually

UNSIGNED = """
    SELECT (SELECT sum(head_seq) FROM chain) - (SELECT max(records) FROM checkpoint)
           + (SELECT count(*) FROM unsealed) AS records
"""


async def test_what_is_ordered_is_signed_on_the_word_of_the_topic(
    platform: Platform, market: Market
):
    for _ in range(2):
        before = (await platform.rows("documentation", "SELECT max(number) FROM checkpoint"))[0][0]
        lines = [{"article_id": market.articles[0][0], "quantity": "10"}]
        me = market.requester("a")
        placed = await platform.call("POST", "orders", "/orders", json={"lines": lines}, **me)
        assert placed.status_code == 201, placed.text
        await eventually(
            lambda: platform.rows("documentation", "SELECT max(number) FROM checkpoint"),
            lambda rows, before=before: rows[0][0] > (before or 0),
        )
    answer = await platform.call("GET", "documentation", "/signing", sub=me["sub"])
    assert (answer.json()["state"], answer.json()["reason"]) == ("signing", None)


async def test_the_running_file_is_the_logs_equal(platform: Platform, market: Market):
    del market
    await eventually(
        lambda: platform.rows("documentation", UNSIGNED), lambda rows: rows[0]["records"] == 0
    )
    prefix = platform.deployment.prefix
    url = platform.engines.postgres.url(f"{prefix}documentation")
    engine = create_engine(url.replace("postgresql://", "postgresql+asyncpg://"), application="t")
    database = Database(engine, "documentation")
    log = Log(platform.engines.kafka.admin, "test-file", prefix)
    walk = LogWalk(log, f"{prefix}documentation.v1", prefix, HEARD)
    try:
        named, done = await walk.step(database)
        beyond = await walk.finish(database)
    finally:
        await engine.dispose()
    assert (named, done, beyond) == ([], True, [])
    assert walk.records > 0


async def test_the_days_checkpoint_reaches_members(platform: Platform, market: Market):
    del market
    (heard,) = await eventually(
        lambda: platform.rows("members", "SELECT * FROM anchored_checkpoint"),
        lambda rows: len(rows) == 1,
        seconds=60,
    )
    number = heard["number"]
    (kept,) = await platform.rows(
        "documentation", f"SELECT * FROM checkpoint WHERE number = {number}"
    )
    assert (heard["root"], heard["signature"]) == (kept["root"].hex(), kept["signature"].hex())
    assert heard["time"] == kept["time"]
    walked = await platform.rows("documentation", "SELECT name, findings FROM audit_pass")
    assert {row["name"]: row["findings"] for row in walked} == dict.fromkeys(
        ("anchor", "checkpoints", "log"), 0
    )

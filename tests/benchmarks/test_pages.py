"""What the benchmark of pages reads, and that it runs, small: no figure is judged."""

from benchmarks import pages
from benchmarks.queries import Query, read
from tests.browser.pages import ROLES
from tests.front import Front

LOG = """\
2026-11-26 02:00:00.000 UTC [7] orders_app@x_orders LOG:  duration: 0.031 ms  bind s1: SELECT 1
2026-11-26 02:00:00.001 UTC [7] orders_app@x_orders LOG:  duration: 12.500 ms  execute s1: SELECT *
\t  FROM spot_order
2026-11-26 02:00:00.001 UTC [7] orders_app@x_orders DETAIL:  Parameters: $1 = 'a'
2026-11-26 02:00:00.002 UTC [8] postgres@x_portal LOG:  duration: 1.250 ms  statement: COMMIT;
"""


def test_a_statement_is_read_with_its_time_and_all_its_lines():
    assert list(read(LOG.splitlines())) == [
        Query("x_orders", "SELECT *\n  FROM spot_order", 12.5),
        Query("x_portal", "COMMIT;", 1.25),
    ]


async def test_every_page_is_timed_and_the_slowest_named(front: Front):
    printed: list[str] = []
    line = await pages.measure(front, pages.PagesSize(150, 8, 2), printed.append)
    figures = dict(figure.split("=") for figure in line.split(" "))
    assert (figures["name"], figures["against"], figures["theirs"]) == ("pages", "limit", "200")
    assert int(figures["pages"]) == sum(len(subs) for subs in ROLES.values())
    slow = [text for text in printed if text.startswith("slow: ")]
    assert len(slow) == 3
    assert any(" ms in browser_" in text for text in printed)

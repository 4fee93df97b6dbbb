import time

from sqlalchemy import text

from catalog import handlers, views
from catalog.commands import *
from deploy.demo.catalogue import price_lists
from marktbund.ids import new_id


def big(n, bump=0):
    lists = list(price_lists().values())
    head = lists[0].splitlines()[0]
    import csv
    import io

    out = io.StringIO()
    w = csv.writer(out)
    w.writerow(head.split(","))
    k = 0
    while k < n:
        for l in lists:
            for r in list(csv.reader(io.StringIO(l)))[1:]:
                if k >= n:
                    break
                k += 1
                r[0] = f"X-{k}"
                if k % 100 == 0:
                    r[9] = str(round(float(r[9]) + bump, 2))
                w.writerow(r)
    return out.getvalue().encode()


async def test_perf(uow, supplier, connection):
    for n in (3143, 20000):
        sid = await supplier()
        for bump in (0, 1):
            b = big(n, bump)
            t = time.perf_counter()
            c = StagePriceList.from_csv(sid, b)
            t1 = time.perf_counter()
            p = await handlers.stage_price_list(c, new_id(), uow)
            t2 = time.perf_counter()
            q = await handlers.publish_price_list(
                PublishPriceList(supplier_id=sid, number=p.number), new_id(), uow
            )
            t3 = time.perf_counter()
            print(n, len(b), "parse", t1 - t, "stage", t2 - t1, "publish", t3 - t2, q.difference)
    await connection.execute(text("ANALYZE article")) if False else None
    for q in (
        "kopierpapier",
        "papier a4",
        "Drehstühle",
        "bürostuhl",
        "",
        "80 g/m²",
        "8 g",
        "LEN-8764187",
        "a",
    ):
        t = time.perf_counter()
        r = await views.articles(connection, views.ArticleSearch(q=q))
        print(
            repr(q),
            r.total,
            r.total_capped,
            round((time.perf_counter() - t) * 1000),
            [a.name for a in r.articles[:3]],
            r.articles and r.articles[0].unit_price_net,
        )

        text(
            "EXPLAIN ANALYZE UPDATE article SET published_version=s.v FROM unnest((select array_agg(article_id) from (select article_id from article order by 1 limit 1000) x), (select array_agg(version) from (select version from article order by article_id limit 1000) x)) s(i,v) where article_id=s.i and published_version<s.v"
        )

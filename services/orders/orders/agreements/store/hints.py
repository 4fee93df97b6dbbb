"""Which agreements cover what a spot order wants: contract first (Vorrang Rahmenvertrag)."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from marktbund import statements
from marktbund.contracts.orders import OrderLine
from marktbund.contracts.routes import AgreementHint
from marktbund.statements import Clause, Values, rows_of
from marktbund.unit_of_work import UnitOfWork

# A position nobody can deliver today is nothing to point to: its article has to be on sale. Of
# several positions of a lot that would do, a line counts once: at its own article's price, else at
# the cheapest.
_COVERING = """
    WITH wanted AS (
        SELECT * FROM unnest(CAST(:groups AS text[]), CAST(:articles AS uuid[]),
                             CAST(:quantities AS numeric[])) WITH ORDINALITY
            AS w (comparable_group, article_id, quantity, line)),
    on_sale AS MATERIALIZED (
        SELECT p.* FROM agreement_position AS p
         WHERE (p.comparable_group = ANY(CAST(:groups AS text[]))
                OR p.article_id = ANY(CAST(:articles AS uuid[])))
           AND EXISTS (SELECT FROM article AS a JOIN supplier AS s USING (supplier_id)
                        WHERE a.active AND s.status = 'active'
                          AND CASE WHEN p.article_id IS NULL
                                   THEN a.comparable_group = p.comparable_group
                                        AND a.supplier_id = p.supplier_id
                                   ELSE a.article_id = p.article_id END)),
    fits AS (
        SELECT w.*, p.agreement_id, p.lot_no, p.unit_price_net, 1 AS choice
          FROM wanted AS w JOIN on_sale AS p ON p.article_id = w.article_id
         UNION ALL
        SELECT w.*, p.agreement_id, p.lot_no, p.unit_price_net, 2
          FROM wanted AS w JOIN on_sale AS p ON p.comparable_group = w.comparable_group),
    chosen AS (
        SELECT DISTINCT ON (line, agreement_id, lot_no) * FROM fits
         ORDER BY line, agreement_id, lot_no, choice, unit_price_net),
    covered AS (
        SELECT comparable_group, agreement_id, lot_no, sum(quantity) OVER lot AS quantity,
               sum(round(quantity * unit_price_net, 2)) OVER lot AS net
          FROM chosen WINDOW lot AS (PARTITION BY agreement_id, lot_no))
    SELECT a.agreement_id, a.number, a.binding, c.comparable_group,
           bool_and(coalesce(e.entitled_from <= :day AND :day <= coalesce(e.entitled_to, :day),
                             false)) AS entitled,
           bool_and(EXISTS (SELECT FROM agreement_ceiling AS k
                             WHERE k.agreement_id = c.agreement_id AND k.lot_no = c.lot_no
                               AND (k.member_id IS NULL OR k.member_id = :member_id)
                               AND (k.used_value_net + c.net > k.limit_value_net
                                    OR k.used_quantity + c.quantity > k.limit_quantity)))
               AS exhausted
      FROM covered AS c
      JOIN agreement AS a USING (agreement_id)
      LEFT JOIN agreement_entitlement AS e
        ON e.agreement_id = c.agreement_id AND e.member_id = :member_id
     WHERE a.status IN ('confirmed', 'in_force') AND :day BETWEEN a.starts_on AND a.ends_on
     GROUP BY a.agreement_id, c.comparable_group
     ORDER BY a.number, c.comparable_group
"""


_HINT = ("agreement_id", "number", "binding", "comparable_group", "entitled", "exhausted")


def asked_covering(lines: Sequence[OrderLine], member_id: UUID, day: date) -> Clause:
    """The question for agreements in force on a day that hold what these lines want."""
    values: Values = {
        "groups": [line.comparable_group for line in lines],
        "articles": [line.article_id for line in lines],
        "quantities": [line.quantity for line in lines],
        "member_id": member_id,
        "day": day,
    }
    return Clause("covering", rows_of(_COVERING), values)


def covering_of(rows: Sequence[Sequence[Any]]) -> tuple[AgreementHint, ...]:
    """Agreements that cover what is wanted, for a member.

    exhausted: no lot that covers the group has room for all of it at the pinned price.
    """
    return tuple(AgreementHint(**dict(zip(_HINT, row, strict=True))) for row in rows)


async def covering(
    uow: UnitOfWork, lines: Sequence[OrderLine], member_id: UUID, day: date
) -> tuple[AgreementHint, ...]:
    """What `covering_of` knows, asked for alone."""
    row = await statements.ask(uow.connection, asked_covering(lines, member_id, day))
    return covering_of(row.covering)

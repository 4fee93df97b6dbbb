"""Which framework agreements an article is marked with: contract articles beside offers (K7)."""

from datetime import date

from pydantic import JsonValue
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by, array

from catalog.store import agreement_table, article_table, effective_group

_agreement = agreement_table.c


def marks(day: date) -> ColumnElement[JsonValue]:
    """The agreements of an article on a day, by number, as a JSON array in the article's row."""
    own = _agreement.article_ids.contains(array([article_table.c.article_id]))
    mark = func.jsonb_build_object(
        *("agreement_id", _agreement.agreement_id, "number", _agreement.number),
        *("title", _agreement.title, "binding", _agreement.binding, "contract_article", own),
    )
    covers = or_(own, _agreement.comparable_groups.contains(array([effective_group])))
    in_force = and_(
        _agreement.status.in_(("confirmed", "in_force")),
        _agreement.starts_on <= day,
        _agreement.ends_on >= day,
    )
    marks = func.jsonb_agg(aggregate_order_by(mark, _agreement.number))
    query = select(func.coalesce(marks, func.jsonb_build_array()))
    return query.where(covers, in_force).correlate(article_table).scalar_subquery()

"""A call-off that waited for an approver, held once more against its agreement of today."""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from marktbund.contracts.orders import OrderLine
from marktbund.german import price_words
from orders.agreements.domain.agreement import Agreement
from orders.agreements.domain.call_offs import (
    Call,
    Located,
    Supply,
    located,
    undeliverable,
    unknown,
)
from orders.agreements.domain.entitlement import refusal_of_member, refusal_of_term
from orders.ground.domain.reasons import Reason

_CALL_AGAIN = "Bitte neu abrufen."


def hindrances_of_call_off(
    agreement: Agreement,
    member_id: UUID,
    lines: Sequence[OrderLine],
    supply: Supply,
    today: date,
) -> Iterator[Reason]:
    """Why it cannot be placed today. Its room is held since its submission, and whose turn it is
    was decided then.
    """
    calls = [_call(line) for line in lines]
    yield from refusal_of_term(agreement, today)
    yield from refusal_of_member(agreement.terms, member_id, today)
    yield from unknown(agreement, calls)
    for claim in located(agreement, calls):
        yield from undeliverable(claim, supply)
        yield from _changed(lines[claim.index], claim, supply)


def _changed(line: OrderLine, claim: Located, supply: Supply) -> Iterator[Reason]:
    about, pinned = f"{line.article_number} {line.name}", claim.position.unit_price_net
    if pinned != line.unit_price_net:
        yield Reason(
            "price_changed",
            "Der vereinbarte Preis hat sich geändert",
            f"{about}: {price_words(line.unit_price_net)}, jetzt {price_words(pinned)}.",
            _CALL_AGAIN,
            f"lines[{claim.index}].unit_price_net",
        )
    article = supply.articles.get(claim.number)
    if article is not None and article.article_id != line.article_id:
        yield Reason(
            "article_changed",
            "Für diese Position gilt ein anderer Artikel",
            f"{about}: jetzt {article.article_number} {article.name}.",
            _CALL_AGAIN,
            f"lines[{claim.index}].article_id",
        )


def _call(line: OrderLine) -> Call:
    if line.lot_no is None or line.position_no is None:
        raise LookupError(f"line {line.line_no} is of no agreement")
    return Call(line.lot_no, line.position_no, line.quantity, line.requested_delivery_date)

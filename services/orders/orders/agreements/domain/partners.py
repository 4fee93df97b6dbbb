"""Several partners (§ 21 (4), (5) VgV): whose turn it is, and when a click is not enough."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from uuid import UUID

from marktbund.contracts.agreements import AgreementLot
from marktbund.errors import Conflict, Invalid
from orders.agreements.domain.terms import Terms, position_of
from orders.ground.domain.articles import Article
from orders.ground.domain.reasons import Reason


def out_of_turn(lots: Iterable[AgreementLot], declined: Mapping[int, str]) -> Iterator[Reason]:
    """Why lots may not be called off directly. declined: lot -> where its partner's refusal in
    text form is on file.
    """
    for lot in lots:
        if lot.procedure == "mini_competition":
            yield Reason(
                "mini_competition_first",
                "Hier ist ein Kleinwettbewerb vereinbart",
                f"Los {lot.lot_no} hat mehrere Partner; ein direkter Abruf ist nicht möglich.",
                "Bitte die Vergabestelle um den Kleinwettbewerb (§ 21 Abs. 4 und 5 VgV).",
                f"lot {lot.lot_no}",
            )
        if lot.after_lot_no is not None and not declined.get(lot.after_lot_no):
            yield Reason(
                "cascade_first",
                "Ein anderer Partner ist zuerst zu fragen",
                f"Los {lot.lot_no} kommt nach Los {lot.after_lot_no} (Kaskade).",
                "Bitte zuerst dort abrufen oder die Absage in Textform angeben.",
                f"lot {lot.lot_no}",
            )


def require_selling(terms: Terms, selling: Collection[UUID]) -> None:
    """Raises Conflict (`partner_not_active`): no agreement is concluded with whoever may not sell.

    selling: suppliers that may.
    """
    silent = [lot for lot in terms.lots if lot.supplier_id not in selling]
    if silent:
        raise Conflict(
            "partner_not_active",
            "Ein Vertragspartner darf zurzeit nicht liefern",
            " ".join(f"Los {lot.lot_no}: {lot.title}." for lot in silent),
            field="lots",
            way_out="Bitte den Lieferanten wieder zulassen oder den Entwurf ändern.",
        )


def require_successor(lot: AgreementLot | None, position_no: int, article: Article | None) -> None:
    """Raises Invalid (`successor_unfit`) unless the article is on sale at the lot's partner, in the
    position's unit.
    """
    position = position_of(lot, position_no) if lot else None
    fits = (
        lot is not None
        and position is not None
        and article is not None
        and article.orderable
        and article.supplier_id == lot.supplier_id
        and article.order_unit == position.order_unit
    )
    if not fits:
        raise Invalid(
            "successor_unfit",
            "Dieser Artikel kann die Position nicht fortführen",
            "Er muss beim selben Lieferanten in derselben Einheit lieferbar sein.",
            field="content.article_id",
            way_out="Bitte einen lieferbaren Artikel dieses Lieferanten wählen.",
        )

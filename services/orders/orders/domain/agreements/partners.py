"""Several partners (§ 21 (4), (5) VgV): whose turn it is, and when a click is not enough."""

from collections.abc import Iterable, Iterator, Mapping

from marktbund.contracts.agreements import AgreementLot
from orders.domain.agreements.reasons import Reason


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


def refusals_on_file(declined: Mapping[int, str]) -> tuple[str, ...]:
    """A sentence per refusal, for the file."""
    return tuple(
        f"Der Partner von Los {lot_no} hat abgelehnt: {reference}."
        for lot_no, reference in sorted(declined.items())
    )

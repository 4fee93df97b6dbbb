"""The call-off gate (Abrufprüfung): every reason to refuse at once; lines at pinned prices."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from marktbund.contracts.agreements import AgreementLot, AgreementPosition
from marktbund.contracts.orders import OrderLine
from marktbund.german import euro_words
from marktbund.money import net_amount
from marktbund.units import unit_words
from orders.agreements.domain.agreement import Agreement
from orders.agreements.domain.ceilings import Draw, Standing, refusals_of
from orders.agreements.domain.entitlement import refusal_of_member, refusal_of_term
from orders.agreements.domain.partners import out_of_turn
from orders.agreements.domain.terms import lot_of, position_of
from orders.ground.domain.articles import MAX_NET, Article, Bounds, against_amount, against_wanted
from orders.ground.domain.reasons import Reason

Place = tuple[int, int]
"""Lot and position number."""


@dataclass(frozen=True, slots=True)
class Call:
    """What a requester calls off: a position and how many of its order units."""

    lot_no: int
    position_no: int
    quantity: Decimal
    requested_delivery_date: date | None = None


@dataclass(frozen=True, slots=True)
class Supply:
    """What stands behind the positions today.

    articles: each position's article, the supplier's own of its group where none is named.
    suppliers: those that may sell. standings: ceilings by lot and member, None for all members.
    declined: lot -> where the refusal of a cascade's partner is on file.
    """

    articles: Mapping[Place, Article]
    suppliers: frozenset[UUID]
    standings: Mapping[tuple[int, UUID | None], Standing]
    declined: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checked:
    """A call-off after the check: refused by any reason, whole; else its lines and draws."""

    reasons: tuple[Reason, ...]
    lines: tuple[OrderLine, ...]
    draws: tuple[Draw, ...]


@dataclass(frozen=True, slots=True)
class Located:
    """A call and the position it is for. index: its place in the request."""

    index: int
    call: Call
    lot: AgreementLot
    position: AgreementPosition

    @property
    def number(self) -> Place:
        """Lot and position number."""
        return self.call.lot_no, self.call.position_no

    @property
    def net(self) -> Decimal:
        """Net EUR at the pinned price."""
        return net_amount(self.call.quantity, self.position.unit_price_net)


def check_call_off(
    agreement: Agreement, member_id: UUID, calls: Sequence[Call], supply: Supply, today: date
) -> Checked:
    """Check a member's call-off. Prices are the agreement's, whatever the price list says today."""
    claims = list(located(agreement, calls))
    draws = _draws(claims)
    reasons = [
        *refusal_of_term(agreement, today),
        *refusal_of_member(agreement.terms, member_id, today),
        *unknown(agreement, calls),
        *(reason for claim in claims for reason in undeliverable(claim, supply)),
        *(reason for claim in claims for reason in _unfit(claim, today)),
        *out_of_turn(_lots(claims), supply.declined),
        *_below_minimum(claims),
        *_too_large(claims),
        *refusals_of(draws, supply.standings, member_id),
    ]
    lines = () if reasons else tuple(_line(claim, supply) for claim in claims)
    return Checked(tuple(reasons), lines, tuple(draws))


def located(agreement: Agreement, calls: Sequence[Call]) -> Iterator[Located]:
    """The calls whose position the agreement has."""
    for index, call in enumerate(calls):
        lot = lot_of(agreement.terms.lots, call.lot_no)
        position = position_of(lot, call.position_no) if lot else None
        if lot and position:
            yield Located(index, call, lot, position)


def unknown(agreement: Agreement, calls: Sequence[Call]) -> Iterator[Reason]:
    """Why a call names no position of the agreement: `lot_unknown`, `position_unknown`."""
    for index, call in enumerate(calls):
        lot = lot_of(agreement.terms.lots, call.lot_no)
        way_out = f"Bitte eine Position des Vertrags {agreement.number} wählen."
        if lot is None:
            yield Reason(
                "lot_unknown",
                "Dieses Los gibt es nicht",
                f"Los {call.lot_no}",
                way_out,
                f"lines[{index}].lot_no",
            )
        elif position_of(lot, call.position_no) is None:
            yield Reason(
                "position_unknown",
                "Diese Position gibt es nicht",
                f"Los {call.lot_no}, Position {call.position_no}",
                way_out,
                f"lines[{index}].position_no",
            )


def undeliverable(claim: Located, supply: Supply) -> Iterator[Reason]:
    """Why nobody can deliver it today: `supplier_not_active`, `article_missing`,
    `article_discontinued`, `unit_differs`.
    """
    field = f"lines[{claim.index}]"
    article = supply.articles.get(claim.number)
    if claim.lot.supplier_id not in supply.suppliers:
        yield Reason(
            "supplier_not_active",
            "Der Lieferant darf zurzeit nicht liefern",
            claim.lot.title,
            "Bitte wenden Sie sich an die Geschäftsstelle.",
            field,
        )
    elif article is None:
        yield Reason(
            "article_missing",
            "Der Lieferant hat diesen Artikel noch nicht in seiner Preisliste",
            claim.position.description,
            "Bitte wenden Sie sich an die Geschäftsstelle; sie fordert die Preisliste an.",
            field,
        )
    elif not article.orderable:
        yield Reason(
            "article_discontinued",
            "Dieser Artikel ist nicht mehr lieferbar",
            f"{article.article_number} {article.name}",
            "Ein Nachfolgeartikel ist abrufbar, sobald die Geschäftsstelle ihn als gleichwertig "
            "zum gleichen Preis genehmigt hat.",
            field,
        )
    elif article.order_unit != claim.position.order_unit:
        yield Reason(
            "unit_differs",
            "Der Artikel wird in einer anderen Einheit verkauft als vereinbart",
            f"Vereinbart: {unit_words(claim.position.order_unit)}, "
            f"Preisliste: {unit_words(article.order_unit)}.",
            "Bitte wenden Sie sich an die Geschäftsstelle.",
            field,
        )


def _unfit(claim: Located, today: date) -> Iterator[Reason]:
    # Minimum and interval of a price list are the supplier's alone; the agreement has its own.
    call, path = claim.call, f"lines[{claim.index}]"
    reasons = (
        Bounds(claim.position.order_unit).against(call.quantity, f"{path}.quantity"),
        against_amount(call.quantity, claim.position.unit_price_net, f"{path}.quantity"),
        against_wanted(call.requested_delivery_date, today, path),
    )
    yield from (reason for reason in reasons if reason is not None)


def _lots(claims: Sequence[Located]) -> list[AgreementLot]:
    return list({claim.lot.lot_no: claim.lot for claim in claims}.values())


def _below_minimum(claims: Sequence[Located]) -> Iterator[Reason]:
    sums: dict[int, Decimal] = {}
    for claim in claims:
        sums[claim.lot.lot_no] = sums.get(claim.lot.lot_no, Decimal(0)) + claim.net
    for lot in _lots(claims):
        least = lot.minimum_order_net
        if least is not None and sums[lot.lot_no] < least:
            yield Reason(
                "below_minimum_order",
                "Der Mindestbestellwert ist nicht erreicht",
                f"Los {lot.lot_no}: {euro_words(sums[lot.lot_no])} von {euro_words(least)}.",
                "Bitte die Menge erhöhen oder mit einem späteren Abruf zusammenlegen.",
                f"lot {lot.lot_no}",
            )


def _too_large(claims: Sequence[Located]) -> Iterator[Reason]:
    if sum((claim.net for claim in claims), Decimal(0)) > MAX_NET:
        yield Reason(
            "amount_too_large",
            "Der Betrag ist zu groß",
            f"Höchstens {euro_words(MAX_NET)}.",
            "Bitte die Menge verringern.",
            "lines",
        )


def _draws(claims: Sequence[Located]) -> list[Draw]:
    sums: dict[int, Draw] = {}
    for claim in sorted(claims, key=lambda claim: claim.lot.lot_no):
        before = sums.get(claim.lot.lot_no, Draw(claim.lot.lot_no, Decimal(0), Decimal(0)))
        sums[claim.lot.lot_no] = Draw(
            claim.lot.lot_no, before.value_net + claim.net, before.quantity + claim.call.quantity
        )
    return list(sums.values())


def _line(claim: Located, supply: Supply) -> OrderLine:
    article = supply.articles[claim.number]
    return OrderLine(
        line_no=claim.index + 1,
        article_id=article.article_id,
        supplier_id=claim.lot.supplier_id,
        article_number=article.article_number,
        name=article.name,
        cpv=article.cpv,
        comparable_group=article.comparable_group,
        quantity=claim.call.quantity,
        order_unit=claim.position.order_unit,
        unit_price_net=claim.position.unit_price_net,
        vat_rate=article.vat_rate,
        net_amount=claim.net,
        requested_delivery_date=claim.call.requested_delivery_date,
        lot_no=claim.lot.lot_no,
        position_no=claim.position.position_no,
    )

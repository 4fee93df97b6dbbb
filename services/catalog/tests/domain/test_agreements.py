"""What an agreement covers, over all its lots."""

from datetime import date
from uuid import UUID

from catalog.domain.agreements import covering
from marktbund.contracts.agreements import AgreementLot, AgreementPosition, AgreementState

PAPER, BINDER = UUID(int=9), UUID(int=3)


def position(number: int, group: str, article_id: UUID | None = None) -> AgreementPosition:
    return AgreementPosition(
        position_no=number,
        comparable_group=group,
        article_id=article_id,
        description="Papier",
        order_unit="XPK",
        unit_price_net="4.00",
    )


def agreement(*lots: tuple[AgreementPosition, ...]) -> AgreementState:
    return AgreementState(
        version=4,
        agreement_id=UUID(int=7),
        tender_id=None,
        number="RV-7",
        title="Papier",
        binding="open",
        status="confirmed",
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        entitled=(),
        lots=tuple(
            AgreementLot(
                lot_no=number,
                title="Los",
                supplier_id=UUID(int=1),
                positions=positions,
                ceilings=(),
            )
            for number, positions in enumerate(lots, 1)
        ),
    )


def test_groups_and_articles_of_all_lots_are_covered_once_each_and_sorted():
    first = (position(1, "gtin:2", PAPER), position(2, "gtin:1"))
    second = (position(1, "gtin:1", BINDER), position(2, "gtin:2", PAPER))
    covered = covering(agreement(first, second))
    assert covered.comparable_groups == ["gtin:1", "gtin:2"]
    assert covered.article_ids == [BINDER, PAPER]


def test_a_position_without_an_article_covers_its_group_alone():
    covered = covering(agreement((position(1, "gtin:1"),)))
    assert (covered.comparable_groups, covered.article_ids) == (["gtin:1"], [])


def test_an_agreement_without_lots_covers_nothing_and_keeps_what_it_is():
    covered = covering(agreement())
    assert (covered.comparable_groups, covered.article_ids) == ([], [])
    assert (covered.number, covered.binding, covered.status) == ("RV-7", "open", "confirmed")
    assert (covered.starts_on, covered.ends_on) == (date(2026, 1, 1), date(2026, 12, 31))
    assert (covered.agreement_id, covered.version) == (UUID(int=7), 4)

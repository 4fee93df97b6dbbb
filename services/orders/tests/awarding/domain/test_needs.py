"""A need's estimate (§ 3 VgV), its bookings, and when nothing more is ordered for it."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from marktbund.contracts.routes import Estimate
from marktbund.errors import Conflict, Invalid, NotFound
from orders.awarding.domain.limits import Need, NeedTerms, estimate, require_need

NEED, TOWN, OFFICER = UUID(int=1), UUID(int=2), UUID(int=3)
AT = datetime(2026, 5, 31, 10, tzinfo=UTC)


def terms(kind: str, stated: str | None = None, monthly: str | None = None) -> NeedTerms:
    return NeedTerms(
        title="Papier",
        kind=kind,
        stated_net=None if stated is None else Decimal(stated),
        monthly_net=None if monthly is None else Decimal(monthly),
    )


def need(**more) -> Need:
    values = {"net": Decimal(100), "need_kind": "one_off", "method": "sum_of_lines"}
    return Need(NEED, TOWN, "Papier", "supply", Estimate(**values), **more)


@pytest.mark.parametrize(
    ("asked", "ordered", "method", "net"),
    [
        (terms("one_off"), "250.00", "sum_of_lines", "250.00"),
        (terms("one_off", stated="900"), "250.00", "stated", "900"),
        (terms("one_off", stated="100"), "250.00", "stated", "250.00"),
        (terms("one_off", stated="0"), "250.00", "stated", "250.00"),
        # § 3 (10) VgV: the value of twelve months.
        (terms("recurring", monthly="50"), "10", "twelve_months", "600"),
        (terms("recurring", stated="700"), "10", "twelve_months", "700"),
        (terms("recurring", stated="700", monthly="50"), "10", "twelve_months", "600"),
        (terms("recurring", monthly="50"), "601", "twelve_months", "601"),
        # § 3 (11) VgV: 48 times the value of a month.
        (terms("open_ended", monthly="50"), "10", "forty_eight_months", "2400"),
        (terms("open_ended", stated="9", monthly="50"), "10", "forty_eight_months", "2400"),
    ],
)
def test_a_need_is_estimated_by_its_kind_and_never_below_its_first_order(
    asked: NeedTerms, ordered: str, method: str, net: str
):
    known = estimate(asked, Decimal(ordered))
    assert (known.method, known.net, known.need_kind) == (method, Decimal(net), asked.kind)


@pytest.mark.parametrize("asked", [terms("recurring"), terms("open_ended", stated="900")])
def test_a_need_that_goes_on_cannot_be_guessed(asked: NeedTerms):
    with pytest.raises(Invalid) as refused:
        estimate(asked, Decimal(10))
    assert (refused.value.code, refused.value.field) == ("estimate_missing", "need.monthly_net")


def test_a_need_takes_its_kind_from_its_terms_before_the_lines():
    written = Need.record(NEED, TOWN, terms("one_off"), Decimal(5), "service")
    assert written.contract_kind == "service"
    named = NeedTerms(title="Planung", contract_kind="freelance")
    assert Need.record(NEED, TOWN, named, Decimal(5), "service").contract_kind == "freelance"


def test_the_news_of_a_need_names_who_wrote_it_down_and_the_order_if_there_is_one():
    event = need().recorded(OFFICER, AT, UUID(int=9))
    assert (event.recorded_by, event.recorded_at, event.order_id) == (OFFICER, AT, UUID(int=9))
    assert (event.version, event.title, event.estimate.net) == (1, "Papier", 100)
    assert need().recorded(OFFICER, AT).order_id is None


def test_bookings_are_counted_and_can_be_given_back():
    booked = need().book(Decimal("12.50")).book(Decimal("7.50")).book(Decimal("-12.50"))
    assert (booked.ordered_net, booked.position, booked.version) == (Decimal("7.50"), 3, 1)


def test_a_closed_need_says_what_was_ordered_and_takes_nothing_more():
    closed, (event,) = need(ordered_net=Decimal(25)).close(OFFICER)
    assert (closed.status, event.version, event.ordered_net) == ("closed", 2, 25)
    for again in (closed.require_open, lambda: closed.close(OFFICER)):
        with pytest.raises(Conflict) as refused:
            again()
        assert refused.value.code == "need_closed"


def test_a_message_more_raises_the_version_alone():
    noted = need().noted()
    assert (noted.version, noted.position, noted.ordered_net) == (2, 0, need().ordered_net)


def test_a_need_nobody_knows_is_named():
    assert require_need(need()) == need()
    with pytest.raises(NotFound) as refused:
        require_need(None)
    assert (refused.value.code, refused.value.field) == ("need_unknown", "need_id")

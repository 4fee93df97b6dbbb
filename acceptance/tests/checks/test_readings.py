"""What is read of the services' figures, and what follows from it for ceilings and lines."""

from decimal import Decimal

import pytest

from acceptance.checks.readings import AgreementReading, CeilingReading, OrderLineReading

WHOLE = {"member_id": None, "limit_value_net": "100.00", "used_value_net": "99.99"}
SHARE = {"member_id": "m1", "limit_value_net": None, "used_value_net": "40.00"}


@pytest.mark.parametrize(
    ("limit", "used", "passed"),
    [("100.00", "100.00", False), ("100.00", "100.01", True), (None, "9999999.00", False)],
)
def test_a_ceiling_is_passed_by_a_cent(limit, used, passed):
    read = CeilingReading.model_validate(WHOLE | {"limit_value_net": limit, "used_value_net": used})
    assert read.passed is passed


def test_the_ceiling_of_all_members_is_the_one_without_a_member():
    known = {"agreement_id": "a1", "number": "R-1", "title": "Papier", "binding": "open"}
    read = AgreementReading.model_validate(known | {"exhaustion": [SHARE, WHOLE]})
    assert read.whole.used_value_net == Decimal("99.99")


def test_a_line_nobody_answered_is_open_as_a_whole():
    unsaid = dict.fromkeys(("accepted_net", "refused_net", "cancelled_net", "reduced_net"))
    read = OrderLineReading.model_validate({"line_no": 1, "net_amount": "12.30"} | unsaid)
    assert (read.amounts.demand, read.amounts.open) == (Decimal("12.30"), Decimal("12.30"))


def test_a_line_cut_and_partly_refused_keeps_what_is_left_of_it():
    answered = {
        "accepted_net": "5.00",
        "refused_net": "2.30",
        "cancelled_net": "0",
        "reduced_net": "1",
    }
    read = OrderLineReading.model_validate({"line_no": 1, "net_amount": "12.30"} | answered)
    assert (read.amounts.demand, read.amounts.open) == (Decimal("9.00"), Decimal("4.00"))

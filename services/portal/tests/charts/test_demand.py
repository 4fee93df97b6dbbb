"""The demand as figures to draw: every month, every cell."""

from uuid import UUID

from marktbund.contracts.http.tender_planning import HeatMapAnswer, MonthAnswer
from portal.charts import demand

KOELN, BONN = str(UUID(int=1)), str(UUID(int=2))


def month(day: str, free: str, called_off: str) -> MonthAnswer:
    net = {"demand_net": "0", "free_net": free, "called_off_net": called_off}
    return MonthAnswer.model_validate(net | {"month": day, "orders": 1, "lines": 1})


def test_months_without_demand_count_as_zero():
    months = [month("2025-12-01", "3.00", "1.00"), month("2026-02-01", "0.00", "2.00")]
    shown = demand.every_month(months)
    assert [(shown_month.month.isoformat(), shown_month.demand) for shown_month in shown] == [
        ("2025-12-01", 4),
        ("2026-01-01", 0),
        ("2026-02-01", 2),
    ]
    assert demand.every_month([]) == []


def test_the_grid_has_a_value_for_every_member_and_class():
    cells = [
        {"member_id": KOELN, "member_name": "Köln", "cpv_class": "30190000", "demand_net": "30"},
        {"member_id": BONN, "member_name": "", "cpv_class": "39110000", "demand_net": "40"},
    ]
    answer = {"members": [BONN, KOELN], "classes": ["39110000", "30190000"], "cells": cells}
    answer |= {"shown_net": "70", "total_net": "70"}
    grid = demand.grid(HeatMapAnswer.model_validate(answer))
    assert grid.members == ("Mitglied", "Köln")
    assert grid.values == ((40, 0), (0, 30))

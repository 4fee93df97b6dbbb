"""Versions of price lists: numbers, what may be published, what is announced."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.catalogues import Catalogue, PriceList, PriceListDifference
from marktbund.contracts.catalog import VersionPublished
from marktbund.errors import Conflict
from marktbund.ids import new_id

SUPPLIER, CLERK = new_id(), new_id()
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SAME = PriceListDifference(added=0, changed=0, unchanged=3, withdrawn=0)


def staged(number: int) -> PriceList:
    return PriceList(SUPPLIER, number, "0" * 64, 3, SAME, "staged", CLERK, NOW)


def test_publishing_announces_the_difference():
    catalogue = Catalogue(SUPPLIER, last_number=4, in_force=2, version=1)
    difference = PriceListDifference(added=1, changed=2, unchanged=0, withdrawn=5)
    after, published, events = catalogue.publish(staged(4), difference, CLERK, NOW)
    assert (after.in_force, after.version) == (4, 2)
    assert (published.status, published.published_by, published.published_at) == (
        "in_force",
        CLERK,
        NOW,
    )
    (event,) = events
    assert isinstance(event, VersionPublished)
    assert (event.version, event.price_list, event.articles) == (2, 4, 3)
    assert (event.added, event.changed, event.withdrawn) == (1, 2, 5)


def test_an_older_list_than_the_one_in_force_is_a_conflict():
    with pytest.raises(Conflict) as refused:
        Catalogue(SUPPLIER, 4, 3, 1).publish(staged(2), SAME, CLERK, NOW)
    assert refused.value.code == "price_list_superseded"


@given(st.lists(st.one_of(st.none(), st.integers(1, 12)), max_size=40))
def test_whatever_is_tried_the_list_in_force_only_gets_newer(steps: list[int | None]):
    """None stages a list, a number tries to publish that one."""
    catalogue, versions, in_force = Catalogue(SUPPLIER, 0, 0, 0), [], 0
    for step in steps:
        if step is None:
            staged_now = catalogue.stage("0" * 64, 3, SAME, CLERK, NOW)
            assert staged_now == staged(catalogue.last_number + 1)
            catalogue = replace(catalogue, last_number=staged_now.number)
        elif step <= catalogue.last_number:
            if step < in_force:
                with pytest.raises(Conflict):
                    catalogue.publish(staged(step), SAME, CLERK, NOW)
                continue
            catalogue, _, events = catalogue.publish(staged(step), SAME, CLERK, NOW)
            assert len(events) == (step > in_force)
            versions += [event.version for event in events]
            in_force = step
    assert catalogue.in_force == in_force
    assert versions == list(range(1, len(versions) + 1))


def test_a_list_that_is_in_force_already_is_left_as_it_is():
    catalogue = Catalogue(SUPPLIER, last_number=4, in_force=4, version=2)
    in_force = replace(staged(4), status="in_force", published_by=new_id(), published_at=NOW)
    other = PriceListDifference(added=9, changed=9, unchanged=9, withdrawn=9)
    assert catalogue.publish(in_force, other, CLERK, NOW) == (catalogue, in_force, [])


def test_a_staged_list_may_be_passed_over_by_a_newer_one():
    catalogue = Catalogue(SUPPLIER, last_number=5, in_force=2, version=1)
    after, _, _ = catalogue.publish(staged(5), SAME, CLERK, NOW)
    assert after.in_force == 5
    with pytest.raises(Conflict) as refused:
        after.awaits(staged(4))
    assert (refused.value.field, refused.value.detail) == (
        "number",
        "In Kraft ist die Preisliste 5.",
    )

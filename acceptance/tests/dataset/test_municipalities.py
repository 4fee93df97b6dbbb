"""The municipalities and the demo's members among them."""

from collections import Counter

import pytest

from acceptance.dataset.municipalities import ROLES, demo_members, municipalities


def test_all_municipalities_of_both_states_are_there():
    towns = municipalities()
    assert Counter(town.state for town in towns) == {"NW": 396, "HE": 422}
    assert len({town.ags for town in towns}) == 818
    assert sum(town.population for town in towns if town.state == "NW") == 17_947_221
    assert sum(town.population for town in towns if town.state == "HE") == 6_288_080


def test_kinds_come_from_the_official_keys():
    kinds = Counter(town.kind for town in municipalities())
    assert kinds == {
        "Stadt": 436,
        "Gemeinde": 345,
        "kreisfreie Stadt": 27,
        "Marktgemeinde": 10,
    }
    assert min(town.population for town in municipalities()) > 0


def test_names_carry_no_title():
    names = {town.ags: town.name for town in municipalities()}
    assert names["05315000"] == "Köln"
    assert not any("," in name for name in names.values())


def test_members_are_the_same_forty_every_time():
    members = demo_members()
    assert members == demo_members(40)
    assert len({member.key for member in members}) == 40
    assert Counter(member.municipality.state for member in members) == {"NW": 24, "HE": 16}
    assert [member.legal_name for member in members[:3]] == [
        "Stadt Köln",
        "Stadt Frankfurt am Main",
        "Stadt Düsseldorf",
    ]
    assert members[-1].municipality.population < 5_000


@pytest.mark.parametrize("count", [1, 2, 5, 43, 600])
def test_any_count_gives_that_many_different_members(count):
    assert len({member.key for member in demo_members(count)}) == count


@pytest.mark.parametrize("count", [0, -1, 601])
def test_a_count_out_of_range_is_refused(count):
    with pytest.raises(ValueError, match="between 1 and 600"):
        demo_members(count)


def test_accounts_are_opaque():
    cologne = demo_members()[0]
    assert cologne.account("requester") == "demo-requester-05315000"
    assert {cologne.account(role) for role in ROLES} == {
        "demo-requester-05315000",
        "demo-approver-05315000",
        "demo-award-office-05315000",
        "demo-auditor-05315000",
    }
    with pytest.raises(ValueError, match="no demo account"):
        cologne.account("mayor")

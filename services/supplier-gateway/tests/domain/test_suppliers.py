"""The register's rules, with no fixture at all."""

from dataclasses import replace

import pytest

from marktbund.errors import Conflict
from marktbund.ids import new_id
from supplier_gateway.domain.suppliers import NEXT_STATUS, Supplier


def test_is_registered_active_with_version_one():
    supplier, [event] = Supplier.register(new_id(), "Büro GmbH")
    assert (supplier.status, supplier.subs, supplier.version) == ("active", (), 1)
    assert (event.version, event.name) == (1, "Büro GmbH")


def test_credentials_are_a_set_and_the_same_set_is_no_news():
    supplier, _ = Supplier.register(new_id(), "Büro GmbH")
    changed, [event] = supplier.replace_credentials(["b", "a", "b"], {})
    assert (changed.subs, changed.version, event.subs) == (("a", "b"), 2, ("a", "b"))
    assert changed.replace_credentials(["a", "b"], {}) == (changed, [])


@pytest.mark.parametrize("before", list(NEXT_STATUS))
@pytest.mark.parametrize("after", list(NEXT_STATUS))
def test_status_follows_its_table(before: str, after: str):
    supplier = replace(Supplier.register(new_id(), "Büro GmbH")[0], status=before)
    if after == before:
        assert supplier.change_status(after) == (supplier, [])
    elif after in NEXT_STATUS[before]:
        changed, [event] = supplier.change_status(after)
        assert (changed.status, changed.version, event.version) == (after, 2, 2)
    else:
        with pytest.raises(Conflict, match="supplier_withdrawn"):
            supplier.change_status(after)


def test_one_that_has_left_gets_no_credentials():
    supplier = replace(Supplier.register(new_id(), "Büro GmbH")[0], status="withdrawn")
    with pytest.raises(Conflict, match="supplier_withdrawn"):
        supplier.replace_credentials(["a"], {})

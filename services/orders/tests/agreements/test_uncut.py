"""A member's agreements are all there, however many."""

from sqlalchemy import text

MORE = 520
_COPIES = text("""
    WITH copied AS (
        INSERT INTO agreement
               (agreement_id, number, title, binding, status, starts_on, ends_on, later_members,
                entitled, lots, changes, drafted_by, next_due, announced, version)
        SELECT gen_random_uuid(), 'LV-' || g, title, binding, status, starts_on, ends_on,
               later_members, entitled, lots, changes, drafted_by, next_due, announced, version
          FROM agreement CROSS JOIN generate_series(1, :more) AS g
        RETURNING agreement_id)
    INSERT INTO agreement_entitlement (agreement_id, member_id, entitled_from)
    SELECT c.agreement_id, e.member_id, e.entitled_from
      FROM copied AS c CROSS JOIN agreement_entitlement AS e
""")


async def test_a_list_of_more_than_five_hundred_agreements_is_not_cut(desk, office):
    await office.in_force()
    await desk.uow.connection.execute(_COPIES, {"more": MORE})
    agreements = (await desk.get("/member-agreements")).json()
    assert len({agreement["number"] for agreement in agreements}) == MORE + 1

"""Whoever holds a role that demands a second factor already: the identity provider is told."""

from marktbund.migrating import execute

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TELL = (
    """
    INSERT INTO sign_in AS s (person_id, made, since, next_attempt_at)
    SELECT p.person_id, false, now(), now() FROM person AS p
     WHERE p.active AND p.kind = 'person' AND EXISTS (
           SELECT FROM jsonb_array_elements(p.grants) AS g
            WHERE g->>'member_id' IS NULL
               OR g->>'role' IN ('member_admin', 'approver', 'award_office', 'finance'))
    ON CONFLICT (person_id) DO UPDATE
       SET wanted = s.wanted + 1, attempts = 0, next_attempt_at = excluded.next_attempt_at,
           since = CASE WHEN s.told < s.wanted THEN s.since ELSE excluded.since END
    """,
)


def upgrade() -> None:
    execute(TELL)

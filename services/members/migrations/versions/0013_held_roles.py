"""Roles as rows, for whoever asks who holds one: the list of them on an account stays as it is.

Expand: a release that knows the list only goes on writing it, and the rows follow. Contract, a
release after this one: the rows are written, the list and the trigger go.
"""

from marktbund.migrating import execute

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

HELD = (
    # No reference to member: an account may have come in before doors looked whether there is one.
    """
    CREATE TABLE held_role (
        person_id uuid NOT NULL REFERENCES person,
        role text NOT NULL CHECK (role <> ''),
        member_id uuid,
        UNIQUE NULLS NOT DISTINCT (person_id, role, member_id)
    )
    """,
    "CREATE INDEX held_role_at ON held_role (member_id, role)",
    "GRANT SELECT, INSERT, DELETE ON held_role TO {app}",
    """
    CREATE FUNCTION keep_held_roles() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM held_role WHERE person_id = NEW.person_id;
        INSERT INTO held_role (person_id, role, member_id)
        SELECT DISTINCT NEW.person_id, g ->> 'role', CAST(g ->> 'member_id' AS uuid)
          FROM jsonb_array_elements(NEW.grants) AS g;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER held_roles AFTER INSERT OR UPDATE OF grants ON person
       FOR EACH ROW EXECUTE FUNCTION keep_held_roles()
    """,
    # Behind the trigger, which holds the table until the commit: nothing changes in between.
    """
    INSERT INTO held_role (person_id, role, member_id)
    SELECT DISTINCT p.person_id, g ->> 'role', CAST(g ->> 'member_id' AS uuid)
      FROM person AS p, jsonb_array_elements(p.grants) AS g
    """,
    "CREATE INDEX grant_request_refused ON grant_request (member_id) WHERE state = 'refused'",
)


def upgrade() -> None:
    execute(HELD)

"""What SQL reads of a document is a column of its own, filled by the database (ADR 0045)."""

from marktbund.migrating import execute

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    execute(
        [
            """
            ALTER TABLE spot_order ADD COLUMN unit_id uuid
                GENERATED ALWAYS AS ((terms ->> 'unit_id')::uuid) STORED
            """,
            """
            ALTER TABLE wanted_line ADD COLUMN description text
                GENERATED ALWAYS AS (free_text ->> 'description') STORED
            """,
            """
            ALTER TABLE route_decision
                ADD COLUMN contract_kind text
                    GENERATED ALWAYS AS (body -> 'inputs' ->> 'contract_kind') STORED,
                ADD COLUMN rule_set_id uuid
                    GENERATED ALWAYS AS ((body ->> 'rule_set_id')::uuid) STORED,
                ADD COLUMN rule_set_version bigint
                    GENERATED ALWAYS AS ((body ->> 'rule_set_version')::bigint) STORED
            """,
            """
            ALTER TABLE agreement ADD COLUMN change_waits boolean
                GENERATED ALWAYS AS (
                    jsonb_path_exists(
                        changes,
                        '$[*] ? (!exists (@.approved_by) || @.approved_by == null)')) STORED
            """,
        ]
    )

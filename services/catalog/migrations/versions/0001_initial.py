"""Suppliers as heard, price lists in versions, articles with search, the platform's tables."""

from marktbund import platform_tables
from marktbund.migrating import execute

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# A staged row and an article hold the same offer under the same rules.
OFFER = """
    article_number text NOT NULL CHECK (length(article_number) BETWEEN 1 AND 60),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    description text NOT NULL,
    cpv text NOT NULL CHECK (cpv ~ '^[0-9]{8}$'),
    gtin text NOT NULL CHECK (gtin ~ '^([0-9]{8}|[0-9]{12,14})?$'),
    manufacturer text NOT NULL,
    manufacturer_article_number text NOT NULL,
    order_unit text NOT NULL CHECK (order_unit ~ '^[A-Z0-9]{1,3}$'),
    content text NOT NULL,
    unit_price_net numeric NOT NULL CHECK
        (unit_price_net BETWEEN 0 AND 9999999999.9999 AND scale(unit_price_net) <= 4),
    vat_rate numeric NOT NULL CHECK (vat_rate BETWEEN 0 AND 100 AND scale(vat_rate) <= 2),
    delivery_days integer NOT NULL CHECK (delivery_days BETWEEN 0 AND 365),
    minimum_quantity numeric NOT NULL CHECK
        (minimum_quantity > 0 AND minimum_quantity <= 9999999 AND scale(minimum_quantity) <= 3),
    features jsonb NOT NULL CHECK (jsonb_typeof(features) = 'array'),
    comparable_group text NOT NULL CHECK (comparable_group ~ '^(gtin|mfr|txt):.'),
    word_endings text NOT NULL
"""

TABLES = (
    """
    CREATE TABLE supplier (
        supplier_id uuid PRIMARY KEY,
        name text NOT NULL,
        status text NOT NULL CHECK (status IN ('active', 'suspended', 'withdrawn')),
        version bigint NOT NULL CHECK (version > 0)
    )
    """,
    """
    CREATE TABLE catalogue (
        supplier_id uuid PRIMARY KEY REFERENCES supplier,
        last_number integer NOT NULL DEFAULT 0 CHECK (last_number >= 0),
        in_force integer NOT NULL DEFAULT 0 CHECK (in_force BETWEEN 0 AND last_number),
        version bigint NOT NULL DEFAULT 0 CHECK (version BETWEEN 0 AND in_force)
    )
    """,
    """
    CREATE TABLE price_list (
        supplier_id uuid NOT NULL REFERENCES catalogue,
        number integer NOT NULL CHECK (number > 0),
        content_sha256 text NOT NULL CHECK (content_sha256 ~ '^[0-9a-f]{64}$'),
        articles integer NOT NULL CHECK (articles > 0),
        added integer NOT NULL CHECK (added >= 0),
        changed integer NOT NULL CHECK (changed >= 0),
        unchanged integer NOT NULL CHECK (unchanged >= 0),
        withdrawn integer NOT NULL CHECK (withdrawn >= 0),
        status text NOT NULL CHECK (status IN ('staged', 'in_force', 'superseded')),
        staged_by uuid NOT NULL,
        staged_at timestamptz NOT NULL,
        published_by uuid,
        published_at timestamptz,
        PRIMARY KEY (supplier_id, number),
        CHECK (added + changed + unchanged = articles),
        CHECK ((published_at IS NULL) = (published_by IS NULL)),
        CHECK (status = 'superseded' OR (status = 'in_force') = (published_at IS NOT NULL))
    )
    """,
    """
    CREATE UNIQUE INDEX price_list_in_force ON price_list (supplier_id)
        WHERE status = 'in_force'
    """,
    # Rows are written before their list, whose difference is counted over them.
    f"""
    CREATE TABLE price_list_row (
        supplier_id uuid NOT NULL,
        number integer NOT NULL,
        article_id uuid NOT NULL,
        {OFFER},
        PRIMARY KEY (supplier_id, number, article_number),
        FOREIGN KEY (supplier_id, number) REFERENCES price_list DEFERRABLE INITIALLY DEFERRED
    )
    """,
    f"""
    CREATE TABLE article (
        article_id uuid PRIMARY KEY,
        supplier_id uuid NOT NULL,
        {OFFER},
        status text NOT NULL CHECK (status IN ('active', 'withdrawn')),
        price_list integer NOT NULL,
        version bigint NOT NULL CHECK (version > 0),
        published_version bigint NOT NULL DEFAULT 0 CHECK (published_version <= version),
        search tsvector NOT NULL GENERATED ALWAYS AS (
            setweight(to_tsvector('german', name), 'A')
            || setweight(to_tsvector('german', manufacturer || ' ' || description), 'B')
            || setweight(jsonb_to_tsvector('german', features, '["string"]'), 'C')
            || setweight(to_tsvector('simple', word_endings), 'D')
        ) STORED,
        UNIQUE (supplier_id, article_number),
        FOREIGN KEY (supplier_id, price_list) REFERENCES price_list
    )
    """,
    "CREATE INDEX article_unpublished ON article (article_id) WHERE published_version < version",
    "CREATE INDEX article_search ON article USING gin (search)",
    "CREATE INDEX article_number_lower ON article (lower(article_number))",
    """
    CREATE INDEX article_manufacturer_number_lower ON article (lower(manufacturer_article_number))
        WHERE manufacturer_article_number <> ''
    """,
    "CREATE INDEX article_gtin ON article (lpad(gtin, 14, '0')) WHERE gtin <> ''",
    "CREATE INDEX article_by_name ON article (name, article_id) WHERE status = 'active'",
    "CREATE INDEX article_cpv ON article (cpv text_pattern_ops) WHERE status = 'active'",
    "GRANT SELECT, INSERT, UPDATE ON supplier, catalogue, price_list, article TO {app}",
    "GRANT SELECT, INSERT, DELETE ON price_list_row TO {app}",
)


def upgrade() -> None:
    execute(platform_tables.INITIAL)
    execute(TABLES)

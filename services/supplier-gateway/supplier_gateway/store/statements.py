"""SQL over many supplier orders at once: one round trip per table, whatever the batch."""

from sqlalchemy import text

ADD_ORDERS = text("""
    INSERT INTO supplier_order
        (supplier_order_id, order_id, member_id, acting_member_id, supplier_id, placed_at,
         net_total, status, cancel_reason, open_lines, delivery_version, response_version,
         delivery, buyer_reference)
    SELECT * FROM unnest(
        CAST(:supplier_order_id AS uuid[]), CAST(:order_id AS uuid[]), CAST(:member_id AS uuid[]),
        CAST(:acting_member_id AS uuid[]), CAST(:supplier_id AS uuid[]),
        CAST(:placed_at AS timestamptz[]), CAST(:net_total AS numeric[]), CAST(:status AS text[]),
        CAST(:cancel_reason AS text[]), CAST(:open_lines AS int[]),
        CAST(:delivery_version AS bigint[]), CAST(:response_version AS bigint[]),
        CAST(CAST(:delivery AS text[]) AS jsonb[]), CAST(:buyer_reference AS text[]))
    ON CONFLICT (supplier_order_id) DO NOTHING
    RETURNING supplier_order_id
""")
ADD_LINES = text("""
    INSERT INTO supplier_order_line
        (supplier_order_id, line_no, article_id, article_number, name, cpv, quantity, order_unit,
         unit_price_net, vat_rate, net_amount, requested_delivery_date, quoted_on, state)
    SELECT *, 'open' FROM unnest(
        CAST(:supplier_order_id AS uuid[]), CAST(:line_no AS int[]), CAST(:article_id AS uuid[]),
        CAST(:article_number AS text[]), CAST(:name AS text[]), CAST(:cpv AS text[]),
        CAST(:quantity AS numeric[]), CAST(:order_unit AS text[]),
        CAST(:unit_price_net AS numeric[]), CAST(:vat_rate AS numeric[]),
        CAST(:net_amount AS numeric[]), CAST(:requested_delivery_date AS date[]),
        CAST(:quoted_on AS date[]))
""")
# Locked in one order, so that two batches never wait for one another.
LOCK_ORDERS = text("""
    SELECT * FROM supplier_order WHERE supplier_order_id = ANY(:ids)
     ORDER BY supplier_order_id FOR UPDATE
""")
LOCK_ORDER = text("""
    SELECT * FROM supplier_order
     WHERE supplier_order_id = :supplier_order_id AND supplier_id = :supplier_id FOR UPDATE
""")
ORDER_OF_DELIVERY = text("""
    SELECT supplier_order_id FROM delivery
     WHERE delivery_id = :delivery_id AND supplier_id = :supplier_id
""")
LINES = text("""
    SELECT * FROM supplier_order_line WHERE supplier_order_id = ANY(:ids)
     ORDER BY supplier_order_id, line_no
""")
ORDER_OF_ANY_DELIVERY = text(
    "SELECT supplier_order_id FROM delivery WHERE delivery_id = :delivery_id"
)
# Locked too: claims do not ask for the order's lock.
DELIVERIES = text("""
    SELECT * FROM delivery WHERE supplier_order_id = ANY(:ids) ORDER BY seq FOR UPDATE
""")
SAVE_ORDERS = text("""
    UPDATE supplier_order AS o
       SET status = n.status, cancel_reason = n.cancel_reason, open_lines = n.open_lines,
           delivery_version = n.delivery_version, response_version = n.response_version
      FROM unnest(
        CAST(:supplier_order_id AS uuid[]), CAST(:status AS text[]), CAST(:cancel_reason AS text[]),
        CAST(:open_lines AS int[]), CAST(:delivery_version AS bigint[]),
        CAST(:response_version AS bigint[]))
        AS n (supplier_order_id, status, cancel_reason, open_lines, delivery_version,
              response_version)
     WHERE o.supplier_order_id = n.supplier_order_id
""")
# Lines that stayed as they are cost a comparison, not a new row version.
SAVE_LINES = text("""
    UPDATE supplier_order_line AS l
       SET state = n.state, response_id = n.response_id, agreed_quantity = n.agreed_quantity,
           agreed_unit_price_net = n.agreed_unit_price_net, promised_date = n.promised_date,
           despatched_quantity = n.despatched_quantity
      FROM unnest(
        CAST(:supplier_order_id AS uuid[]), CAST(:line_no AS int[]), CAST(:state AS text[]),
        CAST(:response_id AS uuid[]), CAST(:agreed_quantity AS numeric[]),
        CAST(:agreed_unit_price_net AS numeric[]), CAST(:promised_date AS date[]),
        CAST(:despatched_quantity AS numeric[]))
        AS n (supplier_order_id, line_no, state, response_id, agreed_quantity,
              agreed_unit_price_net, promised_date, despatched_quantity)
     WHERE l.supplier_order_id = n.supplier_order_id AND l.line_no = n.line_no
       AND (l.state, l.despatched_quantity) <> (n.state, n.despatched_quantity)
""")
# What was claimed is free again with the news of its call; documents that stayed are compared only.
SAVE_DELIVERIES = text("""
    INSERT INTO delivery AS d
        (delivery_id, supplier_order_id, supplier_id, document, queued_at, acknowledged_at,
         attempts, step, next_attempt_at, held_at, abandoned_at)
    SELECT * FROM unnest(
        CAST(:delivery_id AS uuid[]), CAST(:supplier_order_id AS uuid[]),
        CAST(:supplier_id AS uuid[]), CAST(:document AS text[]),
        CAST(:queued_at AS timestamptz[]), CAST(:acknowledged_at AS timestamptz[]),
        CAST(:attempts AS int[]), CAST(:step AS int[]), CAST(:next_attempt_at AS timestamptz[]),
        CAST(:held_at AS timestamptz[]), CAST(:abandoned_at AS timestamptz[]))
    ON CONFLICT (delivery_id) DO UPDATE
       SET acknowledged_at = excluded.acknowledged_at, step = excluded.step,
           next_attempt_at = excluded.next_attempt_at, held_at = excluded.held_at,
           abandoned_at = excluded.abandoned_at
     WHERE (d.acknowledged_at, d.step, d.next_attempt_at, d.held_at, d.abandoned_at)
           IS DISTINCT FROM (excluded.acknowledged_at, excluded.step, excluded.next_attempt_at,
                             excluded.held_at, excluded.abandoned_at)
""")
ADD_DESPATCH = text("""
    WITH despatch AS (
        INSERT INTO despatch (despatch_id, supplier_order_id, despatched_on)
        VALUES (:despatch_id, :supplier_order_id, :despatched_on) RETURNING despatch_id)
    INSERT INTO despatch_line (despatch_id, line_no, quantity)
    SELECT despatch_id, line_no, quantity FROM despatch, unnest(
        CAST(:line_no AS int[]), CAST(:quantity AS numeric[])) AS n (line_no, quantity)
""")

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
# In the order of the store's OrderRow.
HOLD_ORDERS = """
    SELECT supplier_order_id, order_id, member_id, supplier_id, placed_at, cancel_reason,
           delivery_version, response_version
      FROM supplier_order
     WHERE supplier_order_id = ANY(CAST(:held_order_ids AS uuid[]))
       AND (CAST(:held_order_owner AS uuid) IS NULL OR supplier_id = :held_order_owner) AND {first}
     ORDER BY supplier_order_id FOR UPDATE
"""
ORDER_OF_DELIVERY = text("""
    SELECT supplier_order_id FROM delivery
     WHERE delivery_id = :delivery_id
       AND (CAST(:supplier_id AS uuid) IS NULL OR supplier_id = :supplier_id)
""")
LINES = """
    SELECT supplier_order_id, line_no, quantity, unit_price_net, state, despatched_quantity,
           order_unit, response_id, agreed_quantity, agreed_unit_price_net, promised_date
      FROM supplier_order_line WHERE supplier_order_id = ANY(CAST(:order_ids AS uuid[]))
     ORDER BY supplier_order_id, line_no
"""
# Locked too: claims do not ask for the order's lock.
DELIVERIES = """
    SELECT supplier_order_id, delivery_id, document, queued_at, acknowledged_at, attempts, step,
           next_attempt_at, held_at, abandoned_at
      FROM delivery WHERE supplier_order_id = ANY(CAST(:order_ids AS uuid[])) ORDER BY seq
       FOR UPDATE
"""
SAVE_ORDERS = """
    UPDATE supplier_order AS o
       SET status = n.status, cancel_reason = n.cancel_reason, open_lines = n.open_lines,
           delivery_version = n.delivery_version, response_version = n.response_version
      FROM unnest(
        CAST(:o_supplier_order_id AS uuid[]), CAST(:o_status AS text[]),
        CAST(:o_cancel_reason AS text[]), CAST(:o_open_lines AS int[]),
        CAST(:o_delivery_version AS bigint[]), CAST(:o_response_version AS bigint[]))
        AS n (supplier_order_id, status, cancel_reason, open_lines, delivery_version,
              response_version)
     WHERE o.supplier_order_id = n.supplier_order_id
"""
# Lines that stayed as they are cost a comparison, not a new row version.
SAVE_LINES = """
    UPDATE supplier_order_line AS l
       SET state = n.state, response_id = n.response_id, agreed_quantity = n.agreed_quantity,
           agreed_unit_price_net = n.agreed_unit_price_net, promised_date = n.promised_date,
           despatched_quantity = n.despatched_quantity
      FROM unnest(
        CAST(:l_supplier_order_id AS uuid[]), CAST(:l_line_no AS int[]), CAST(:l_state AS text[]),
        CAST(:l_response_id AS uuid[]), CAST(:l_agreed_quantity AS numeric[]),
        CAST(:l_agreed_unit_price_net AS numeric[]), CAST(:l_promised_date AS date[]),
        CAST(:l_despatched_quantity AS numeric[]))
        AS n (supplier_order_id, line_no, state, response_id, agreed_quantity,
              agreed_unit_price_net, promised_date, despatched_quantity)
     WHERE l.supplier_order_id = n.supplier_order_id AND l.line_no = n.line_no
       AND (l.state, l.despatched_quantity) <> (n.state, n.despatched_quantity)
"""
# What was claimed is free again with the news of its call; documents that stayed are compared only.
SAVE_DELIVERIES = """
    INSERT INTO delivery AS d
        (delivery_id, supplier_order_id, supplier_id, document, queued_at, acknowledged_at,
         attempts, step, next_attempt_at, held_at, abandoned_at)
    SELECT * FROM unnest(
        CAST(:d_delivery_id AS uuid[]), CAST(:d_supplier_order_id AS uuid[]),
        CAST(:d_supplier_id AS uuid[]), CAST(:d_document AS text[]),
        CAST(:d_queued_at AS timestamptz[]), CAST(:d_acknowledged_at AS timestamptz[]),
        CAST(:d_attempts AS int[]), CAST(:d_step AS int[]),
        CAST(:d_next_attempt_at AS timestamptz[]), CAST(:d_held_at AS timestamptz[]),
        CAST(:d_abandoned_at AS timestamptz[]))
    ON CONFLICT (delivery_id) DO UPDATE
       SET acknowledged_at = excluded.acknowledged_at, step = excluded.step,
           next_attempt_at = excluded.next_attempt_at, held_at = excluded.held_at,
           abandoned_at = excluded.abandoned_at
     WHERE (d.acknowledged_at, d.step, d.next_attempt_at, d.held_at, d.abandoned_at)
           IS DISTINCT FROM (excluded.acknowledged_at, excluded.step, excluded.next_attempt_at,
                             excluded.held_at, excluded.abandoned_at)
"""
WAKE_DELIVERIES = """
    UPDATE delivery SET next_attempt_at = :woken_at, held_at = NULL
     WHERE supplier_id = :woken_supplier_id AND acknowledged_at IS NULL AND abandoned_at IS NULL
       AND next_attempt_at IS NOT NULL AND (claimed_until IS NULL OR claimed_until <= :woken_at)
"""

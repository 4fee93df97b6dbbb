"""From cart to receipt: orders, supplier orders, attachments, answers, notices of orders."""

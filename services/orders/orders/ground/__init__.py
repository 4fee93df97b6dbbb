"""What all rooms stand on: what others own as replicas, lock order, reasons, days, quantities."""

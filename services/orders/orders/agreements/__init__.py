"""Framework agreements: terms, lots, entitlement, ceilings, what a call-off is checked by."""

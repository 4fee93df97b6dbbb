"""The outside: the issuer, and the other services' public doors."""

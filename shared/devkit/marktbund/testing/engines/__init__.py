"""Real engines for tests and for the local stack: PostgreSQL and Kafka, no Docker needed.

In: a directory and ports, or an address in the environment. Out: running servers that are provably
ours and are ended by identity only.
"""

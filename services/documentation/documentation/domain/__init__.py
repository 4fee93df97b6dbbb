"""The rules of the record: commitments, Merkle roots, checkpoints, exports and their verifier."""

"""The outside world: suppliers' endpoints, the resolver, the key that seals their secrets."""

"""Other offices: the registry, and sealing for them."""

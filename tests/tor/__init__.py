"""A private Tor network on loopback, and the whole of Peluit behind its onion services."""

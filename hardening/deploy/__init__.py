"""How the servers are run."""

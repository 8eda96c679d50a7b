"""Opening: everything that needs a secret key. Nothing that faces a network may import this."""

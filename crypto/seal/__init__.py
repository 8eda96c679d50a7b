"""Sealing: everything that only needs public keys."""

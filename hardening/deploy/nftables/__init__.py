"""The host's firewall: what may come in, and who may go out."""

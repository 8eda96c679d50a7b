"""How systemd runs a server's programs: units.py."""

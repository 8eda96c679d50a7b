"""What AppArmor lets the programs of a server open: profiles.py."""

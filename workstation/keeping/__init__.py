"""How long cases are kept, and their destruction with a certificate."""

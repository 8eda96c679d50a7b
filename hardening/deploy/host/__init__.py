"""What the host needs besides the program: users, rights, and small files of configuration."""

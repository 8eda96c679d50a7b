"""What runs inside the sandbox, with the system's Python and its standard library alone."""

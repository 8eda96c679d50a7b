"""End-to-end tests: real browsers against a running Peluit."""

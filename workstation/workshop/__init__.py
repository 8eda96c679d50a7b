"""Training stations: made-up cases that cannot be mixed with real ones."""

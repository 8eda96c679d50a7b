"""The one command line, and the demo that `make run` starts."""

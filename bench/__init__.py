"""Measurements of the running thing, repeatable with `make bench`; results are dated under bench/results."""

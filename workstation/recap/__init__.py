"""The accounts that are given of all cases: register, recap, performance of offices, public statistics."""

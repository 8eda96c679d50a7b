"""Proofs that the promises hold, each with a number that can get worse: docs/proofs.md has the list.

A module has `measure(full) -> Iterator[Line]`: lines whose goals must be met. `make privacy` runs them in
full; the tests beside them run each small, and show with a planted leak that it can fail.
"""

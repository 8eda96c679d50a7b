"""The commands of `peluit`, one module each: `add` tells the parser of it, `run` does it.

A module imports what does the work inside `run`: asking for one command loads nothing of the others, and the
station needs none of the server's packages.
"""

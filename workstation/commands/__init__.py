"""The commands of `peluit station`, one module each: `add(subparsers)` and `run(args) -> exit code`."""

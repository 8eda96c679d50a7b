"""What goes wrong while a process hardens itself."""


class NotConfinedError(Exception):
    """The kernel could confine this process, and it did not come about: the server must not start."""

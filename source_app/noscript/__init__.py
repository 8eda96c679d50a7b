"""The door for browsers that run no scripts (Tor Browser's level Safest): a process of its own.

Here the server does what elsewhere the reporter's browser does, and sees text, file and codename for the
length of the request. Nothing else that faces a network may import this package, or what it alone imports.
"""

from source_app.noscript.app import create_app

__all__ = ["create_app"]

"""The inbox for a source app that has no right to its file.

A program of its own (`peluit serve inbox`), under a user of its own, has the key of `inbox.db`. The source
app asks it over a Unix socket for the verbs of the reporter's side, and can ask for nothing else:

    wire.py     the frames on the socket and the requests in them
    client.py   the source app's side: a Writer and an Eraser (store/reporting.py)
    server.py   the program's side
"""

UNIX = "unix:"
"""Begins a PELUIT_INBOX that names a broker's socket."""

"""`peluit station open`: the station's page on 127.0.0.1, for the one person who sits at it.

One browser (visit.py), one server that listens on loopback only (server.py), one thread that touches the
station (server.py) and one more for long work (work.py). Which page may be seen when: access.py.
"""

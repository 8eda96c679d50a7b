"""The worker's real upload code against the real server, with everything in between that can go wrong."""

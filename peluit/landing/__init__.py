"""The static page outside Tor that tells where the drop box is, with poster and server configuration."""

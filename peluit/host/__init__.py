"""`peluit host`: puts a server on a Debian 12, and takes it away again."""

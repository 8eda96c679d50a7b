"""The reviewers' app against real databases, and for streams against real gunicorn."""

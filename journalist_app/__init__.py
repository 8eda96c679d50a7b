"""The reviewers' app: sign-in, queue, bundles out and in, the board. It never sees plaintext."""

from journalist_app.app import create_app

__all__ = ["create_app"]

"""The reporter's side: static pages and a JSON API that can only add (docs/protocol.md section 11)."""

from source_app.app import create_app

__all__ = ["create_app"]

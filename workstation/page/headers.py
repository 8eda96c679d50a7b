"""The headers of every answer. Nothing is kept by the browser, and nothing runs or comes from elsewhere."""

from typing import Final

from flask import Response

# Not `no-referrer`: forms would then come from the origin "null", and could not be told from a stranger's.
_ALL: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def add(response: Response) -> Response:
    """After every request."""
    response.headers.update(_ALL)
    return response

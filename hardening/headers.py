"""The security headers of every answer, byte for byte, by what the answer is.

Nothing is ever cached (`no-store`): a page or script in the cache of a shared office computer would prove a
visit, and within a visit each file is fetched once. ETag and Last-Modified stay absent for the same reason
(but for bundles on the reviewers' side, whose downloads can be resumed: journalist_app/resuming.py).
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final

CONTENT_TYPES: Final[Mapping[str, str]] = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
}
"""Of static files, by the ending of their name; what has another ending is not served."""


class Kind(Enum):
    """What an answer is, as far as its headers go."""

    PAGE = "the reporter's pages"
    SCRIPT = "their scripts (a worker has the policy of its own answer) and styles"
    DATA = "answers of the API, the board, downloads and every error: never a document"
    FORM_PAGE = "forms without scripts: the journalist application's pages, and the no-script door's"


_POLICIES: Final[Mapping[Kind, str]] = {
    Kind.PAGE: (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; worker-src 'self'; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    Kind.SCRIPT: "default-src 'none'; connect-src 'self'; frame-ancestors 'none'",
    # `sandbox`: should a browser be led to show such an answer, it is nobody's page.
    Kind.DATA: "default-src 'none'; frame-ancestors 'none'; sandbox",
    # No `sandbox`: forms would come from an opaque origin, and the reviewers' cookie would not.
    Kind.FORM_PAGE: (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
}

_FEATURES: Final = (
    "accelerometer",
    "autoplay",
    "camera",
    "clipboard-read",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)

_COMMON: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _FEATURES),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def headers(kind: Kind) -> dict[str, str]:
    """The exact set of security headers for an answer."""
    return {**_COMMON, "Content-Security-Policy": _POLICIES[kind]}


def kind_of(media_type: str) -> Kind:
    """What an answer of the source application is, by its media type."""
    return {"text/html": Kind.PAGE, "text/javascript": Kind.SCRIPT, "text/css": Kind.SCRIPT}.get(
        media_type, Kind.DATA
    )

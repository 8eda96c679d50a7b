"""The manifest: which bytes stand at which path, and under which policy. Pure: one site, one manifest."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from crypto import canonical
from crypto.binding import b64, unb64
from crypto.canonical import Json
from crypto.errors import MalformedError
from crypto.fields import Day, Fields
from hardening.headers import CONTENT_TYPES, Kind, headers, kind_of

INDEX: Final = "index.html"
"""The file that stands for a folder."""

FALLBACK: Final = "/not-found"
"""The path whose answer is that of every path that there is none of."""

LONGEST: Final = 2**20
"""Of a manifest with its signatures, in bytes."""

_PATH: Final = re.compile(r"(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+\Z")
_DIGEST: Final = 32
_HTML: Final = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Manifest:
    """`files`: path → SHA-256 of what stands there; `extra_csp`: beginning of a path → policy."""

    app: str
    version: str
    day: Day
    """The day it was made; WEBCAT's `timestamp`."""
    files: Mapping[str, bytes]
    default_csp: str
    extra_csp: Mapping[str, str]


def build(
    contents: Mapping[str, bytes], downloads: Iterable[str], app: str, version: str, day: Day
) -> Manifest:
    """The manifest of a site; `contents`: path → bytes, with an INDEX for each folder, and a FALLBACK.

    `downloads` are addresses in a page's folder whose bytes are not fixed: only their policy is.
    MalformedError without INDEX or FALLBACK, or for a path that no manifest may hold.
    """
    page, data = _policy(Kind.PAGE), _policy(Kind.DATA)
    policies = {path: _policy(kind_of(content_type(path).partition(";")[0])) for path in contents}
    extra = {address(path): policy for path, policy in policies.items() if policy != data}
    # "/" begins whatever is not listed: API, board, errors. The first page itself has the default.
    extra |= {"/": data} | dict.fromkeys(downloads, data)
    digests = {path: hashlib.sha256(content).digest() for path, content in contents.items()}
    return read(to_json(Manifest(app, version, day, digests, page, extra)))


def to_json(manifest: Manifest) -> Json:
    """As WEBCAT writes it; there are no WebAssembly modules."""
    return {
        "app": manifest.app,
        "default_csp": manifest.default_csp,
        "default_fallback": FALLBACK,
        "default_index": INDEX,
        "extra_csp": dict(manifest.extra_csp),
        "files": {path: b64(digest) for path, digest in manifest.files.items()},
        "timestamp": manifest.day,
        "version": manifest.version,
        "wasm": [],
    }


def read(untrusted_value: object) -> Manifest:
    """The manifest that parsed JSON tells of; MalformedError."""
    fields = Fields(untrusted_value)
    if (fields.take("default_index"), fields.take("default_fallback")) != (INDEX, FALLBACK):
        raise MalformedError
    if fields.take("wasm") != []:
        raise MalformedError
    found = Manifest(
        app=fields.text("app", longest=200, shortest=1),
        version=fields.text("version", longest=100, shortest=1),
        day=fields.day("timestamp"),
        files={path: unb64(digest, _DIGEST) for path, digest in _texts(fields, "files").items()},
        default_csp=fields.text("default_csp", longest=2_000, shortest=1),
        extra_csp=_texts(fields, "extra_csp"),
    )
    fields.end()
    if not all(_PATH.match(path) for path in found.files):
        raise MalformedError
    if not {f"/{INDEX}", FALLBACK} <= found.files.keys():
        raise MalformedError
    return found


def canonical_bytes(manifest: Manifest) -> bytes:
    """What is signed: RFC 8785."""
    return canonical.dump(to_json(manifest))


def address(path: str) -> str:
    """Where a browser finds a path of the manifest: an INDEX stands for its folder."""
    return path.removesuffix(INDEX) if path.endswith(f"/{INDEX}") else path


def policy_at(manifest: Manifest, address: str) -> str:
    """The Content-Security-Policy of an address, as WEBCAT finds it: the longest beginning that is listed.

    The first page has the default; so have paths that no beginning is listed of.
    """
    found = INDEX if address == "/" else address
    return max(
        ((start, policy) for start, policy in manifest.extra_csp.items() if found.startswith(start)),
        key=lambda each: len(each[0]),
        default=("", manifest.default_csp),
    )[1]


def content_type(path: str) -> str:
    """Of what stands at a path: by its ending, errors are JSON, and what has no ending is a folder's page."""
    if path == FALLBACK:
        return CONTENT_TYPES[".json"]
    name = path.rsplit("/", 1)[-1]
    return CONTENT_TYPES.get(name[name.rfind(".") :], "") if "." in name else _HTML


def _policy(kind: Kind) -> str:
    return headers(kind)["Content-Security-Policy"]


def _texts(fields: Fields, name: str) -> dict[str, str]:
    value = fields.take(name)
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise MalformedError
    return dict(value)

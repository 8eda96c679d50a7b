"""Whether an answer of a site is the one that its manifest promises. Pure."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from crypto.binding import b64
from hardening.headers import headers, kind_of
from hardening.manifest.form import FALLBACK, Manifest, address, content_type, policy_at
from hardening.manifest.links import loads

_MOST_NAMED: Final = 5
# Ten times the longest page. html.parser's work may grow with the square of what a hostile page holds.
_LONGEST_PAGE: Final = 2**18
_POLICY: Final = "content-security-policy"
_TYPE: Final = "content-type"
# What says how the bytes travel; everything else an answer carries is compared.
_FRAMING: Final = frozenset({"connection", "content-encoding", "content-length", "transfer-encoding", "vary"})


@dataclass(frozen=True)
class Answer:
    """`headers` in their order, names in lower case; `body` unpacked."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def all(self, name: str) -> list[str]:
        return [value for known, value in self.headers if known == name]


def differences(manifest: Manifest, path: str, untrusted_answer: Answer) -> Iterator[str]:
    """How an answer differs from what `path` promises, a sentence each; none if it is that one."""
    status = 404 if path == FALLBACK else 200
    if untrusted_answer.status != status:
        yield f"answers with status {untrusted_answer.status} instead of {status}"
    digest = hashlib.sha256(untrusted_answer.body).digest()
    if digest != manifest.files[path]:
        yield f"holds other bytes: SHA-256 {b64(digest)} instead of {b64(manifest.files[path])}"
    yield from _header_differences(manifest, path, untrusted_answer)
    if not content_type(path).startswith("text/html"):
        return
    if len(untrusted_answer.body) > _LONGEST_PAGE:
        yield "is too long to be searched for what it loads"
    else:
        known = {address(each) for each in manifest.files}
        strange = sorted(loads(untrusted_answer.body) - known)
        for each in strange[:_MOST_NAMED]:
            yield f"loads {_shown(each)}, which is not in the manifest"
        if len(strange) > _MOST_NAMED:
            yield f"loads {len(strange) - _MOST_NAMED} more things that are not in the manifest"


def _header_differences(manifest: Manifest, path: str, untrusted_answer: Answer) -> Iterator[str]:
    kind = kind_of(content_type(path).partition(";")[0])
    expected = {name.lower(): value for name, value in headers(kind).items()}
    expected |= {_POLICY: policy_at(manifest, address(path)), _TYPE: content_type(path)}
    for name, value in expected.items():
        if untrusted_answer.all(name) != [value]:
            got = " and ".join(_shown(each) for each in untrusted_answer.all(name)) or "nothing"
            yield f"has another {name}: {got} instead of {value}"
    others = {name for name, _value in untrusted_answer.headers} - expected.keys() - _FRAMING
    for name in sorted(others)[:_MOST_NAMED]:
        yield f"has a header that the site does not send: {_shown(name)}"


def _shown(untrusted_text: str) -> str:
    """For a terminal: short, and nothing but printable ASCII."""
    return ascii(untrusted_text[:200])[1:-1]

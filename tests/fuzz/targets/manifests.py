"""Manifests of the site: their files, and the answers of a site that means harm."""

from nacl.signing import SigningKey

from crypto.errors import ProtocolError
from crypto.fields import Day
from hardening.manifest import form, signing
from hardening.manifest.checking import Answer, differences
from hardening.manifest.signing import Enrollment, Signed
from tests.fuzz.target import Target

_KEY = SigningKey(bytes(32))
_PAGE = b"<!doctype html><script src=/assets/a.js></script><p onclick=x>&amp;<svg><use href=/b.svg></svg>"
_MADE = form.build(
    {"/index.html": _PAGE, "/not-found": b"{}", "/assets/a.js": b"1"},
    ["/x"],
    "urn:peluit",
    "1",
    Day("2026-11-24"),
)
_SIGNED = signing.add(Signed(_MADE, {}), _KEY)
_ENROLLED = Enrollment((_KEY.verify_key.encode(),), 1, 90)


def _read(untrusted_data: bytes) -> None:
    found = signing.read(untrusted_data)
    assert signing.read(signing.write(found)) == found
    signing.objections(found, _ENROLLED, Day("2026-11-24"))


def _read_enrollment(untrusted_data: bytes) -> None:
    assert signing.write_enrollment(signing.read_enrollment(untrusted_data)) == untrusted_data


def _compare(untrusted_data: bytes) -> None:
    text = untrusted_data.decode("latin-1")
    answer = Answer(200, ((text[:20].lower(), text[20:]), ("content-type", text)), untrusted_data)
    said = list(differences(_MADE, "/index.html", answer))
    assert said and all(line.isascii() and line.isprintable() for line in said)


TARGETS = (
    Target("manifest", _read, (ProtocolError,), lambda: [signing.write(_SIGNED)], json=True),
    Target(
        "manifest-enrollment",
        _read_enrollment,
        (ProtocolError,),
        lambda: [signing.write_enrollment(_ENROLLED)],
        json=True,
    ),
    Target("site-answer", _compare, (), lambda: [_PAGE, b"<![x["]),
)

"""Who may sign a manifest, and whether enough of them have: k of n Ed25519 signatures."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from nacl.exceptions import CryptoError
from nacl.signing import SigningKey, VerifyKey

from crypto import calendar, canonical
from crypto.binding import b64, bind, unb64
from crypto.canonical import Json
from crypto.constants import SIGNATURE_SIZE
from crypto.errors import MalformedError
from crypto.fields import Day, Fields, distinct
from hardening.manifest import form
from hardening.manifest.form import Manifest

_PURPOSE: Final = "site-manifest"
_DAY: Final = 86_400
_KEY: Final = 32
_MOST_SIGNERS: Final = 32
_MOST_DAYS: Final = 3_660


@dataclass(frozen=True)
class Enrollment:
    """Public keys of the signers, how many of them must have signed, and for how many days that holds."""

    signers: tuple[bytes, ...]
    threshold: int
    days: int


@dataclass(frozen=True)
class Signed:
    """A manifest, and signatures by the public key that they claim to be of."""

    manifest: Manifest
    signatures: Mapping[bytes, bytes]


def write_enrollment(enrollment: Enrollment) -> bytes:
    """Canonical JSON; MalformedError for what no reader would take."""
    signers: list[Json] = [b64(key) for key in enrollment.signers]
    text = canonical.dump(
        {
            "max_age": enrollment.days * _DAY,
            "signers": signers,
            "threshold": enrollment.threshold,
            "type": "ed25519",
        }
    )
    if read_enrollment(text) != enrollment:
        raise MalformedError
    return text


def read_enrollment(untrusted_text: bytes) -> Enrollment:
    """Any ProtocolError; a signer who stands there twice would count twice, and is refused."""
    fields = Fields(canonical.parse(untrusted_text))
    fields.one_of("type", ("ed25519",))
    signers = fields.list_of("signers", lambda each: unb64(each, _KEY), 1, _MOST_SIGNERS)
    distinct([b64(key) for key in signers])
    threshold = fields.integer("threshold", 1, len(signers))
    days, rest = divmod(fields.integer("max_age", _DAY, _MOST_DAYS * _DAY), _DAY)
    fields.end()
    if rest:
        raise MalformedError
    return Enrollment(signers, threshold, days)


def write(signed: Signed) -> bytes:
    """Canonical JSON of the manifest and its signatures."""
    signatures: dict[str, Json] = {b64(key): b64(each) for key, each in signed.signatures.items()}
    return canonical.dump({"manifest": form.to_json(signed.manifest), "signatures": signatures})


def write_bundle(signed: Signed, enrollment: Enrollment) -> bytes:
    """The same with the enrollment: the one file that WEBCAT's extension fetches."""
    both = canonical.parse(write(signed))
    if not isinstance(both, dict):
        raise MalformedError
    return canonical.dump({**both, "enrollment": canonical.parse(write_enrollment(enrollment))})


def read(untrusted_text: bytes) -> Signed:
    """A manifest's file, signed or not, or the manifest of a bundle. Any ProtocolError."""
    if len(untrusted_text) > form.LONGEST:
        raise MalformedError
    fields = Fields(canonical.parse(untrusted_text))
    manifest = form.read(fields.take("manifest"))
    untrusted_signatures = fields.take("signatures")
    if "enrollment" in fields.names():
        fields.take("enrollment")  # who may sign is told by the reader's own file, never by the site
    fields.end()
    if not isinstance(untrusted_signatures, dict) or len(untrusted_signatures) > _MOST_SIGNERS:
        raise MalformedError
    signatures = {unb64(key, _KEY): unb64(each, SIGNATURE_SIZE) for key, each in untrusted_signatures.items()}
    return Signed(manifest, signatures)


def add(signed: Signed, key: SigningKey) -> Signed:
    """The manifest with one more signature."""
    signature = key.sign(_message(signed.manifest)).signature
    return Signed(signed.manifest, {**signed.signatures, key.verify_key.encode(): signature})


def objections(signed: Signed, enrollment: Enrollment, today: Day) -> list[str]:
    """Why this manifest does not count, a sentence each; empty if it does."""
    good = {key for key in enrollment.signers if _is_good(signed, key)}
    said = [
        f"The signature of {b64(key)} is not over this manifest."
        for key in enrollment.signers
        if key in signed.signatures and key not in good
    ]
    if len(good) < enrollment.threshold:
        strangers = len(signed.signatures.keys() - set(enrollment.signers))
        also = f" ({strangers} by keys that are not among them)" if strangers else ""
        said.append(f"{len(good)} of the signers have signed; {enrollment.threshold} must{also}.")
    last = calendar.add_days(signed.manifest.day, enrollment.days)
    if today > last:
        said.append(f"The manifest is of {signed.manifest.day} and was good until {last}.")
    if signed.manifest.day > calendar.add_days(today, 1):
        said.append(f"The manifest is of {signed.manifest.day}, which is yet to come.")
    return said


def _is_good(signed: Signed, key: bytes) -> bool:
    if key not in signed.signatures:
        return False
    try:
        VerifyKey(key).verify(_message(signed.manifest), signed.signatures[key])
    except CryptoError:
        return False
    return True


def _message(manifest: Manifest) -> bytes:
    return bind(_PURPOSE, form.canonical_bytes(manifest))

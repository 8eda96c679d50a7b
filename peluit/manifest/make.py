"""Makes manifests: builds them, says who signs, signs, and puts them where browsers look."""

import importlib.metadata
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from crypto import calendar
from crypto.binding import b64, unb64
from crypto.errors import MalformedError
from crypto.fields import Day
from hardening.manifest import form, signing
from hardening.manifest.signing import Enrollment, Signed
from peluit.errors import FileThereError
from peluit.manifest import keys, served
from peluit.manifest.errors import BadThresholdError, NoPublicKeyError, UnfitManifestError
from peluit.manifest.verify import read_enrollment, read_manifest
from store.files import make_folder, write_whole
from store.layout import Layout

APP: Final = "urn:peluit"
"""WEBCAT's `app`: an address; where the source is kept is for each office to say."""


def build(contents: Mapping[str, bytes], to: Path, app: str, day: Day | None) -> None:
    """Writes an unsigned manifest and prints its hash. FileThereError, OSError."""
    version = importlib.metadata.version("peluit")
    made = form.build(contents, served.DOWNLOADS, app, version, day or calendar.today())
    _write_new(to, signing.write(Signed(made, {})))
    sys.stdout.write(
        f"{to} lists {len(made.files)} files. Each signer builds it too (--site), compares, and signs:\n"
        f"  peluit manifest sign {to} --key KEYFILE\n"
    )


def make_key(to: Path) -> None:
    """A signer's key; prints the public half. FileThereError, WeakKeyPassphraseError, OSError."""
    public = b64(keys.make(to).verify_key.encode())
    sys.stdout.write(
        f"The key is in {to}: keep it off the server. Its public half is for everybody:\n{public}\n"
    )


def enroll(public_keys: Sequence[str], threshold: int, days: int, to: Path) -> None:
    """Writes who signs. NoPublicKeyError, BadThresholdError, FileThereError, OSError."""
    signers = tuple(_public_key(each) for each in public_keys)
    try:
        text = signing.write_enrollment(Enrollment(signers, threshold, days))
    except MalformedError:
        raise BadThresholdError(threshold, len(set(signers))) from None
    _write_new(to, text)
    sys.stdout.write(f"{to}: {threshold} of {len(signers)} must sign, anew every {days} days.\n")


def sign(path: Path, key_file: Path) -> None:
    """Adds one signature. NoManifestError, NoSignerKeyError, OSError."""
    signed = signing.add(read_manifest(path), keys.read(key_file))
    write_whole(path, signing.write(signed))
    sys.stdout.write(f"{path} now has {len(signed.signatures)} of its signatures.\n")


def publish(folder: Path, path: Path, signers: Path) -> None:
    """Puts a manifest where WEBCAT looks for it, if enough have signed and it is what lies in the folder.

    NoManifestError, NoEnrollmentError, NoDataError, UnfitManifestError, OSError.
    """
    signed, enrollment = read_manifest(path), read_enrollment(signers)
    objections = signing.objections(signed, enrollment, calendar.today())
    if objections:
        raise UnfitManifestError(objections[0])
    found = signed.manifest
    here = form.build(served.of_folder(folder), served.DOWNLOADS, found.app, found.version, found.day)
    if here != found:
        raise UnfitManifestError("it is not of what lies on this server. Build and sign it anew.")
    well_known = Layout(folder).pages / served.WELL_KNOWN
    make_folder(well_known)
    write_whole(well_known / "enrollment.json", signing.write_enrollment(enrollment))
    write_whole(well_known / "manifest.json", signing.write(signed))
    write_whole(well_known / "bundle.json", signing.write_bundle(signed, enrollment))
    sys.stdout.write("Published. The site shows it from its next start.\n")


def _public_key(untrusted_text: str) -> bytes:
    try:
        return unb64(untrusted_text, 32)
    except MalformedError:
        raise NoPublicKeyError(untrusted_text) from None


def _write_new(to: Path, data: bytes) -> None:
    try:
        with to.open("xb") as file:
            file.write(data)
    except FileExistsError:
        raise FileThereError(to) from None

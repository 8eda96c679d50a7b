"""Compares a running site with its manifest, from another machine."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from crypto import calendar
from crypto.errors import ProtocolError
from hardening.manifest import signing
from hardening.manifest.checking import differences
from hardening.manifest.form import address
from hardening.manifest.signing import Enrollment, Signed
from peluit.manifest.errors import NoEnrollmentError, NoManifestError
from peluit.manifest.fetch import HostileError, Place, UnreachableError, fetch
from peluit.manifest.served import WELL_KNOWN

GOOD: Final = 0
DIFFERS: Final = 1
UNREADABLE: Final = 2
UNREACHABLE: Final = 3


@dataclass
class _Found:
    differing: list[str] = field(default_factory=list)
    unreached: list[str] = field(default_factory=list)


def verify(place: Place, manifest: Path | None, signers: Path) -> int:
    """Prints what differs, a line each, and returns one of the four codes above.

    Without `manifest`, that which the site itself offers: its signatures, not the site, make it count.
    NoManifestError, NoEnrollmentError, OSError.
    """
    enrollment = read_enrollment(signers)
    if manifest:
        signed = read_manifest(manifest)
    else:
        try:
            signed = signing.read(fetch(place, f"/{WELL_KNOWN}/bundle.json").body)
        except UnreachableError as error:
            return _conclude(_Found(unreached=[f"The site {error}."]), 0)
        except (HostileError, ProtocolError):
            return _conclude(_Found(differing=["The site offers no manifest that can be read."]), 0)
    found = _Found(differing=signing.objections(signed, enrollment, calendar.today()))
    for path in sorted(signed.manifest.files):
        try:
            found.differing += _compared(place, signed, path)
        except UnreachableError as error:
            found.unreached.append(f"{address(path)} {error}")
    return _conclude(found, len(signed.manifest.files))


def read_manifest(path: Path) -> Signed:
    """NoManifestError, OSError."""
    try:
        return signing.read(path.read_bytes())
    except ProtocolError:
        raise NoManifestError(path) from None


def read_enrollment(path: Path) -> Enrollment:
    """NoEnrollmentError, OSError."""
    try:
        return signing.read_enrollment(path.read_bytes())
    except ProtocolError:
        raise NoEnrollmentError(path) from None


def _compared(place: Place, signed: Signed, path: str) -> Iterator[str]:
    where = address(path)
    try:
        answer = fetch(place, where)
    except HostileError as error:
        yield f"{where} {error}"
        return
    for difference in differences(signed.manifest, path, answer):
        yield f"{where} {difference}"


def _conclude(found: _Found, files: int) -> int:
    for line in (*found.differing, *found.unreached):
        print(line)  # noqa: T201
    if found.differing:
        sys.stdout.write(
            "The site is NOT what was signed. Keep these lines, and tell the office by another way.\n"
        )
        return DIFFERS
    if found.unreached:
        sys.stdout.write(
            "Not everything answered, so nothing is proven. Try again; then ask whether it is up.\n"
        )
        return UNREACHABLE
    sys.stdout.write(f"All {files} files are what was signed, with exactly the headers they must have.\n")
    return GOOD

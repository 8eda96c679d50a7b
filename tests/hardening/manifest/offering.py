"""A server that offers its manifest, signed by two of three."""

from pathlib import Path

from nacl.signing import SigningKey

from crypto.binding import b64
from hardening.manifest import signing
from peluit.manifest import make, served
from store.layout import Layout

KEYS = [SigningKey(bytes([n]) * 32) for n in (1, 2, 3)]


def offer(layout: Layout, folder: Path) -> tuple[Path, Path]:
    """Builds, signs and publishes; the manifest and who signs, in `folder`."""
    manifest, signers = sign(layout, folder)
    make.publish(layout.root, manifest, signers)
    return manifest, signers


def sign(layout: Layout, folder: Path) -> tuple[Path, Path]:
    """Builds and signs; the manifest and who signs, in `folder`."""
    manifest, signers = folder / "manifest.json", folder / "signers.json"
    make.build(served.of_folder(layout.root), manifest, make.APP, None)
    make.enroll([b64(key.verify_key.encode()) for key in KEYS], 2, 90, signers)
    signed = signing.read(manifest.read_bytes())
    manifest.write_bytes(signing.write(signing.add(signing.add(signed, KEYS[0]), KEYS[2])))
    return manifest, signers

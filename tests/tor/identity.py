"""The keys of a directory authority, made by tor's own programs."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.tor.daemon import TOR

_GENCERT = shutil.which("tor-gencert", path="/usr/bin:/usr/sbin:/usr/local/bin") or "tor-gencert"


@dataclass(frozen=True)
class Identity:
    """How others know an authority: `relay` names its relay key, `votes` the key of its votes (hex)."""

    relay: str
    votes: str


def make(folder: Path, nickname: str) -> Identity:
    """Puts the keys into `folder`, which will be the authority's DataDirectory."""
    keys = folder / "keys"
    keys.mkdir(parents=True, mode=0o700)
    certificate = keys / "authority_certificate"
    votes = subprocess.Popen(
        [
            *(_GENCERT, "--create-identity-key", "--passphrase-fd", "0", "-m", "1"),
            *("-i", keys / "authority_identity_key", "-s", keys / "authority_signing_key", "-c", certificate),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    relay = subprocess.Popen(
        [
            *(TOR, "--ignore-missing-torrc", "-f", "/dev/null", "--defaults-torrc", "/dev/null", "--quiet"),
            *("--list-fingerprint", "--DataDirectory", folder, "--Nickname", nickname),
            *("--ORPort", "1", "--SocksPort", "0", "--Address", "127.0.0.1"),
            *("--DirAuthority", f"other 127.0.0.1:1 {'f' * 40}"),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    made = votes.communicate("of a private network\n")[0]
    assert votes.returncode == 0, made
    said = relay.communicate()[0]
    fingerprint = re.search(rf"^{nickname} ([0-9A-F ]+)$", said, re.MULTILINE)
    voting = re.search(r"^fingerprint ([0-9A-F]{40})$", certificate.read_text(), re.MULTILINE)
    assert fingerprint and voting, said
    return Identity(fingerprint[1].replace(" ", ""), voting[1])

"""`peluit landing`: writes the page outside Tor into a folder, with what a web server needs to serve it."""

import sys
from pathlib import Path
from typing import Final

from crypto.constants import LANGUAGES
from crypto.fingerprint import digits, spoken
from hardening.deploy.tor.address import OnionAddress
from peluit.errors import FileThereError, NoDataError, RefusedError
from peluit.landing import webserver
from peluit.landing.facts import Facts, Office
from peluit.landing.page import render
from store import site
from store.errors import StoreError
from store.layout import Layout

SERVED: Final = Path("/var/www/peluit-landing")
"""Where the example configurations look for the folder `site`."""


def write(folder: Path, to: Path, onion: OnionAddress, domain: str) -> None:
    """Makes the folder `to`: `site/` is the web root, beside it `nginx.conf` and `Caddyfile`.

    NoDataError, FileThereError, RefusedError.
    """
    facts = Facts(onion, _offices(folder))
    if to.exists():
        raise FileThereError(to)
    files = {f"site/{path}": data for path, data in render(facts).items()}
    files["nginx.conf"] = webserver.nginx(facts, domain, str(SERVED)).encode()
    files["Caddyfile"] = webserver.caddy(facts, domain, str(SERVED)).encode()
    for path, data in files.items():
        (to / path).parent.mkdir(parents=True, exist_ok=True)
        (to / path).write_bytes(data)
    sys.stdout.write(
        f"The page is in {to / 'site'}. Copy its content to {SERVED} on another machine than\n"
        f"this server, and take {to / 'nginx.conf'} or {to / 'Caddyfile'} for its web server.\n"
        "Then print the posters:\n\n"
        + "".join(f"    {to / name}\n" for name in sorted(files) if name.endswith(".pdf"))
    )


def _offices(folder: Path) -> tuple[Office, ...]:
    layout = Layout(folder)
    if not layout.site.is_file():
        raise NoDataError(folder)
    try:
        found = site.read(layout).offices
    except StoreError as error:
        raise RefusedError(error) from None
    return tuple(
        Office(
            id=office.id,
            names=office.names,
            digits=digits(office.root),
            words={language: spoken(office.root, language) for language in LANGUAGES},
        )
        for office in found
    )

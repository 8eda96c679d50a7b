"""The onion services' addresses, which tor makes at its first start."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hardening.deploy.tor.address import OnionAddress, read_address
from hardening.deploy.tor.errors import AddressRefusedError
from hardening.deploy.tor.torrc import NAMES, Name
from peluit.errors import NoDataError, RefusedError
from peluit.reporter_pages import place as place_pages
from peluit.tor.errors import NoAddressError, NoOnionError
from peluit.tor.place import Place
from store.errors import StoreError
from store.layout import Layout

_WHOSE: dict[Name, str] = {
    "source": "reporters",
    "noscript": "reporters, without scripts",
    "reviewers": "reviewers (with a key: peluit tor client add NAME)",
}


def address(place: Place, name: Name) -> OnionAddress:
    """The address of one of them; NoAddressError before tor's first start."""
    try:
        text = (place.onion(name) / "hostname").read_text("ascii")
        return read_address(text.removesuffix("\n"))
    except (FileNotFoundError, UnicodeDecodeError, AddressRefusedError):
        raise NoAddressError(place.onion(name)) from None


def show(place: Place, folder: Path | None) -> None:
    """Prints all addresses; with the server's data folder, its pages are written anew and lead to them.

    NoOnionError, NoAddressError, NoDataError, NotBuiltError, RefusedError.
    """
    names = [name for name in NAMES if place.onion(name).is_dir()]
    if not names:
        raise NoOnionError(place.onions)
    for name in names:
        sys.stdout.write(f"http://{address(place, name)}/  {_WHOSE[name]}\n")
    if folder is not None:
        noscript = f"http://{address(place, 'noscript')}/" if "noscript" in names else None
        _write_pages(Layout(folder), noscript)
        where = "lead to the address without scripts" if noscript else "lead to no door without scripts"
        sys.stdout.write(f"The reporters' pages are those of this build, and {where}.\n")


def _write_pages(layout: Layout, noscript: str | None) -> None:
    if not layout.site.is_file():
        raise NoDataError(layout.root)
    try:
        with _as_owner_of(layout.pages):
            place_pages(layout, noscript)
    except StoreError as error:
        raise RefusedError(error) from None


@contextmanager
def _as_owner_of(folder: Path) -> Iterator[None]:
    """Root sees tor's folders, and writes as the pages' owner: or the app could not read what it wrote."""
    owner = folder.stat()
    if os.geteuid() != 0 or owner.st_uid == 0:
        yield
        return
    group = os.getegid()
    os.setegid(owner.st_gid)
    os.seteuid(owner.st_uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(group)

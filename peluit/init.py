"""Sets up a server from the station's first bundle."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from crypto.constants import LANGUAGES
from crypto.fingerprint import digits, spoken
from journalist_app.errors import BundleRefusedError
from journalist_app.inviting import invite
from journalist_app.taking import adopt_first_bundle
from peluit.errors import DataThereError, NoBundleError, RefusedError
from peluit.host.rights import apply_if_installed
from peluit.invite import sentence
from peluit.reporter_pages import place
from store import keyfile, site
from store.errors import StoreError
from store.layout import Layout
from store.site import SiteOffice

_ADMINISTRATOR = "administrator"
"""The name of each office's first account; its holder invites the others, and may be removed by them."""


def init(folder: Path, bundle: Path, noscript: str | None = None) -> None:
    """Makes folders, keys (mode 0600), stores and pages, once a person has compared the fingerprint.

    `noscript` is the address of the no-script door, if there will be one.
    DataThereError, NoBundleError, RefusedError.
    """
    set_up(folder, bundle, _ask, noscript)
    sys.stdout.write(f"The server is set up in {folder}. \n\n")
    layout = Layout(folder)
    for office in site.read(layout).offices:
        code = invite(layout, office.id, "administrator", _ADMINISTRATOR)
        sys.stdout.write(f"{office.id}: {sentence(_ADMINISTRATOR, code)}")
    apply_if_installed(folder)


def set_up(
    folder: Path, bundle: Path, agrees: Callable[[SiteOffice], bool], noscript: str | None = None
) -> None:
    """`init` with the question put by `agrees(office) -> bool`."""
    if folder.exists() and any(folder.iterdir()):
        raise DataThereError(folder)
    if not bundle.is_file():
        raise NoBundleError(bundle)
    # made beside the place and moved there as a whole: a refusal leaves nothing behind
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        _fill(Layout(unfinished), bundle, agrees, noscript)
        unfinished.rename(folder)
    except (BundleRefusedError, StoreError) as error:
        raise RefusedError(error) from None
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _fill(layout: Layout, bundle: Path, agrees: Callable[[SiteOffice], bool], noscript: str | None) -> None:
    layout.make()
    for path in (layout.inbox_key, layout.staff_key, layout.ticket_key):
        keyfile.create(path)
    adopt_first_bundle(layout, bundle, agrees)
    layout.make_done(office.id for office in site.read(layout).offices)
    place(layout, noscript)


def _ask(office: SiteOffice) -> bool:
    sys.stdout.write(f"\n{office.names['id']} ({office.id}). The root key's fingerprint:\n\n")
    sys.stdout.write(f"    {' '.join(digits(office.root))}\n")
    for language in LANGUAGES:
        sys.stdout.write(f"    {' '.join(spoken(office.root, language))}\n")
    sys.stdout.write("\nIs it the one that the station printed? Type yes: ")
    sys.stdout.flush()
    return sys.stdin.readline().strip() == "yes"

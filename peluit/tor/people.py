"""`peluit tor client`: what is said to the person who lets others in."""

import sys

from hardening.deploy.tor.client import for_browser
from hardening.deploy.tor.errors import TorError
from peluit.errors import RefusedError
from peluit.tor import clients, service
from peluit.tor.addresses import address
from peluit.tor.errors import NoAddressError
from peluit.tor.place import Place


def add(place: Place, untrusted_name: str, reload: bool) -> None:
    """Makes a person's key and shows it, once; every error of `clients.add` as a CommandError."""
    try:
        private = clients.add(place.onion("reviewers"), untrusted_name)
    except TorError as error:
        raise RefusedError(f"{untrusted_name!a}: {error}") from None
    sys.stdout.write(
        f"The key of {untrusted_name}, shown this once and kept nowhere. Tor Browser on a computer asks for "
        f"it when the reviewers' address is opened (on Android it cannot):\n\n    {private}\n\n"
    )
    try:
        line = for_browser(address(place, "reviewers"), private)
        sys.stdout.write(
            f"The same for a file {untrusted_name}.auth_private of another tor:\n\n    {line}\n\n"
        )
    except NoAddressError:
        sys.stdout.write("The address is not there yet; tor makes it when it is started first.\n")
    if reload:
        service.do(place, "reload")
        sys.stdout.write("tor has read it.\n")
    else:
        sys.stdout.write(
            f"It opens the address once tor has read it:\n\n    {service.command(place, 'reload')}\n"
        )


def revoke(place: Place, untrusted_name: str, restart: bool) -> None:
    """Takes a person's key away, and starts tor anew or says how."""
    try:
        clients.revoke(place.onion("reviewers"), untrusted_name)
    except TorError as error:
        raise RefusedError(f"{untrusted_name!a}: {error}") from None
    sys.stdout.write(f"{untrusted_name} has no key any more.\n")
    if restart:
        service.do(place, "restart")
        clients.forget_revocations(place.onion("reviewers"))
        sys.stdout.write("tor was started anew: nobody gets in with it.\n")
    else:
        sys.stdout.write(
            "It counts when tor was started anew. Until then, a browser that was there lately gets in:\n\n"
            f"    {service.command(place, 'restart')}\n"
        )


def show(place: Place) -> None:
    """Prints who has a key, and since which day."""
    found = clients.listed(place.onion("reviewers"))
    for client in found:
        sys.stdout.write(f"{client.name}  since {client.since}\n")
    if not found:
        sys.stdout.write("Nobody has a key. Make one: peluit tor client add NAME\n")


def repair(place: Place) -> None:
    """Removes what tor cannot read, and names it."""
    gone = clients.repair(place.onion("reviewers"))
    for name in gone:
        sys.stdout.write(f"Removed: {ascii(name)[1:-1]}. Whose it was needs a new key.\n")
    if not gone:
        sys.stdout.write("Every file is one that tor can read.\n")
    sys.stdout.write(f"It counts when tor has been started anew: {service.command(place, 'restart')}\n")

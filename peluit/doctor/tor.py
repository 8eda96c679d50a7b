"""Checks of tor: what is installed, its torrc, the reviewers' clients, and the process that runs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from hardening.deploy.tor import reading
from hardening.deploy.tor.errors import NoTorError
from hardening.deploy.tor.torrc import NAMES, Name
from hardening.deploy.tor.verify import build, verify
from peluit.doctor.finding import Check, Finding
from peluit.doctor.installation import Installation
from peluit.doctor.socket_access import closed_socket_fault
from peluit.tor import clients, service
from peluit.tor.addresses import address
from peluit.tor.authorized import check_clients
from peluit.tor.errors import NoAddressError, NoOnionError
from peluit.tor.place import Place, place
from peluit.tor.probe import probe

_LEAST: Final = (0, 4, 8)
_APPS: Final[dict[Name, str]] = {"source": "source", "noscript": "noscript", "reviewers": "journalist"}
_SET_UP: Final = "peluit tor setup"
_UPGRADE: Final = "apt-get install --only-upgrade tor"
_REPAIR: Final = "peluit tor client repair"


def program(_installation: Installation) -> Iterator[Finding]:
    """The installed tor."""
    try:
        found = build()
    except NoTorError:
        yield Finding("tor.program", "bad", "tor is not installed.", "apt-get install tor")
        return
    version = ".".join(str(part) for part in found.version)
    if found.version < _LEAST:
        yield Finding("tor.program", "bad", f"tor {version} is too old: 0.4.8 is needed.", _UPGRADE)
    elif "pow" not in found.modules:
        says = f"tor {version} was built without the proof-of-work defence."
        yield Finding("tor.program", "bad", says, "apt-get install --reinstall tor")
    else:
        yield Finding("tor.program", "good", f"tor {version} has the proof-of-work defence.")


def configuration(installation: Installation) -> Iterator[Finding]:
    """The torrc: tor's own judgement, ours, and where it leads."""
    where = place(installation.tor)
    try:
        text = where.torrc.read_text("utf-8")
    except FileNotFoundError:
        yield Finding("tor.configuration", "bad", "The onion services are not set up.", _SET_UP)
        return
    with where.filled_defaults() as defaults:
        warnings = verify(where.torrc, defaults)
    wrong = [*warnings, *reading.problems(text), *_wrong_targets(installation, where, text)]
    for sentence in wrong:
        yield Finding("tor.configuration", "bad", f"{where.torrc}: {sentence}", _set_up(installation))
    if not wrong:
        yield Finding("tor.configuration", "good", "tor takes its configuration without a warning.")


def reviewers(installation: Installation) -> Iterator[Finding]:
    """Who may reach the reviewers' onion service."""
    try:
        faults = check_clients(place(installation.tor).onion("reviewers"))
    except NoOnionError:
        says = "The reviewers' onion service has no list of clients: it would be open to everybody."
        yield Finding("tor.reviewers", "bad", says, _set_up(installation))
        return
    for fault in faults:
        yield Finding("tor.reviewers", "bad", fault.says, _with(installation, _REPAIR))
    if not faults:
        yield Finding("tor.reviewers", "good", "The reviewers' onion service is closed to strangers.")


def process(installation: Installation) -> Iterator[Finding]:
    """The tor that runs: whether it does, as whom, and whether it knows of the last revocation."""
    where = place(installation.tor)
    restart = service.command(where, "restart")
    running = service.running(where, installation.proc)
    if running is None:
        yield Finding("tor.process", "bad", "tor does not run.", restart)
        return
    if running.uid == 0:
        yield Finding("tor.process", "bad", "tor runs as root.", restart)
    try:
        revoked = clients.last_revocation(where.onion("reviewers"))
    except NoOnionError:
        return  # `reviewers` says so
    if revoked > running.started:
        says = "Somebody's key was revoked; until tor is started anew, it still opens the reviewers' address."
        yield Finding("tor.process", "bad", says, restart)
    else:
        yield Finding("tor.process", "good", "tor runs, and has been started since the last revocation.")


def addresses(installation: Installation) -> Iterator[Finding]:
    """Whether tor has made them."""
    where = place(installation.tor)
    for name in NAMES:
        if where.onion(name).is_dir():
            try:
                address(where, name)
                yield Finding("tor.addresses", "good", f"The onion service {name} has its address.")
            except NoAddressError:
                says = f"The onion service {name} has no address yet: tor makes it when it is started."
                yield Finding("tor.addresses", "bad", says, service.command(where, "restart"))


def sockets(installation: Installation) -> Iterator[Finding]:
    """The apps' sockets: there, for tor, and for nobody else who is not theirs."""
    where = place(installation.tor)
    try:
        targets = reading.targets(where.torrc.read_text("utf-8"))
        owner = where.onions.stat().st_uid
    except FileNotFoundError:
        return  # `configuration` says so
    for name in NAMES:
        target = targets.get(where.onion(name), "")
        if target.startswith("unix:"):
            fault = closed_socket_fault(Path(target.removeprefix("unix:")), owner)
            yield (
                Finding("tor.sockets", "bad", fault, f"systemctl restart peluit-{_APPS[name]}.service")
                if fault
                else Finding("tor.sockets", "good", f"The onion service {name} leads to a socket of its own.")
            )


def stranger(installation: Installation) -> Iterator[Finding]:
    """Whether somebody without a key gets in: only where a SOCKS port of another tor is given."""
    if installation.socks is None:
        return
    try:
        found = probe(address(place(installation.tor), "reviewers"), installation.socks)
    except NoAddressError:
        return  # `addresses` says so
    if found == "open":
        says = "Somebody without a key reaches the reviewers' onion service."
        yield Finding("tor.stranger", "bad", says, _with(installation, _REPAIR))
    elif found == "closed":
        yield Finding("tor.stranger", "good", "The reviewers' onion service asks strangers for a key.")
    else:
        says = "The reviewers' onion service was not reached without a key, but tor did not say why."
        yield Finding("tor.stranger", "unknown", says)


CHECKS: Final[tuple[Check, ...]] = (
    program,
    configuration,
    reviewers,
    process,
    addresses,
    sockets,
    stranger,
)


def _wrong_targets(installation: Installation, where: Place, text: str) -> Iterator[str]:
    targets = reading.targets(text)
    for name in NAMES:
        target = targets.get(where.onion(name))
        if target is None and name != "noscript":
            yield f"the onion service {name} is missing."
        elif target is not None and target != installation.binds[_APPS[name]]:
            yield f"the onion service {name} does not lead to where its app listens."


def _with(installation: Installation, command: str) -> str:
    return command if installation.tor is None else f"{command} --tor {installation.tor}"


def _set_up(installation: Installation) -> str:
    where = place(installation.tor)
    without = where.onion("source").is_dir() and not where.onion("noscript").is_dir()
    folder = f" --to {installation.tor}" if installation.tor else ""
    return f"{_SET_UP}{folder}{' --without-noscript' if without else ''}"

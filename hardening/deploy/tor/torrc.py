"""The torrc of an office's server: pure functions from places to text, each option with its reason.

Three v3 onion services: for reporters, for reporters without scripts, and for the reviewers, who need a key.
The reasons stand in the file too: whoever reads it on the server need not have this one.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from hardening.deploy.tor.errors import PathRefusedError, SocketTooLongError

Name = Literal["source", "noscript", "reviewers"]

NAMES: Final[tuple[Name, ...]] = ("source", "noscript", "reviewers")


@dataclass(frozen=True)
class Onion:
    """One onion service: `folder` is its HiddenServiceDir, `socket` the Unix socket of the app behind it."""

    name: Name
    folder: Path
    socket: Path


@dataclass(frozen=True)
class Option:
    """One line of a torrc, and why it is there."""

    line: str
    why: str


WHOLE_TOR: Final = (
    Option("SocksPort 0", "Nobody on this host goes out through it: a hijacked app would be let into Tor."),
    Option("ControlPort 0", "Nobody steers it: a control port tells circuits, addresses and keys."),
    Option("ControlSocket 0", "The same. Debian's defaults would open one for a group."),
    Option("CookieAuthentication 0", "No control port, so no file that opens it."),
    Option("ORPort 0", "No relay: it would publish this server's address and its times of running."),
    Option("DirPort 0", "The same."),
    Option("DNSPort 0", "It resolves no names for others."),
    Option("ClientOnly 1", "It becomes no relay, whatever else is set."),
    Option("Log err stderr", "Below errors, tor tells when services were asked for, and how much moved."),
    Option("LogTimeGranularity 86400000", "What it says in spite of that carries a day, in milliseconds."),
    Option("HeartbeatPeriod 0", "No line every six hours about circuits and bytes."),
    Option("SafeLogging 1", "No address in any line."),
    Option("LogMessageDomains 0", "Lines as short as can be."),
    Option("AvoidDiskWrites 1", "The disk is written to for keys and guards, not for convenience."),
    Option("NoExec 1", "It starts no other program."),
    Option("DisableDebuggerAttachment 1", "Other processes do not read its memory, where the keys are."),
    Option("ConnectionPadding 1", "Who sees the line sees less of when something moves on it."),
    Option("CircuitPadding 1", "An onion service's circuits look like others'."),
    Option("UseEntryGuards 1", "The same first relays for months: few ever see this server's address."),
    Option("VanguardsLiteEnabled 1", "So with the second relays: guards are harder to find."),
    Option("MaxMemInQueues 512 MB", "A flood of cells is dropped before this host runs out of memory."),
)
"""What goes for tor as a whole, on every server."""

_ALL: Final = (
    Option("HiddenServiceVersion 3", "The only kind there is: the address is the key."),
    Option("HiddenServiceAllowUnknownPorts 0", "Only port 80 is there; whoever tries others is cut off."),
    Option("HiddenServiceDirGroupReadable 0", "The service's secret key is tor's alone."),
    Option(
        "HiddenServiceMaxStreams 32",
        "A browser opens 6 connections at once, also for the pieces of a file: five times that, and half of "
        "one worker's threads.",
    ),
    Option(
        "HiddenServiceMaxStreamsCloseCircuit 0",
        "One stream too many is refused. With 1 the whole circuit would end, and every upload on it.",
    ),
    Option("HiddenServiceNumIntroductionPoints 3", "Tor's own number; more are more to watch."),
)

_OPEN_TO_ALL: Final = (
    Option("HiddenServiceEnableIntroDoSDefense 1", "Introduction points hold back a flood of requests."),
    Option("HiddenServiceEnableIntroDoSRatePerSec 25", "Tor's own rate: at 1, 3 of 30 visitors came in."),
    Option("HiddenServiceEnableIntroDoSBurstPerSec 200", "The same."),
    Option("HiddenServicePoWDefensesEnabled 1", "Under a flood, who works for it comes first."),
    Option("HiddenServicePoWQueueRate 250", "Introductions taken from the queue in a second: tor's own."),
    Option("HiddenServicePoWQueueBurst 2500", "The same."),
)

_TITLES: Final[dict[Name, str]] = {
    "source": "The reporters' page.",
    "noscript": "The reporters' door without scripts: an address of its own, as it is a program of its own.",
    "reviewers": (
        "The reviewers' app. Who has no key in authorized_clients does not even learn where to ask, so that "
        "no flood needs to be held back. Without any readable key there tor would let everybody in: "
        "`peluit tor client` and `peluit doctor` see to it that this never is so."
    ),
}

# What tor's parser and a person both read as one word.
_PLAIN: Final = re.compile(r"(/[A-Za-z0-9._+@-]+)+")
_SOCKET_MOST: Final = 107


def services(onions: Iterable[Onion]) -> str:
    """The onion services' part of a torrc; PathRefusedError, SocketTooLongError."""
    return "\n".join(_service(onion) for onion in onions)


def whole(data: Path, pid: Path, onions: Iterable[Onion]) -> str:
    """A torrc that needs no other: tor's data folder, the file for its process id, and `services`."""
    places = (
        Option(f"DataDirectory {_checked(data)}", "Tor's own things, and the services' keys."),
        Option(f"PidFile {_checked(pid)}", "The process that `peluit doctor` looks at."),
        Option("RunAsDaemon 0", "Whoever starts it watches it."),
    )
    head = "# tor for Peluit's onion services. Written by `peluit tor setup`; changes here are lost.\n"
    return "\n".join((head, _lines((*places, *WHOLE_TOR)), services(onions)))


def _service(onion: Onion) -> str:
    socket = _checked(onion.socket)
    if len(socket) > _SOCKET_MOST:
        raise SocketTooLongError(socket)
    place = (
        Option(f"HiddenServiceDir {_checked(onion.folder)}", _TITLES[onion.name]),
        Option(f"HiddenServicePort 80 unix:{socket}", "No port: only whom the socket's folder lets in."),
    )
    defence = () if onion.name == "reviewers" else _OPEN_TO_ALL
    return _lines((*place, *_ALL, *defence))


def _lines(options: Iterable[Option]) -> str:
    return "".join(f"# {option.why}\n{option.line}\n" for option in options)


def _checked(path: Path) -> str:
    if not _PLAIN.fullmatch(str(path)) or ".." in path.parts:
        raise PathRefusedError(path)
    return str(path)

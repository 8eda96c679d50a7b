"""What installing does, step by step: pure functions from this host's facts to files and command lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hardening.deploy.apparmor.profiles import profiles
from hardening.deploy.host import files
from hardening.deploy.host.ownership import MEMBERS, SHARED, USERS
from hardening.deploy.nftables.ruleset import Numbers, ruleset
from hardening.deploy.systemd.units import FIREWALL, SERVICES, TARGET, units

DATA: Final = Path("/var/lib/peluit")
CONFIG: Final = Path("/etc/peluit")
PROGRAM: Final = Path("/opt/peluit")
RECORD: Final = CONFIG / "installed.json"
USERS_FILE: Final = "/etc/sysusers.d/peluit.conf"
RULES_FILE: Final = "/etc/peluit/nftables.conf"

PACKAGES: Final = (
    *("python3", "python3-venv", "libseccomp2", "tor", "nftables", "apparmor"),
    *("unattended-upgrades", "systemd-timesyncd"),
)
SYSTEMCTL: Final = "/usr/bin/systemctl"
TOR_PROFILE: Final = "/etc/apparmor.d/system_tor"


@dataclass(frozen=True)
class Command:
    """A command line. `live`: only where systemd runs; elsewhere the next start does it.

    `optional`: it may fail, because there may be nothing to do.
    """

    line: Sequence[str]
    live: bool = False
    optional: bool = False


@dataclass(frozen=True)
class Step:
    """One step, in words for the operator. `files`: text by path; then the commands."""

    says: str
    files: dict[str, str]
    commands: Sequence[Command] = ()


def packages(missing: Sequence[str]) -> Step:
    """Those of PACKAGES that are missing."""
    apt = "/usr/bin/apt-get"
    if not missing:
        return Step("Debian's packages: all are there", {})
    return Step(
        "Debian's packages",
        {},
        (
            Command((apt, "update", "--quiet=2")),
            Command((apt, "install", "--yes", "--quiet=2", "--no-install-recommends", *missing)),
        ),
    )


def users() -> Step:
    """Four users, one group that they share, and who else is in which."""
    lines = [f"g {SHARED} - -"]
    lines += [f'u {user} - "Peluit" / /usr/sbin/nologin' for user in USERS]
    lines += [f"m {user} {group}" for group, members in MEMBERS.items() for user in members]
    text = "# Written by `peluit host install`.\n" + "".join(f"{line}\n" for line in lines)
    return Step("Four users", {USERS_FILE: text}, (Command(("/usr/bin/systemd-sysusers", USERS_FILE)),))


def services() -> Step:
    """The units; enabled, but not started before there is data."""
    made = {f"/etc/systemd/system/{name}": text for name, text in units().items()}
    return Step(
        "The services",
        made,
        (
            Command((SYSTEMCTL, "daemon-reload"), live=True),
            Command((SYSTEMCTL, "enable", "--quiet", TARGET, FIREWALL)),
        ),
    )


def firewall(numbers: Numbers) -> Step:
    """Checked before it is put in place; the present connections stay."""
    return Step(
        "The firewall: " + (f"ssh on port {numbers.ssh} comes in" if numbers.ssh else "nobody comes in"),
        {RULES_FILE: ruleset(numbers)},
        (
            Command(("/usr/sbin/nft", "--check", "--file", RULES_FILE)),
            Command((SYSTEMCTL, "restart", FIREWALL), live=True),
        ),
    )


def settings() -> Step:
    """Kernel, logs, core dumps, the clock, updates."""
    return Step(
        "Kernel, logs, clock, updates",
        files.files(),
        (
            Command(("/usr/lib/systemd/systemd-sysctl",), live=True, optional=True),
            Command((SYSTEMCTL, "restart", "systemd-journald"), live=True),
            Command(("/usr/bin/rm", "--recursive", "--force", "/var/log/journal"), live=True),
            Command((SYSTEMCTL, "enable", "--quiet", "unattended-upgrades", "systemd-timesyncd")),
            Command((SYSTEMCTL, "restart", "systemd-timesyncd"), live=True, optional=True),
            Command(("/usr/sbin/apparmor_parser", "--replace", TOR_PROFILE), live=True, optional=True),
        ),
    )


def swap() -> Step:
    """What a program had in its memory would stay in a swap file."""
    return Step(
        "No swap",
        {},
        (
            Command((SYSTEMCTL, "mask", "--quiet", "swap.target")),
            Command(("/usr/sbin/swapoff", "--all"), live=True),
        ),
    )


def apparmor() -> Step:
    """Profiles, loaded where the kernel has AppArmor."""
    made = {f"/etc/apparmor.d/{name}": text for name, text in profiles().items()}
    load = ("/usr/sbin/apparmor_parser", "--replace", "--write-cache", *made)
    return Step("AppArmor", made, (Command(load, live=True),))


def start() -> Step:
    """Begins, or begins anew with what was installed."""
    return Step(
        "Starting",
        {},
        (
            Command((SYSTEMCTL, "restart", TARGET), live=True),
            Command((SYSTEMCTL, "try-restart", *(service.unit for service in SERVICES)), live=True),
        ),
    )


def stop() -> Iterator[Command]:
    """Before anything is taken away."""
    made = units()
    yield Command((SYSTEMCTL, "disable", "--quiet", "--now", TARGET, FIREWALL), optional=True)
    yield Command((SYSTEMCTL, "stop", *made), live=True, optional=True)
    yield Command((SYSTEMCTL, "unmask", "--quiet", "swap.target"), optional=True)

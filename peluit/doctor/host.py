"""Checks of a host that `peluit host install` set up: rights, services, firewall, kernel, logs, clock."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from hardening.deploy.host import ownership
from hardening.deploy.host.files import SYSCTL
from hardening.deploy.systemd.units import FIREWALL, SERVICES, TARGET
from peluit.doctor.finding import Check, Finding
from peluit.doctor.installation import Installation
from peluit.host.record import Record
from peluit.host.record import read as read_record

_SYSTEMCTL: Final = "/usr/bin/systemctl"


def installed(installation: Installation) -> Iterator[Finding]:
    """Whether what was installed is there as it was written."""
    record = _record(installation)
    if record is None:
        says = "This host was not set up with peluit host install: users and services are not known."
        yield Finding("host", "unknown", says)
        return
    changed = record.changed(installation.etc.parent)
    if changed:
        says = f"Changed or missing since peluit host install: {', '.join(sorted(changed))}."
        yield Finding("host", "bad", says, _again(record))
    else:
        yield Finding("host", "good", "Every file of configuration is as it was installed.")


def rights(installation: Installation) -> Iterator[Finding]:
    """Whether everything in the data folder has the owner and mode that it must have."""
    if _record(installation) is None:
        return
    if not ownership.known():
        yield Finding("rights", "bad", "The services' users are missing.", _again(_record(installation)))
        return
    wrong = sum(1 for _ in ownership.wrong(installation.data, *ownership.numbers()))
    if wrong:
        says = f"{wrong} files or folders of the data have a wrong owner or mode."
        yield Finding("rights", "bad", says, "peluit host rights")
    else:
        yield Finding("rights", "good", "Each program's user may open what is its own, and nothing else.")


def services(installation: Installation) -> Iterator[Finding]:
    """Whether the services and the firewall run."""
    if _record(installation) is None:
        return
    if not (installation.run / "systemd/system").is_dir():
        yield Finding("services", "unknown", "systemd does not run here.")
        return
    for unit in (TARGET, FIREWALL, *(service.unit for service in SERVICES)):
        if _line(_SYSTEMCTL, "is-active", unit) == "active":
            yield Finding("services", "good", f"{unit} runs.")
        else:
            yield Finding("services", "bad", f"{unit} does not run.", f"systemctl restart {unit}")


def firewall(installation: Installation) -> Iterator[Finding]:
    """Whether the kernel has our table."""
    if _record(installation) is None:
        return
    if "policy drop" in _line("/usr/sbin/nft", "list", "chain", "inet", "peluit", "output"):
        yield Finding(
            "firewall", "good", "The firewall lets out tor, updates and the clock, and nobody else."
        )
    else:
        says = "The firewall is not loaded."
        yield Finding("firewall", "bad", says, f"systemctl restart {FIREWALL}")


def kernel(installation: Installation) -> Iterator[Finding]:
    """Whether the kernel's settings are those that were installed; core dumps among them."""
    if _record(installation) is None:
        return
    wrong = [name for name, value in SYSCTL.items() if _setting(installation, name) not in (value, None)]
    if wrong:
        says = f"Settings of the kernel that are not as installed: {', '.join(wrong)}."
        yield Finding("kernel", "bad", says, "systemctl restart systemd-sysctl")
    else:
        yield Finding("kernel", "good", "The kernel writes no core dumps and tells little.")


def swap(installation: Installation) -> Iterator[Finding]:
    """Whether memory can get on the disk."""
    if _record(installation) is None:
        return
    used = (installation.proc / "swaps").read_text("ascii", "replace").splitlines()[1:]
    if used:
        yield Finding(
            "swap", "bad", "Swap is on: what programs have in memory gets on the disk.", "swapoff --all"
        )
    else:
        yield Finding("swap", "good", "There is no swap.")


def journal(installation: Installation) -> Iterator[Finding]:
    """Whether the journal is in memory only."""
    if _record(installation) is None:
        return
    old = installation.etc.parent / "var/log/journal"
    if old.is_dir() and any(old.rglob("*.journal")):
        says = "A journal lies on the disk: it tells times."
        yield Finding("journal", "bad", says, f"rm --recursive {old}")
    else:
        yield Finding("journal", "good", "The journal is kept in memory, for a day.")


def clock(installation: Installation) -> Iterator[Finding]:
    """Whether the clock is set by others."""
    if _record(installation) is None:
        return
    if _line("/usr/bin/timedatectl", "show", "--property=NTPSynchronized", "--value") == "yes":
        yield Finding("time", "good", "The clock is set from the network.")
    else:
        says = "The clock is not set from the network: tor needs a right one, and days are counted with it."
        yield Finding("time", "bad", says, "systemctl restart systemd-timesyncd")


def upgrades(installation: Installation) -> Iterator[Finding]:
    """Whether Debian's security updates come by themselves."""
    record = _record(installation)
    if record is None:
        return
    if _line(_SYSTEMCTL, "is-enabled", "unattended-upgrades") == "enabled":
        yield Finding("upgrades", "good", "Security updates come by themselves.")
    else:
        says = "Security updates do not come by themselves."
        yield Finding("upgrades", "bad", says, "systemctl enable --now unattended-upgrades")


def apparmor(installation: Installation) -> Iterator[Finding]:
    """Whether AppArmor holds the services; where it was not asked for, nothing is wrong."""
    record = _record(installation)
    if record is None:
        return
    loaded = installation.sys / "kernel/security/apparmor/profiles"
    names = [service.name for service in SERVICES]
    if not any(path.endswith(f"/{names[0]}") for path in record.files):
        yield Finding(
            "apparmor", "unknown", "The AppArmor profiles are not used (peluit host install --apparmor)."
        )
    elif not loaded.is_file():
        yield Finding("apparmor", "unknown", "This kernel has no AppArmor.")
    elif missing := [name for name in names if f"{name} (enforce)" not in loaded.read_text("utf-8")]:
        says = f"AppArmor does not hold {', '.join(missing)}."
        yield Finding("apparmor", "bad", says, f"{_again(record)} --apparmor")
    else:
        yield Finding("apparmor", "good", "AppArmor holds every service.")


CHECKS: Final[tuple[Check, ...]] = (
    *(installed, rights, services, firewall, kernel, swap, journal, clock, upgrades, apparmor),
)


def _record(installation: Installation) -> Record | None:
    return read_record(installation.etc.parent)


def _again(record: Record | None) -> str:
    port = record.ssh if record else None
    return f"peluit host install {f'--ssh-port {port}' if port else '--no-ssh'}"


def _setting(installation: Installation, name: str) -> str | None:
    try:
        found = (installation.proc / "sys" / Path(*name.split("."))).read_text("ascii", "replace").strip()
    except FileNotFoundError:
        return None  # This kernel does not have it.
    # Once it is off, only a restart of the host allows it again: 2 is as good as 1.
    return SYSCTL[name] if name == "kernel.unprivileged_bpf_disabled" and found == "2" else found


def _line(*line: str) -> str:
    """What a program of the host prints; empty if it is not there."""
    try:
        done = subprocess.run(line, capture_output=True, text=True, check=False)  # noqa: S603  constant lines
    except FileNotFoundError:
        return ""
    return done.stdout.strip()

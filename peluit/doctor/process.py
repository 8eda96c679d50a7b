"""Checks of the running programs: what each has taken from itself (hardening/process.py, confinement.py)."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from hardening import landlock, seccomp
from hardening.errors import NotConfinedError
from peluit.doctor.finding import Check, Finding
from peluit.doctor.installation import Installation

# What stands in the command line of each program's processes (peluit/serve.py).
_PROGRAMS: Final = {
    "source": "source_app.wsgi:app",
    "noscript": "source_app.noscript.wsgi:app",
    "journalist": "journalist_app.wsgi:app",
    "inbox": "store.broker",
}
_FILTERED: Final = "2"


def running(installation: Installation) -> Iterator[Finding]:
    """Each program's processes, by the kernel's own words."""
    for name, application in _PROGRAMS.items():
        found = [pid for pid in installation.proc.glob("[0-9]*") if application in _words(pid)]
        if found:
            yield _program(name, found)


def kernel(_installation: Installation) -> Iterator[Finding]:
    """What this kernel can bind the programs with."""
    if landlock.version():
        yield Finding("landlock", "good", "This kernel keeps each worker to its own files.")
    else:
        says = "This kernel has no Landlock: a hijacked worker reads what its user may read."
        yield Finding("landlock", "bad", says, "apt-get install linux-image-amd64")
    try:
        there = seccomp.is_there()
    except NotConfinedError:
        yield Finding("seccomp", "bad", "libseccomp is missing.", "apt-get install libseccomp2")
        return
    if there:
        yield Finding("seccomp", "good", "This kernel keeps each worker to the calls that it needs.")
    else:
        says = "This kernel filters no system calls: a hijacked worker could start programs."
        yield Finding("seccomp", "bad", says, "apt-get install linux-image-amd64")


def _program(name: str, processes: list[Path]) -> Finding:
    check, mend = f"process {name}", f"systemctl restart peluit-{name}.service"
    for pid in processes:
        try:
            status = _status(pid)
            core = _core_size(pid)
            owner = (pid / "environ").stat().st_uid
        except FileNotFoundError:
            continue  # it has ended meanwhile
        if status.get("NoNewPrivs") != "1" or status.get("Seccomp") != _FILTERED:
            return Finding(check, "bad", "A process of it is not confined: it could start programs.", mend)
        if core != "0":
            return Finding(check, "bad", "A process of it may leave its memory on the disk.", mend)
        # Of a process that is not dumpable, /proc belongs to root, whoever runs it.
        if owner != 0 or status.get("Umask") != "0077":
            says = "Others may read the memory or the new files of one of its processes."
            return Finding(check, "bad", says, mend)
    return Finding(check, "good", f"{len(processes)} processes, all confined.")


def _words(pid: Path) -> list[str]:
    try:
        return (pid / "cmdline").read_text("utf-8", "replace").split("\0")
    except OSError:
        return []


def _status(pid: Path) -> Mapping[str, str]:
    lines = (pid / "status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _core_size(pid: Path) -> str:
    """The hard limit in bytes."""
    (line,) = [
        line for line in (pid / "limits").read_text().splitlines() if line.startswith("Max core file size")
    ]
    return line.split()[5]


CHECKS: Final[tuple[Check, ...]] = (running, kernel)
"""All of this module."""

"""One AppArmor profile for each service, named like its unit (systemd.exec(5), AppArmorProfile=).

They stand behind users, modes and the unit's own namespaces: what one of these forgets, another still closes.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from hardening.deploy.host.ownership import INBOX, JOURNALIST, NOSCRIPT, SOURCE
from hardening.deploy.systemd.units import DATA, PROGRAM

_DATA_RULES: Final[Mapping[str, Sequence[str]]] = {
    INBOX: ("inbox/** rwk", "blobs/done/ r", "blobs/done/** rwl", "public/site.json r"),
    SOURCE: (
        *("public/ r", "public/** r", "tickets/ticket.key r"),
        *("blobs/incoming/ r", "blobs/incoming/** rwkl", "blobs/blanks/ r", "blobs/blanks/** rw"),
        *("blobs/spent/ r", "blobs/spent/** rwk", "blobs/done/*/* rwl"),
    ),
    NOSCRIPT: (),
    JOURNALIST: (
        *("inbox/** rwk", "staff/** rwk", "public/ r", "public/** rwk", "imports/ r", "imports/** rw"),
        *("run/** rwk", "blobs/incoming/ r", "blobs/incoming/** r", "blobs/spent/ r", "blobs/spent/** r"),
        *("blobs/relayed/ r", "blobs/relayed/** rwkl", "blobs/done/ r", "blobs/done/** rwl"),
    ),
}
_SOCKETS: Final[Mapping[str, Sequence[str]]] = {
    SOURCE: ("/run/peluit-inbox/socket rw",),
    NOSCRIPT: ("/run/peluit-source/noscript rw",),
}


def profiles() -> dict[str, str]:
    """Each profile's text by its name."""
    return {name: _profile(name, rules) for name, rules in _DATA_RULES.items()}


def _profile(name: str, rules: Sequence[str]) -> str:
    own = "".join(f"  {DATA}/{rule},\n" for rule in rules)
    own += "".join(f"  {rule},\n" for rule in _SOCKETS.get(name, ()))
    folder = f"  {DATA}/ r,\n" if rules else f"  deny {DATA}/** rwklx,\n"
    return f"""\
# Written by `peluit host install`.
abi <abi/3.0>,
include <tunables/global>

profile {name} flags=(attach_disconnected) {{
  include <abstractions/base>
  include <abstractions/openssl>

  # The program: read and run, never written.
  {PROGRAM}/ r,
  {PROGRAM}/** mr,
  {PROGRAM}/bin/peluit rix,
  {PROGRAM}/venv/bin/python* rix,
  /usr/bin/python3* rix,
  /usr/lib/python3*/** mr,
  /usr/local/lib/python3*/** r,
  /etc/mime.types r,
  /etc/nsswitch.conf r,
  /etc/passwd r,
  /etc/group r,
  deny /usr/lib/python3*/**.pyc w,
  deny {PROGRAM}/** w,

  # Itself.
  owner @{{PROC}}/@{{pid}}/** r,
  @{{PROC}}/sys/kernel/** r,
  @{{PROC}}/cpuinfo r,
  @{{PROC}}/meminfo r,
  /sys/fs/cgroup/** r,
  /dev/shm/ r,
  owner /dev/shm/** rw,
  owner /tmp/** rw,

  unix (accept, bind, listen, send, receive, connect) type=stream,
  signal (send, receive) peer={name},
  deny network inet,
  deny network inet6,
  deny capability,
  deny ptrace,

  # The data.
{folder}{own}}}
"""

"""Small files of configuration for a Debian 12 that carries a server; each says why."""

from collections.abc import Mapping
from typing import Final

SYSCTL: Final[Mapping[str, str]] = {
    # Nothing of a process's memory reaches the disk, or another process.
    "kernel.core_pattern": "|/bin/false",
    "fs.suid_dumpable": "0",
    "kernel.yama.ptrace_scope": "2",
    "vm.swappiness": "0",
    # Names of files belong to whom they belong.
    "fs.protected_hardlinks": "1",
    "fs.protected_symlinks": "1",
    "fs.protected_fifos": "2",
    "fs.protected_regular": "2",
    # The kernel tells less, and takes less.
    "kernel.dmesg_restrict": "1",
    "kernel.kptr_restrict": "2",
    "kernel.sysrq": "0",
    "kernel.kexec_load_disabled": "1",
    "kernel.unprivileged_bpf_disabled": "1",
    "kernel.perf_event_paranoid": "3",
    "net.core.bpf_jit_harden": "2",
    # The network: no forwarding, no redirects, no clock in TCP (timestamps name a machine by its drift).
    "net.ipv4.ip_forward": "0",
    "net.ipv4.tcp_timestamps": "0",
    "net.ipv4.tcp_syncookies": "1",
    "net.ipv4.conf.all.accept_redirects": "0",
    "net.ipv4.conf.all.send_redirects": "0",
    "net.ipv4.conf.all.accept_source_route": "0",
    "net.ipv4.conf.all.rp_filter": "1",
    "net.ipv4.icmp_echo_ignore_broadcasts": "1",
    "net.ipv6.conf.all.accept_redirects": "0",
    "net.ipv6.conf.all.forwarding": "0",
}

_JOURNALD: Final = """\
# Logs live in memory and for a day: no file tells when somebody came. The services hardly write any.
[Journal]
Storage=volatile
MaxRetentionSec=1day
RuntimeMaxUse=16M
ForwardToSyslog=no
ForwardToWall=no
Audit=no
"""
_COREDUMP: Final = """\
# What a process had in its memory is not written down when it ends badly.
[Coredump]
Storage=none
ProcessSizeMax=0
"""
_UPGRADES: Final = """\
// Debian's security updates come by themselves; a new kernel is started at night.
APT::Periodic::Update-Package-Lists "1";
APT::Periodic::Unattended-Upgrade "1";
Unattended-Upgrade::Automatic-Reboot "true";
Unattended-Upgrade::Automatic-Reboot-WithUsers "true";
Unattended-Upgrade::Automatic-Reboot-Time "03:00";
Unattended-Upgrade::Remove-Unused-Kernel-Packages "true";
Unattended-Upgrade::SyslogEnable "false";
"""
TIME: Final = "/etc/systemd/timesyncd.conf.d/peluit.conf"
_TIME: Final = """\
# tor and the days of reports need a right clock. The question tells the line and the time server that there
# is a host, and nothing more.
[Time]
NTP=0.debian.pool.ntp.org 1.debian.pool.ntp.org 2.debian.pool.ntp.org
"""
_TOR_PROFILE: Final = """\
# Written by `peluit host install`: tor may connect to the programs of Peluit.
/run/peluit-source/socket rw,
/run/peluit-noscript/socket rw,
/run/peluit-journalist/socket rw,
/var/lib/tor-instances/peluit/ r,
owner /var/lib/tor-instances/peluit/** rwk,
/etc/tor/instances/peluit/torrc r,
/run/tor-instances/peluit/** rw,
/usr/share/tor/** r,
"""


def files() -> dict[str, str]:
    """The text of each file by its path; nftables.conf is apart, because it needs this host's numbers."""
    sysctl = "".join(f"{name} = {value}\n" for name, value in SYSCTL.items())
    return {
        "/etc/sysctl.d/70-peluit.conf": f"# Written by `peluit host install`.\n{sysctl}",
        "/etc/systemd/journald.conf.d/peluit.conf": _JOURNALD,
        "/etc/systemd/coredump.conf.d/peluit.conf": _COREDUMP,
        TIME: _TIME,
        "/etc/apt/apt.conf.d/52peluit-upgrades": _UPGRADES,
        "/etc/apparmor.d/local/system_tor": _TOR_PROFILE,
    }

"""The units of a server: pure functions to text. What holds for all services stands once.

`systemd-analyze security` of each is stated in docs/host.md; tests/host/test_units.py compares.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from hardening.deploy.host.ownership import INBOX, JOURNALIST, NOSCRIPT, SHARED, SOURCE

DATA: Final = "/var/lib/peluit"
PROGRAM: Final = "/opt/peluit"
TARGET: Final = "peluit.target"
MOUNT: Final = "var-lib-peluit.mount"
FIREWALL: Final = "peluit-firewall.service"
_INBOX_SOCKET: Final = "/run/peluit-inbox/socket"
_DOOR_SOCKET: Final = "/run/peluit-source/noscript"
_TOR: Final = "_tor-peluit"
"""The user and group of Debian's tor instance `peluit`."""

_SANDBOX: Final = """\
UMask=0077
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
SecureBits=noroot noroot-locked
ProtectSystem=strict
ProtectHome=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProcSubset=pid
PrivateDevices=yes
PrivateIPC=yes
PrivateMounts=yes
PrivateNetwork=yes
PrivateTmp=yes
DevicePolicy=closed
IPAddressDeny=any
RestrictAddressFamilies=AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RemoveIPC=yes
KeyringMode=private
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallFilter=@chown seccomp prlimit64 setrlimit
SystemCallFilter=landlock_create_ruleset landlock_add_rule landlock_restrict_self
SystemCallErrorNumber=EPERM
NoExecPaths=/
ExecPaths=/usr /opt/peluit
LimitCORE=0
LimitNOFILE=8192
TasksMax=512
MemorySwapMax=0
"""


@dataclass(frozen=True)
class Service:
    """One program. `may`: what it writes or reads below the data folder; everything else there is closed.

    `hidden`: what it must not even see. `user_namespace`: whether other users' numbers mean nothing to it.
    """

    name: str
    says: str
    user: str
    groups: Sequence[str]
    line: str
    settings: Mapping[str, str]
    after: Sequence[str]
    writes: Sequence[str]
    hidden: Sequence[str]
    sockets: Mapping[str, tuple[str, str]]
    memory: str
    user_namespace: bool = False

    @property
    def unit(self) -> str:
        return f"{self.name}.service"


SERVICES: Final = (
    Service(
        INBOX,
        "Peluit: keeps the inbox",
        INBOX,
        (SHARED,),
        f"inbox --folder {DATA} --bind unix:{_INBOX_SOCKET} --peer {SOURCE}",
        {},
        (),
        ("inbox", "blobs/done"),
        (
            "staff",
            "tickets",
            "imports",
            "run",
            "blobs/incoming",
            "blobs/blanks",
            "blobs/spent",
            "blobs/relayed",
        ),
        {INBOX: (_INBOX_SOCKET, SOURCE)},
        "1G",
    ),
    Service(
        SOURCE,
        "Peluit: what reporters reach",
        SOURCE,
        (SHARED,),
        f"source --folder {DATA} --bind unix:/run/peluit-source/socket",
        {"PELUIT_INBOX": f"unix:{_INBOX_SOCKET}"},
        (f"{INBOX}.socket",),
        # As one: files cannot be moved between two of systemd's mounts.
        ("blobs",),
        ("inbox", "staff", "imports", "run", "blobs/relayed"),
        {SOURCE: ("/run/peluit-source/socket", _TOR), f"{SOURCE}-door": (_DOOR_SOCKET, NOSCRIPT)},
        "2G",
    ),
    Service(
        NOSCRIPT,
        "Peluit: what reporters without scripts reach",
        NOSCRIPT,
        (),
        f"noscript --source unix:{_DOOR_SOCKET} --bind unix:/run/peluit-noscript/socket",
        {},
        (f"{SOURCE}.socket",),
        (),
        ("",),
        {NOSCRIPT: ("/run/peluit-noscript/socket", _TOR)},
        "2G",
        user_namespace=True,
    ),
    Service(
        JOURNALIST,
        "Peluit: what reviewers reach",
        JOURNALIST,
        (SHARED, INBOX),
        f"journalist --folder {DATA} --bind unix:/run/peluit-journalist/socket",
        {},
        # It opens the database after the broker, to whom -wal and -shm so belong.
        (f"{INBOX}.service",),
        ("inbox", "staff", "blobs", "public", "imports", "run"),
        ("tickets",),
        {JOURNALIST: ("/run/peluit-journalist/socket", _TOR)},
        "2G",
    ),
)


def units() -> dict[str, str]:
    """Every unit's text by its name."""
    made = {TARGET: _target(), MOUNT: _mount(), FIREWALL: _firewall()}
    for service in SERVICES:
        made[service.unit] = _service(service)
        for name, (path, group) in service.sockets.items():
            made[f"{name}.socket"] = _socket(service, path, group)
    return made


def _target() -> str:
    wanted = " ".join(service.unit for service in SERVICES)
    sockets = " ".join(f"{name}.socket" for service in SERVICES for name in service.sockets)
    return f"""\
[Unit]
Description=Peluit
Wants={wanted} {sockets}
# Before `peluit init` there is nothing to serve.
ConditionPathExists={DATA}/public/site.json

[Install]
WantedBy=multi-user.target
"""


def _mount() -> str:
    return f"""\
[Unit]
Description=The data of Peluit, where reading leaves no time
# A program may keep the time of its last reading off a file only if the file is its own (open(2), O_NOATIME).

[Mount]
What={DATA}
Where={DATA}
Type=none
Options=bind,noatime,nodev,nosuid,noexec
"""


def _firewall() -> str:
    return """\
[Unit]
Description=The firewall of Peluit
DefaultDependencies=no
Before=network-pre.target shutdown.target
Wants=network-pre.target
Conflicts=shutdown.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft --file /etc/peluit/nftables.conf
ExecReload=/usr/sbin/nft --file /etc/peluit/nftables.conf
ExecStop=/usr/sbin/nft delete table inet peluit
ProtectSystem=strict
ProtectHome=yes
NoNewPrivileges=yes

[Install]
WantedBy=sysinit.target
"""


def _socket(service: Service, path: str, group: str) -> str:
    return f"""\
[Unit]
Description={service.says}, the socket for {group}
PartOf={TARGET}

[Socket]
Service={service.unit}
ListenStream={path}
SocketUser=root
SocketGroup={group}
SocketMode=0660
DirectoryMode=0755
Backlog=512
RemoveOnStop=yes
"""


def _service(service: Service) -> str:
    sockets = " ".join(f"{name}.socket" for name in service.sockets)
    after = " ".join((*service.after, sockets))
    groups = f"SupplementaryGroups={' '.join(service.groups)}\n" if service.groups else ""
    told = "".join(f"Environment={name}={value}\n" for name, value in service.settings.items())
    writes = "".join(f"ReadWritePaths={DATA}/{path}\n" for path in service.writes)
    hidden = "".join(f"InaccessiblePaths={f'{DATA}/{path}'.rstrip('/')}\n" for path in service.hidden)
    users = "PrivateUsers=yes\n" if service.user_namespace else ""
    return f"""\
[Unit]
Description={service.says}
PartOf={TARGET}
Requires={after}
After={after}
RequiresMountsFor={DATA}
BindsTo={MOUNT}
After={MOUNT}
ConditionPathExists={DATA}/public/site.json
StartLimitIntervalSec=0

[Service]
Type=exec
User={service.user}
Group={service.user}
{groups}ExecStart={PROGRAM}/bin/peluit serve {service.line}
Sockets={sockets}
EnvironmentFile=-/etc/peluit/settings
{told}Restart=always
RestartSec=2
TimeoutStopSec=30
StandardOutput=null
StandardError=journal
SyslogIdentifier=peluit
MemoryMax={service.memory}
AppArmorProfile=-{service.name}
{users}{writes}{hidden}
{_SANDBOX}"""

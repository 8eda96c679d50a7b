"""`peluit doctor`: says what is wrong with a server, and the one command that mends it."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Final

from peluit.commands.options import Subparsers, period, port

_DAY: Final = 86_400


def add(commands: Subparsers) -> None:
    """Tells the parser of this command."""
    doctor = commands.add_parser(
        "doctor",
        help="look at the server and say what is wrong (0: nothing; 1: something; 3: not all could be seen)",
    )
    doctor.add_argument("--folder", type=Path, help="the server's data (default: /var/lib/peluit)")
    doctor.add_argument("--tor", type=Path, help="the folder of its onion services' folders")
    doctor.add_argument(
        "--socks", type=port, metavar="PORT", help="of another tor: tries the reviewers' address, with no key"
    )
    for app in ("source", "noscript", "journalist"):
        doctor.add_argument(f"--{app}", metavar="BIND", help=f"where the {app} app listens, if elsewhere")
    doctor.add_argument(
        "--board-every", type=period, metavar="PERIOD", help="as the journalist app was told, if it was"
    )
    doctor.add_argument("--json", action="store_true", help="a line of JSON for each thing looked at")
    doctor.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Does it."""
    from peluit.doctor.checks import CHECKS
    from peluit.doctor.examine import examine, exit_code
    from peluit.doctor.finding import Finding
    from peluit.doctor.installation import BINDS, DATA, Installation

    given = {app: bind for app in BINDS if (bind := getattr(options, app))}
    installation = Installation(
        data=options.folder or DATA,
        tor=options.tor,
        binds={**BINDS, **given},
        socks=options.socks,
        board_days=max(1, (options.board_every or 0) // _DAY),
    )

    def line(finding: Finding) -> str:
        if options.json:
            return json.dumps(asdict(finding), ensure_ascii=False, sort_keys=True)
        mend = f" Mend it: {finding.mend}" if finding.mend else ""
        return f"{finding.state.upper():8}{finding.check}: {finding.says}{mend}"

    found = examine(installation, CHECKS)
    for finding in found:
        sys.stdout.write(f"{line(finding)}\n")
    return exit_code(found)

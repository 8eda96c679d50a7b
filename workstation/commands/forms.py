"""`station forms`: what an office asks that brings nothing of its own, to be changed and given to `init`."""

import argparse
import json

from workstation import office_data
from workstation.commands import common
from workstation.texts import _


def add(subparsers: common.Subparsers) -> None:
    common.add_command(
        subparsers, "forms", _("show the default channels and forms, as an example for init --forms"), run
    )


def run(args: argparse.Namespace) -> int:
    text = office_data.DEFAULT.read_text("utf-8")
    common.say(args, json.loads(text), text.splitlines())
    return 0

"""`peluit manifest`: the list of what the site serves, signed by several and compared with the site."""

import argparse
import sys
from pathlib import Path

from peluit.commands.options import Subparsers, address
from peluit.errors import CannotUseError, CommandError


def add(commands: Subparsers) -> None:
    """Tells the parser of this command."""
    manifest = commands.add_parser("manifest", help="the signed list of what the reporter's site serves")
    acts = manifest.add_subparsers(dest="act", required=True, metavar="ACT")
    build = acts.add_parser("build", help="list what a site serves")
    what = build.add_mutually_exclusive_group(required=True)
    what.add_argument("--folder", type=Path, metavar="DATA", help="what lies on this server")
    what.add_argument(
        "--site", type=Path, metavar="FILE", help="what this release serves for a site's /site.json"
    )
    build.add_argument(
        "--noscript-address", type=address, metavar="URL", help="as init was told; with --site"
    )
    build.add_argument("--to", type=Path, required=True, metavar="FILE")
    build.add_argument("--app", default="urn:peluit", metavar="URL", help="where the source is found")
    build.add_argument("--day", type=_day, help="2026-11-24; without it, today (UTC)")
    key = acts.add_parser("key", help="make the key of one who signs")
    key.add_argument("--to", type=Path, required=True, metavar="KEYFILE")
    enroll = acts.add_parser("enroll", help="say who signs, and how many must")
    enroll.add_argument("--signer", action="append", required=True, metavar="PUBLIC", help="once for each")
    enroll.add_argument("--threshold", type=int, required=True, metavar="K")
    enroll.add_argument("--days", type=int, default=180, help="for how long a manifest counts (180)")
    enroll.add_argument("--to", type=Path, required=True, metavar="FILE")
    sign = acts.add_parser("sign", help="add one signature")
    sign.add_argument("file", type=Path, metavar="FILE")
    sign.add_argument("--key", type=Path, required=True, metavar="KEYFILE")
    publish = acts.add_parser("publish", help="put a signed manifest where browsers look for it")
    publish.add_argument("file", type=Path, metavar="FILE")
    publish.add_argument("--folder", type=Path, required=True, metavar="DATA")
    publish.add_argument("--signers", type=Path, required=True, metavar="FILE")
    verify = acts.add_parser(
        "verify",
        help="compare a running site with its manifest "
        "(0: the same, 1: it differs, 2: wrong usage or a file that cannot be read, 3: no answer)",
    )
    verify.add_argument("url", metavar="URL")
    verify.add_argument("--signers", type=Path, required=True, metavar="FILE")
    verify.add_argument(
        "--manifest", type=Path, metavar="FILE", help="without it, that which the site offers"
    )
    verify.add_argument("--socks", type=_proxy, metavar="HOST:PORT", help="over Tor: 127.0.0.1:9050")
    manifest.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Does it; the exit codes of verify are those of its help."""
    if options.act == "verify":
        return _verify(options)
    from peluit.host.rights import given_afterwards
    from peluit.manifest import make, served

    match options.act:
        case "build":
            contents = (
                served.of_folder(options.folder)
                if options.folder
                else served.of_release(options.site, options.noscript_address)
            )
            make.build(contents, options.to, options.app, options.day)
        case "key":
            make.make_key(options.to)
        case "enroll":
            make.enroll(options.signer, options.threshold, options.days, options.to)
        case "sign":
            make.sign(options.file, options.key)
        case "publish":
            with given_afterwards(options.folder):
                make.publish(options.folder, options.file, options.signers)
    return 0


def _verify(options: argparse.Namespace) -> int:
    from peluit.manifest.fetch import Place
    from peluit.manifest.verify import UNREADABLE, verify

    try:
        return verify(Place.of(options.url, options.socks), options.manifest, options.signers)
    except CommandError as error:
        sys.stderr.write(f"peluit: {error}\n")
    except OSError as error:
        sys.stderr.write(f"peluit: {CannotUseError(error.filename, error.strerror)}\n")
    return UNREADABLE


def _day(text: str) -> str:
    from crypto.errors import MalformedError
    from crypto.fields import day

    try:
        return day(text)
    except MalformedError:
        raise argparse.ArgumentTypeError(f"{text} is no day; write 2026-11-24 or the like") from None


def _proxy(text: str) -> tuple[str, int]:
    host, _colon, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65_536:
        raise argparse.ArgumentTypeError(f"{text} is no proxy; write 127.0.0.1:9050 or the like")
    return host, int(port)

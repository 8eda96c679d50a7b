"""`station backup`, `station rehearse` and `station restore`."""

import argparse
from pathlib import Path

from crypto import calendar
from workstation import backup, passphrases, restoring, shares, terminal, witness
from workstation.commands import common, papers
from workstation.commands.fingerprint import fingerprint_json, fingerprint_lines
from workstation.errors import FileExistsAlreadyError, StationExistsError
from workstation.restoring import Rehearsed
from workstation.shares import BackupKey
from workstation.station import Station
from workstation.texts import _, n_


def add(subparsers: common.Subparsers) -> None:
    parser = common.add_command(subparsers, "backup", _("write the whole station into one sealed file"), run)
    parser.add_argument("--to", metavar="FILE", type=Path, required=True, help=_("the file to write"))
    parser.add_argument(
        "--new-shares", action="store_true", help=_("make a new backup key, also if there is one")
    )
    parser.add_argument("--shares", metavar="N", type=int, default=3, help=_("into how many shares (3)"))
    parser.add_argument(
        "--threshold", metavar="N", type=int, default=2, help=_("how many of them open a backup (2)")
    )
    common.add_unlocking(parser)
    common.add_progress(parser)

    parser = common.add_command(
        subparsers, "rehearse", _("prove that a backup opens, without changing anything"), run_rehearse
    )
    _add_source(parser)
    parser.add_argument("--as", dest="reviewer", metavar="REVIEWER", required=True, help=_("who you are"))
    parser.add_argument(
        "--passphrase-file",
        metavar="PATH",
        action="append",
        default=[],
        help=_("read the passphrase from the first line of this file instead of asking"),
    )

    parser = common.add_command(subparsers, "restore", _("put a backup into a new folder"), run_restore)
    _add_source(parser)
    parser.add_argument(
        "--to", metavar="DIR", type=Path, required=True, help=_("a folder that is empty or not there")
    )
    parser.add_argument(
        "--sent",
        metavar="NUMBER",
        type=int,
        help=_("the number of the last bundle that the server took, as the reviewers' page says"),
    )


def _add_source(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--from", dest="source", metavar="FILE", type=Path, required=True, help=_("the backup")
    )
    parser.add_argument(
        "--share-file",
        metavar="PATH",
        type=Path,
        action="append",
        default=[],
        help=_("read a share from the first line of this file instead of asking; once for each"),
    )
    common.add_progress(parser)


def run(args: argparse.Namespace) -> int:
    if args.to.exists():
        raise FileExistsAlreadyError(path=args.to)
    with common.unlocked(args) as station:
        key = _key(args, station)
        try:
            count = backup.write(station, key, args.to, calendar.today(), common.progress_for(args))
        except FileExistsError:
            raise FileExistsAlreadyError(path=args.to) from None
    document = {
        "files": count,
        "path": str(args.to),
        "shares": key.shares,
        "size": args.to.stat().st_size,
        "threshold": key.threshold,
    }
    common.say(args, document, written_lines(args.to, count, key))
    return 0


def run_rehearse(args: argparse.Namespace) -> int:
    key = papers.ask(args.share_file)
    passphrase = passphrases.known(args.reviewer, passphrases.files(args.passphrase_file, args.reviewer))
    found = restoring.rehearse(args.source, key, args.reviewer, passphrase, common.progress_for(args))
    document = {
        "cases": found.cases,
        "damaged": found.damaged,
        "day": found.about.day,
        "evidence": found.evidence,
        "missing": found.missing,
        **fingerprint_json(found.directory),
    }
    common.say(args, document, _rehearsed_lines(found))
    return 3 if found.missing or found.damaged else 0


def run_restore(args: argparse.Namespace) -> int:
    if args.to.exists() and (not args.to.is_dir() or any(args.to.iterdir())):
        raise StationExistsError(folder=args.to)  # before anybody types shares
    key = papers.ask(args.share_file)
    about, directory = restoring.restore(args.source, key, args.to, common.progress_for(args))
    if args.sent is not None:
        witness.note(args.to, outbound=args.sent)
    document = {"day": about.day, "folder": str(args.to), **fingerprint_json(directory)}
    lines = [
        _("The station of {day} is in {folder}.").format(day=about.day, folder=terminal.safe(str(args.to))),
        *fingerprint_lines(directory),
        _("Compare the fingerprint with the poster before you use it."),
        _("It knows nothing of what came or went after {day}.").format(day=about.day),
    ]
    common.say(args, document, lines)
    return 0


def _key(args: argparse.Namespace, station: Station) -> BackupKey:
    known = shares.load(station.vault)
    if known is not None and not args.new_shares:
        return known
    key, words = shares.generate(args.shares, args.threshold)
    papers.show(words)
    shares.save(station, key)
    return key


def written_lines(path: Path, count: int, key: BackupKey) -> list[str]:
    """Where the backup is, what opens it, and what to do with it."""
    size = terminal.size(path.stat().st_size)
    return [
        _("Written: {path}").format(path=terminal.safe(str(path))),
        "  " + n_("{count} file, {size}", "{count} files, {size}", count, size=size),
        _("It opens with {threshold} of the {shares} shares on paper, and a reviewer's passphrase.").format(
            threshold=key.threshold, shares=key.shares
        ),
        _("Prove it now: peluit station rehearse --from {path}").format(path=terminal.safe(str(path))),
        _("Keys that are destroyed later stay in it: destroy old backups too."),
    ]


def _rehearsed_lines(found: Rehearsed) -> list[str]:
    lines = [
        _("The backup of {day} opens and is whole: {cases} cases, {evidence} evidence files.").format(
            day=found.about.day, cases=found.cases, evidence=found.evidence
        )
    ]
    if found.missing or found.damaged:
        lines.append(
            _("Of its evidence, {missing} files were missing and {damaged} damaged when it was made.").format(
                missing=found.missing, damaged=found.damaged
            )
        )
    return [*lines, *fingerprint_lines(found.directory)]

"""Checks of what anyone may fetch: the offices' keys, the board, the pages; and of the clock they go by."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Final

from crypto import calendar
from crypto.board import read_index
from crypto.errors import ProtocolError
from crypto.fields import Day
from hardening.manifest import form, signing
from peluit.doctor.finding import Check, Finding
from peluit.doctor.installation import Installation
from peluit.errors import CommandError
from peluit.manifest import served
from peluit.reporter_pages import BUILT
from source_app.pages import LANGUAGES
from store import site
from store.board import Board
from store.board_day import BoardDay
from store.directories import Directories
from store.errors import NoDirectoryError, NoSuchPageError
from store.files import read_quietly

SOON: Final = 14
"""From so many days before the end of the keys on, the station has to make new ones."""

_RENEW: Final = "peluit station renew --to STICK"


def keys(installation: Installation) -> Iterator[Finding]:
    """For how long each office's keys are good: without them reporters cannot send anything."""
    layout, today = installation.layout, installation.today
    known = site.read(layout)
    directories = Directories(layout, known)
    for office in known.offices:
        check = f"keys of {office.id}"
        try:
            last = calendar.last_day(max(directories.directory(office.id).epochs))
            directories.slice(office.id, min(today, last))
        except (NoDirectoryError, ProtocolError):
            says = "The office's keys are missing or damaged: nothing can be sent to it."
            yield Finding(check, "bad", says, "peluit station bundle --to STICK")
            continue
        left = _days(today, last)
        if left < 0:
            yield Finding(check, "bad", f"They ended on {last}: nothing can be sent to it.", _RENEW)
        elif left < SOON:
            yield Finding(check, "bad", f"They end on {last}, in {left} days.", _RENEW)
        else:
            yield Finding(check, "good", f"They are good for {left} days more, until {last}.")


def board(installation: Installation) -> Iterator[Finding]:
    """Whether the board is there, and was published when it was due."""
    layout = installation.layout
    publish = f"peluit publish-board {installation.data}"
    try:
        read_index(read_quietly(Board(layout.board).index()))
    except (NoSuchPageError, ProtocolError):
        says = "There is no board: reporters find no replies."
        yield Finding("board", "bad", says, "peluit station bundle --to STICK")
        return
    published = BoardDay(layout.board_day).read()
    # It is due at 20:00 UTC: before, yesterday's is the newest.
    oldest = calendar.add_days(installation.today, -installation.board_days)
    if published is None or published < oldest:
        when = "never" if published is None else f"last on {published}"
        yield Finding("board", "bad", f"The board was not published when it was due: {when}.", publish)
    else:
        yield Finding("board", "good", f"The board was published on {published}.")


def pages(installation: Installation) -> Iterator[Finding]:
    """Whether the reporters' pages are in place, with the scripts of this build."""
    folder = installation.layout.pages
    try:
        assets: dict[str, str] = json.loads((BUILT / "assets.json").read_text("utf-8"))
    except FileNotFoundError:
        yield Finding("pages", "unknown", "The build that the pages should be of is not here.")
        return
    wanted = {f"assets/{name}": (BUILT / name).read_bytes() for name in assets.values()}
    there = {path: folder / path for path in (*wanted, "index.html", *(f"{x}/index.html" for x in LANGUAGES))}
    missing = sum(not path.is_file() for path in there.values())
    changed = sum(there[p].is_file() and read_quietly(there[p]) != data for p, data in wanted.items())
    mend = f"peluit tor addresses --folder {installation.data}"
    if missing or changed:
        says = f"Of the reporters' pages, {missing} files are missing and {changed} are of another build."
        yield Finding("pages", "bad", says, mend)
    else:
        yield Finding("pages", "good", "The reporters' pages are in place, with this build's scripts.")


def manifest(installation: Installation) -> Iterator[Finding]:
    """Whether what lies here is what the signers have signed, if a manifest is published."""
    published = installation.layout.pages / served.WELL_KNOWN
    build = f"peluit manifest build --folder {installation.data} --to FILE"
    try:
        signed = signing.read(read_quietly(published / "manifest.json"))
        enrollment = signing.read_enrollment(read_quietly(published / "enrollment.json"))
        found = signed.manifest
        contents = served.of_folder(installation.data)
        here = form.build(contents, served.DOWNLOADS, found.app, found.version, found.day)
    except FileNotFoundError:
        yield Finding("manifest", "good", "No signed manifest of the pages is published.")
        return
    except (ProtocolError, CommandError):
        yield Finding("manifest", "bad", "The published manifest is damaged, or the pages are.", build)
        return
    if here != found:
        yield Finding("manifest", "bad", "The pages are others than those that were signed.", build)
    elif objections := signing.objections(signed, enrollment, installation.today):
        yield Finding("manifest", "bad", objections[0], "peluit manifest sign FILE --key KEYFILE")
    else:
        yield Finding("manifest", "good", f"The pages are those that were signed on {found.day}.")


def clock(installation: Installation) -> Iterator[Finding]:
    """The day of this host against those that the offices signed."""
    layout, today = installation.layout, installation.today
    directories = Directories(layout, site.read(layout))
    issued: list[Day] = []
    for office in site.read(layout).offices:
        try:
            issued.append(directories.directory(office.id).issued)
        except (NoDirectoryError, ProtocolError):
            continue  # `keys` says so
    if not issued:
        yield Finding("clock", "unknown", "No office's keys are here to compare the day with.")
    elif today < calendar.add_days(max(issued), -1):
        says = f"This host's day is {today}, before an office signed its keys on {max(issued)}."
        yield Finding("clock", "bad", says, "timedatectl set-ntp true")
    elif _days(max(issued), today) > _LONGEST:
        says = f"This host's day is {today}, years after an office signed its keys on {max(issued)}."
        yield Finding("clock", "bad", says, "timedatectl set-ntp true")
    else:
        yield Finding("clock", "good", f"This host's day is {today}, which can be.")


def _days(first: Day, last: Day) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


_LONGEST: Final = 2 * 366
"""A directory holds keys for 60 weeks at most: an office that runs signs one each year."""

CHECKS: Final[tuple[Check, ...]] = (keys, board, pages, manifest, clock)

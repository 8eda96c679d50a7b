"""The package for law enforcement (APH): facts without the one who reported them.

Report data go between inspectorates and law enforcement except for the identity of the reporter (agreement of
the ministries and agencies of 2018, renewed in 2023). The package is made of nothing but copies that an
investigator wrote for it and cleaned copies of evidence: no case number, no thread, no reporter's own days or
file names; of time, the days on which the office received something. One tar file:

```
peluit-aph-<id>/isi.html     the facts, the chronology, the evidence, what is withheld
peluit-aph-<id>/bukti-N.jpg  cleaned copies
peluit-aph-<id>/SHA256SUMS   of all of these, as sha256sum(1) writes and checks it
peluit-aph-<id>/serah-terima.txt  the custody note, whose last line a reviewer of the office signed
```
"""

import hashlib
import html
import io
import secrets
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from crypto.binding import b64
from crypto.canonical import Json
from crypto.constants import HASH_SIZE, ID_SIZE, MAX_TITLE_LENGTH, MAX_U32
from crypto.errors import ProtocolError
from crypto.fields import Day, Fields, OfficeId, ReviewerId
from workstation import caselog, files, terminal, texts
from workstation.cases import Case
from workstation.casework import journal
from workstation.casework.journal import Step
from workstation.casework.words import checked
from workstation.dispositions import disposition, package_note, passable, passing
from workstation.dispositions.passing import Copied
from workstation.errors import VaultDamagedError
from workstation.offices import registry
from workstation.offices.office_errors import NothingToForwardError, NotLawEnforcementError
from workstation.offices.registry import Office
from workstation.progress import SILENT, Progress
from workstation.station import Station
from workstation.texts import _

_LONGEST_TEXT: Final = 100_000
_MOST_FILES: Final = 64


@dataclass(frozen=True)
class Wish:
    """What goes in. `texts`: the copy of each piece that goes (passable.py), by its number; `facts` and
    `chronology` are the investigator's own words; `evidence`: numbers of pieces, as cleaned copies;
    `reference`: the number of the letter that goes with it."""

    office: str
    subject: str
    reference: str
    facts: str
    chronology: str = ""
    texts: Mapping[int, str] = field(default_factory=dict)
    evidence: Sequence[int] = ()


@dataclass(frozen=True)
class Package:
    """A package that was made of a case, as its step tells: `evidence` are the numbers of what went."""

    step: int
    id: bytes
    office: OfficeId
    day: Day
    reviewer: ReviewerId
    subject: str
    reference: str
    evidence: tuple[int, ...]
    withheld: tuple[str, ...]
    sha256: bytes


def make(
    station: Station, case: Case, wish: Wish, on: Day, to: Path, progress: Progress = SILENT
) -> tuple[Case, Package, Path]:
    """Writes a package into a folder and keeps in the journal what went.

    NoSuchOfficeError, NotLawEnforcementError, RevokedOfficeError, WordsMissingError, NothingToForwardError,
    NoSuchPieceError; the errors of passing.py; NotAFolderError, DiskFullError, CannotWriteError,
    FileExistsAlreadyError.
    """
    office = check(station, case, wish, on)
    copies = passing.copies(station, case, [(number, False) for number in sorted(wish.evidence)], progress)
    name = secrets.token_bytes(ID_SIZE)
    content, withheld = _page(station, case, office, wish, copies, name, on)
    members = {"isi.html": content.encode(), **{copy.name: copy.data for copy in copies}}
    sums = {path: hashlib.sha256(data).digest() for path, data in members.items()}
    members["SHA256SUMS"] = "".join(f"{digest.hex()}  {path}\n" for path, digest in sums.items()).encode()
    members["serah-terima.txt"] = package_note.text(station, office, name, sums, on).encode()
    folder = f"peluit-aph-{name.hex()[:12]}"
    archive = _tar(folder, members)
    details: dict[str, Json] = {
        "evidence": [copy.passed.number for copy in copies],
        "id": b64(name),
        "office": office.id,
        "reference": wish.reference.strip()[:MAX_TITLE_LENGTH],
        "sha256": b64(hashlib.sha256(archive).digest()),
        "subject": wish.subject.strip()[:MAX_TITLE_LENGTH],
        "withheld": list(withheld),
    }
    with files.unnamed(to) as file:
        file.write(archive)
        with station.vault.transaction():
            for copy in copies:
                caselog.write(station, case.key, "cleaned", copy.passed.number, copy.passed.sha256.hex())
            case, step = journal.add(station, case, "package", details, on)
        path = to / f"{folder}.tar"
        file.name(path)
    return case, read(step), path


def check(station: Station, case: Case, wish: Wish, on: Day) -> Office:
    """The office, if a package can be made for it: the errors of `make` that need no evidence to be read."""
    office = registry.find(station.vault, wish.office)
    if office.kind != "law-enforcement":
        raise NotLawEnforcementError(office=office.id)
    disposition.way_to(office, "paper")
    _page(station, case, office, wish, (), bytes(ID_SIZE), on)
    return office


def packages(steps: Sequence[Step]) -> list[Package]:
    """All that were made of a case; VaultDamagedError."""
    return [read(step) for step in journal.of_kind(steps, "package")]


def read(step: Step) -> Package:
    """VaultDamagedError."""
    try:
        fields = Fields(dict(step.details))
        found = Package(
            step=step.number,
            id=fields.data("id", ID_SIZE),
            office=OfficeId(fields.id("office")),
            day=step.day,
            reviewer=step.reviewer,
            subject=fields.text("subject"),
            reference=fields.text("reference"),
            evidence=fields.list_of(
                "evidence", lambda value: Fields({"": value}).integer("", 1, MAX_U32), 0, _MOST_FILES
            ),
            withheld=fields.list_of("withheld", lambda value: Fields({"": value}).text(""), 0, _MOST_FILES),
            sha256=fields.data("sha256", HASH_SIZE),
        )
        fields.end()
    except ProtocolError:
        raise VaultDamagedError from None
    return found


def _page(
    station: Station, case: Case, office: Office, wish: Wish, copies: Sequence[Copied], name: bytes, on: Day
) -> tuple[str, tuple[str, ...]]:
    """What stands in isi.html, and what is withheld."""
    pieces = passable.pieces(station, case)
    said = disposition.answers(pieces, wish.texts)
    facts = checked(wish.facts, _("the facts"), needed=False, longest=_LONGEST_TEXT)
    chronology = checked(wish.chronology, _("the chronology"), needed=False, longest=_LONGEST_TEXT)
    subject = checked(wish.subject, _("the subject"), longest=MAX_TITLE_LENGTH)
    reference = checked(wish.reference, _("the number of the letter"), longest=MAX_TITLE_LENGTH)
    if not said and not facts:
        raise NothingToForwardError
    withheld = disposition.withheld(pieces, wish.texts, case.head.evidence - len(copies))
    received = sorted({piece.received for piece in pieces if piece.number in wish.texts})
    sections = [(_("Facts"), facts), (_("Chronology"), chronology), *said]
    rows = [
        (_("From"), texts.named(station.directory.office.names)),
        (_("To"), texts.named(office.names)),
        (_("Subject"), subject),
        (_("Letter"), reference),
        (_("Number"), name.hex()[:12]),
        (_("Day"), on),
        (_("Received by the office on"), ", ".join(received)),
    ]
    body = [f"<h1>{_e(_('Package of facts for law enforcement'))}</h1>", "<table>"]
    body += [f"<tr><th>{_e(key)}</th><td>{_e(value)}</td></tr>" for key, value in rows if value]
    body.append("</table>")
    body += [f'<h2>{_e(title)}</h2>\n<p class="words">{_e(words)}</p>' for title, words in sections if words]
    body.append(f"<h2>{_e(_('Evidence, as cleaned copies'))}</h2>\n<ul>")
    body += [f"<li>{_e(each.name)}: SHA-256 {each.passed.sha256.hex()}</li>" for each in copies]
    body.append(f"</ul>\n<h2>{_e(_('Not passed on'))}</h2>\n<ul>")
    body += [f"<li>{_e(line)}</li>" for line in withheld]
    body.append("</ul>")
    whole = _HTML.format(language=texts.language(), title=name.hex()[:12], body="\n".join(body))
    return whole, withheld


def _tar(folder: str, members: Mapping[str, bytes]) -> bytes:
    """Without anything of this computer: no owner, no times (the default of `TarInfo`)."""
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path, data in members.items():
            info = tarfile.TarInfo(f"{folder}/{path}")
            info.size, info.mode = len(data), 0o600
            archive.addfile(info, io.BytesIO(data))
    return whole.getvalue()


def _e(untrusted_text: str) -> str:
    return "\n".join(html.escape(line) for line in terminal.safe_lines(untrusted_text))


_HTML: Final = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
@page {{ size: A4; margin: 20mm }}
body {{ font: 12pt/1.5 serif; color: #000; background: #fff; max-width: 170mm; margin: auto }}
h1 {{ font-size: 16pt }}
h2 {{ font-size: 12pt; margin: 6mm 0 1mm }}
th {{ text-align: left; vertical-align: top; padding-right: 6mm; font-weight: normal }}
.words {{ white-space: pre-wrap; overflow-wrap: anywhere }}
li {{ overflow-wrap: anywhere }}
</style>
</head>
<body>
{body}
</body>
</html>
"""

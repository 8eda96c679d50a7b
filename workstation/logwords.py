"""The log in words: what an entry's actor did."""

from collections.abc import Mapping
from typing import Final

from crypto.chained_log import Entry
from workstation import caselog, cases
from workstation.caselog import Deed
from workstation.erasing import REASONS
from workstation.station import Station
from workstation.texts import N_, STATUSES, _

SAID: Final[Mapping[str, str]] = {
    "backup-made": N_("had a backup made"),
    "bundle-imported": N_("imported bundle {subject}"),
    "bundle-made": N_("made bundle {subject} for the server"),
    "case": N_("did something in a case that you cannot read, or that is gone"),
    "case-erased": N_("erased a case: {subject}"),
    "custodian-added": N_("added identity custodian {subject}"),
    "custodian-removed": N_("took identity custodian {subject} away"),
    "keys-destroyed": N_("destroyed own keys of weeks up to {subject}"),
    "keys-renewed": N_("made keys and directory {subject}"),
    "office-added": N_("entered the office {subject} in the registry"),
    "office-changed": N_("changed what the registry says of the office {subject}"),
    "office-enrolled": N_("enrolled the office {subject} with its keys"),
    "office-revoked": N_("revoked the office {subject}"),
    "reviewer-added": N_("added reviewer {subject}"),
    "reviewer-removed": N_("took reviewer {subject} away"),
    "reviewer-replaced": N_("put one reviewer in another's place: {subject}"),
    "server-backup-opened": N_("had the code of a backup of the server shown, of {subject}"),
    "settings-changed": N_("changed a setting: {subject}"),
    "statistics-published": N_("published the statistics of {subject}"),
    "unlocked": N_("unlocked the station"),
}
"""What an entry's actor did, by the act (stationlog.py)."""

IN_CASE: Final[Mapping[str, str]] = {
    "begun": N_("began this case"),
    "cleaned": N_("had a cleaned copy of evidence {number} written out; SHA-256: {subject}"),
    "excluded": N_("filed a message that excludes {subject}"),
    "exported": N_("had evidence {number} written out; SHA-256: {subject}"),
    "exported-incomplete": N_("had what is left of evidence {number} written out; SHA-256: {subject}"),
    "filed": N_("filed message {number}"),
    "given": N_("gave it to {subject} to read"),
    "identity-destroyed": N_("destroyed the sealed identity in message {number}: the reporter took it back"),
    "noted": N_("wrote note {number}"),
    "replied": N_("wrote reply {number}"),
    "stepped": N_("took step {number} of casework"),
    "viewed": N_("looked at evidence {number}"),
}
"""The same for what was done in a case (caselog.py)."""

_REPLIED: Final = N_("wrote reply {number}, with status: {subject}")


class Deeds:
    """What was done in the cases that the reviewer who is here may read; keeps what it has opened."""

    def __init__(self) -> None:
        self._kept: dict[int, dict[int, Deed]] = {}

    def readable(self, station: Station) -> dict[int, Deed]:
        """All of it, by the number of the entry."""
        counts = dict(station.vault.rows('SELECT "case", count(*) FROM openings GROUP BY "case"'))
        found: dict[int, Deed] = {}
        for case in cases.readable(station):
            kept = self._kept.get(case.number, {})
            if len(kept) != counts[case.number]:
                kept = {entry.number: deed for entry, deed in caselog.of_case(station, case.key)}
                self._kept[case.number] = kept
            found |= kept
        return found


def said(entry: Entry, deed: Deed | None) -> str:
    """One line; `deed` is what was done if it was in a case that one may read."""
    if deed is not None:
        return _("case {case}: {what}").format(case=deed.case, what=said_in_case(deed))
    subject = _(REASONS[entry.subject]) if entry.act == "case-erased" else entry.subject
    return _(SAID[entry.act]).format(subject=subject)


def said_in_case(deed: Deed) -> str:
    """The same within the case."""
    if deed.act == "replied" and deed.subject:
        return _(_REPLIED).format(number=deed.number, subject=_(STATUSES[deed.subject]))
    return _(IN_CASE[deed.act]).format(number=deed.number, subject=deed.subject)

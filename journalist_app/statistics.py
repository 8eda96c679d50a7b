"""Statistics that a bundle brings: checked, shown before they are published, and then public for ever."""

from contextlib import suppress
from dataclasses import dataclass

from crypto import statistics
from crypto.directory import Directory
from crypto.errors import BadSignatureError, ProtocolError
from crypto.statistics import Statistics
from journalist_app.errors import BadStatisticsError
from journalist_app.outbound import UntrustedBundle
from journalist_app.parts import Parts
from store.errors import NoDirectoryError


@dataclass(frozen=True)
class Brought:
    """A publication; `known`: this period is published already, and stays as it is."""

    statistics: Statistics
    document: bytes
    known: bool


def look(parts: Parts, checked_bundle: UntrustedBundle, brought: Directory | None) -> list[Brought]:
    """What the bundle brings, signed by reviewers of the office; BadStatisticsError.

    `brought`: the directory that comes with it. Who signed may stand in that or in the published one: the
    statistics may have waited for a ceremony that took the reviewer away.
    """
    manifest = checked_bundle.manifest
    found = []
    for entry in manifest.entries:
        if entry.kind == "statistics":
            untrusted_document = checked_bundle.documents[entry.path]
            try:
                said = statistics.read_statistics(untrusted_document)
                statistics.check_place(said, manifest.instance, manifest.office, parts.today())
                _check_author(parts, said, untrusted_document, brought)
            except ProtocolError:
                raise BadStatisticsError from None
            if entry.name != said.period:
                raise BadStatisticsError
            known = said.period in parts.statistics.periods(manifest.office)
            found.append(Brought(said, untrusted_document, known))
    return found


def publish(parts: Parts, found: list[Brought]) -> int:
    """Makes public what is not; how many that are."""
    for each in found:
        parts.statistics.publish(each.statistics.office, each.statistics.period, each.document)
    return sum(not each.known for each in found)


def _check_author(
    parts: Parts, said: Statistics, untrusted_document: bytes, brought: Directory | None
) -> None:
    """BadSignatureError unless a reviewer of the office signed it."""
    directories = [] if brought is None else [brought]
    with suppress(NoDirectoryError):  # the first bundle of an office
        directories.append(parts.directories.directory(said.office))
    for directory in directories:
        reviewer = directory.office.reviewer(said.reviewer)
        try:
            if reviewer is not None:
                return statistics.check(untrusted_document, reviewer.sign)
        except BadSignatureError:
            continue
    raise BadSignatureError

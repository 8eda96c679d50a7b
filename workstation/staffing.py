"""Who leaves and who joins the reviewers of an office, and what the directory then says."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from nacl.public import PrivateKey
from nacl.signing import SigningKey

from crypto.constants import MAX_LIST
from crypto.directory import Channel, Office, Reviewer
from crypto.errors import ProtocolError
from crypto.fields import ChannelId, ReviewerId, identifier
from crypto.names import Names
from workstation.errors import BadPlanError, LeavingError, UnknownReviewerError
from workstation.keyfile import OFFICE
from workstation.station import Station
from workstation.strength import check_new_passphrase
from workstation.texts import _


@dataclass(frozen=True, repr=False)
class Newcomer:
    """A reviewer who joins; no repr. `reads`: the channels; None means all, or those of who leaves."""

    reviewer: ReviewerId
    titles: Names
    passphrase: str
    reads: tuple[ChannelId, ...] | None = None


@dataclass(frozen=True, repr=False)
class Staffing:
    """A change of reviewers; with both, one takes the other's place."""

    leaves: ReviewerId | None = None
    joins: Newcomer | None = None


@dataclass(frozen=True, repr=False)
class PersonalKeys:
    """A newcomer's two keys that last."""

    box: PrivateKey
    sign: SigningKey

    @staticmethod
    def generate() -> "PersonalKeys":
        return PersonalKeys(PrivateKey.generate(), SigningKey.generate())


def check(station: Station, staffing: Staffing) -> None:
    """BadPlanError, UnknownReviewerError, LeavingError, WeakPassphraseError."""
    present = [reviewer.id for reviewer in station.directory.office.reviewers]
    leaves, joins = staffing.leaves, staffing.joins
    if leaves is not None and leaves not in present:
        raise UnknownReviewerError(reviewer=leaves, known=", ".join(present))
    if leaves == station.reviewer and joins is None:
        raise LeavingError
    if joins is None:
        return
    try:
        identifier(joins.reviewer)
    except ProtocolError:
        raise BadPlanError(what=_("an id has 1 to 32 lower-case letters, digits and dashes")) from None
    if joins.reviewer == OFFICE or joins.reviewer in ids_ever(station):
        raise BadPlanError(what=_("this id was used before: exclusions hang on it, so take a new one"))
    if len(present) + (leaves is None) > MAX_LIST:
        raise BadPlanError(what=_("there are 1 to 32 reviewers, none of them called “office”"))
    channels = [channel.id for channel in station.directory.office.channels]
    if joins.reads is not None and not set(joins.reads) <= set(channels):
        raise BadPlanError(what=_("the channels are {known}").format(known=", ".join(channels)))
    check_new_passphrase(joins.passphrase, joins.reviewer)


def apply(office: Office, staffing: Staffing, sign: bytes | None) -> Office:
    """The office afterwards; `sign` is the newcomer's Ed25519 public key. BadPlanError."""
    reviewers = [reviewer for reviewer in office.reviewers if reviewer.id != staffing.leaves]
    if staffing.joins is not None and sign is not None:
        reviewers.append(Reviewer(staffing.joins.reviewer, dict(staffing.joins.titles), sign))
    channels = tuple(
        replace(channel, recipients=_recipients(channel, staffing)) for channel in office.channels
    )
    if not all(channel.recipients for channel in channels):
        raise BadPlanError(what=_("a channel would have nobody left who reads it"))
    return replace(office, reviewers=tuple(reviewers), channels=channels)


def _recipients(channel: Channel, staffing: Staffing) -> tuple[ReviewerId, ...]:
    stay = tuple(reviewer for reviewer in channel.recipients if reviewer != staffing.leaves)
    joins = staffing.joins
    if joins is None:
        return stay
    reads = joins.reads is None and (staffing.leaves is None or staffing.leaves in channel.recipients)
    return (*stay, joins.reviewer) if reads or channel.id in (joins.reads or ()) else stay


def ids_ever(station: Station) -> Collection[str]:
    """Every id that a reviewer or an identity custodian has, or had."""
    offices = [directory.office for directory in station.directories()]
    reviewers = {one.id for office in offices for one in office.reviewers}
    return reviewers | {one.id for office in offices for one in office.custodians}

"""The offices as this week's signed slices tell of them: what is asked, who reads, with which keys."""

from dataclasses import dataclass
from http import HTTPStatus

from crypto import calendar
from crypto.directory import Channel, Reviewer, Slice, check_slice, read_slice
from crypto.errors import ProtocolError
from crypto.forms import Form
from crypto.item import Context
from source_app.answers import Refusal
from source_app.noscript.services import Services
from store.errors import NoDirectoryError
from store.site import SiteOffice


@dataclass(frozen=True)
class Place:
    """An office, and the channel of it that something is sent to."""

    slice: Slice
    channel: Channel

    @property
    def context(self) -> Context:
        office = self.slice.office
        return Context(office.instance, office.id, self.channel.id)

    @property
    def form(self) -> Form:
        """What the channel asks; a verified slice has it."""
        form = self.slice.office.form(self.channel.form)
        if form is None:
            raise Refusal(HTTPStatus.NOT_FOUND, "no-such-channel")
        return form

    @property
    def readers(self) -> list[Reviewer]:
        """The channel's recipients, in its order."""
        return readers(self.slice, self.channel)


def this_week(services: Services, office: str) -> Slice:
    """The slice that a reporter's browser would get, checked as it would check it.

    Refusal: no such office; no keys for this week.
    """
    known = services.site.office(office)
    if known is None:
        raise Refusal(HTTPStatus.NOT_FOUND, "no-such-office")
    found = _slice(services, known)
    if found is None:
        raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "no-keys")
    return found


def every(services: Services) -> list[tuple[SiteOffice, Slice | None]]:
    """Each office of the site with its slice; None if it has no keys for this week."""
    return [(office, _slice(services, office)) for office in services.site.offices]


def place(services: Services, office: str, channel: str) -> Place:
    """A channel of an office; the refusals of `this_week`, and no such channel."""
    found = this_week(services, office)
    known = found.office.channel(channel)
    if known is None:
        raise Refusal(HTTPStatus.NOT_FOUND, "no-such-channel")
    return Place(found, known)


def readers(found: Slice, channel: Channel | None = None) -> list[Reviewer]:
    """The reviewers who read a channel, or any of the channels."""
    channels = found.office.channels if channel is None else (channel,)
    reading = {reviewer for one in channels for reviewer in one.recipients}
    return [reviewer for reviewer in found.office.reviewers if reviewer.id in reading]


def _slice(services: Services, office: SiteOffice) -> Slice | None:
    today = calendar.today()
    try:
        found = read_slice(services.directories.slice(office.id), office.root)
        check_slice(found, services.site.instance, office.id, today)
    except (NoDirectoryError, ProtocolError):
        return None
    return found

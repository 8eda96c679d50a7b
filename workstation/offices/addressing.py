"""Sealing a document for another office, by its own key directory."""

from typing import Final

from crypto import calendar
from crypto.directory import Channel, Directory
from crypto.fields import ChannelId, Day, OfficeId
from crypto.item import Context, SealedItem
from crypto.seal.item import seal_item
from workstation.offices.office_errors import OldKeysError

_PREFERRED: Final = (("aduan", "integrity"), ("aduan", "service"))


def channel_of(directory: Directory) -> Channel:
    """The channel of an office that letters of other offices come by: that for complaints about integrity,
    which the fewest read, if it has one."""
    channels = directory.office.channels
    for wanted in _PREFERRED:
        for channel in channels:
            if (channel.kind, channel.family) == wanted:
                return channel
    return channels[0]


def seal(office: OfficeId, directory: Directory, document: bytes, on: Day) -> tuple[ChannelId, SealedItem]:
    """The channel, and the item for its recipients of this week; OldKeysError."""
    epoch = calendar.epoch_of(on)
    if epoch not in directory.epochs:
        raise OldKeysError(office=office)
    channel = channel_of(directory)
    keys = directory.epochs[epoch]
    context = Context(directory.office.instance, directory.office.id, channel.id)
    recipients = {reviewer: keys[reviewer] for reviewer in channel.recipients}
    return channel.id, seal_item(document, context, epoch, recipients)

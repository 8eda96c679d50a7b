"""What an operator types in of something that came by hand, and whether it can be taken in (intake.py)."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from crypto import calendar, codename
from crypto.codename import ReporterKeys
from crypto.directory import Channel
from crypto.errors import ProtocolError
from crypto.fields import ChannelId, Day, ReviewerId
from crypto.message import Content, Message, Report, Thread, read_message, sign_message
from crypto.seal.item import pad_payload
from workstation import settings, terminal, texts
from workstation.byhand import attaching, identifiers
from workstation.casework.errors import (
    AnswersError,
    IdentifierError,
    IntakeLimitError,
    IntakeTextError,
    NotYourChannelError,
    ReceivedDayError,
)
from workstation.errors import UnknownReviewerError
from workstation.station import Station
from workstation.texts import N_, _

ARRIVALS: Final = ("letter", "sms", "social", "visit")
SENDERS: Final = {"": N_("somebody"), "agency": N_("a public agency")}
"""Who sent it: nobody whom we name, or an agency that wrote as such."""

LONGEST_REASON: Final = 500
_SETTING: Final = "intake-days"
_OLDEST_DAYS: Final = 366
_LIMITS: Final = (1, 3_650)


@dataclass(frozen=True)
class Entry:
    """What an operator types in. `answers` by field of the channel's form; `received` is the day on which
    the office got it; `kept`: why something that may name the sender has to stay in the text."""

    channel: ChannelId
    arrival: str
    received: Day
    language: str
    answers: Mapping[str, str]
    excluded: tuple[ReviewerId, ...] = ()
    sender: str = ""
    kept: str = ""
    attached: tuple[Path, ...] = ()


def oldest_days(station: Station) -> int:
    """How many days ago something may have been received at most."""
    found = settings.read(station.vault, _SETTING)
    return found if type(found) is int else _OLDEST_DAYS


def set_oldest_days(station: Station, days: int) -> None:
    """IntakeLimitError unless 1 to 3,650."""
    if not _LIMITS[0] <= days <= _LIMITS[1]:
        raise IntakeLimitError
    with station.vault.transaction():
        settings.write(station.vault, _SETTING, days)
        station.log("settings-changed", f"{_SETTING} {days}")


def check(station: Station, entry: Entry, on: Day) -> Entry:
    """The entry without empty answers, if it can be taken in on this day.

    NotYourChannelError, UnknownReviewerError, ReceivedDayError, AnswersError, IdentifierError,
    NotAttachableError, CannotReadError, IntakeTextError.
    """
    channel = station.directory.office.channel(entry.channel)
    if channel is None or station.reviewer not in channel.recipients or station.reviewer in entry.excluded:
        raise NotYourChannelError
    if not set(entry.excluded) <= set(channel.recipients):
        raise UnknownReviewerError(reviewer=", ".join(entry.excluded), known=", ".join(channel.recipients))
    days = oldest_days(station)
    if not calendar.add_days(on, -days) <= entry.received <= on:
        raise ReceivedDayError(days=days)
    answers = {name: text.strip() for name, text in entry.answers.items() if text.strip()}
    _check_answers(station, channel, answers)
    if not entry.kept.strip():
        _check_identifiers(station, channel, answers)
    for path in entry.attached:
        attaching.check(station, path)
    excluded, kept = tuple(sorted(set(entry.excluded))), entry.kept.strip()[:LONGEST_REASON]
    entry = replace(entry, answers=answers, excluded=excluded, kept=kept)
    throwaway = codename.keys(secrets.token_bytes(32))
    signed(station, entry, throwaway, Report(dict(answers)), 0)
    return entry


def signed(
    station: Station, entry: Entry, keys: ReporterKeys, content: Content, order: int
) -> tuple[bytes, Message]:
    """The signed document and what it says; IntakeTextError unless a reader would take it."""
    context = station.context(entry.channel)
    thread = Thread(keys.verify, keys.reply.public, keys.hint)
    message = Message(context, entry.received, order, entry.language, entry.excluded, thread, content)
    try:
        document = sign_message(message, keys.sign)
        pad_payload(document)
        read_message(document, context, station.recipients(entry.channel) or ())
    except (ProtocolError, ValueError):
        raise IntakeTextError from None
    return document, message


def _check_answers(station: Station, channel: Channel, answers: Mapping[str, str]) -> None:
    """AnswersError unless a reporter's page would take them."""
    form = station.directory.office.form(channel.form)
    assert form is not None  # a directory names no form that it lacks
    known = {field.id for field in form.fields}
    if not answers.keys() <= known:
        raise AnswersError(rule=_("the questions of this channel are {known}").format(known=", ".join(known)))
    missing = [field for field in form.fields if field.need == "required" and field.id not in answers]
    either = [field for field in form.fields if field.need == "either"]
    if not missing and either and not any(field.id in answers for field in either):
        missing = either
    if missing:
        titles = " / ".join(terminal.safe(texts.named(field.titles)) for field in missing)
        raise AnswersError(rule=_("there is no answer to: {titles}").format(titles=titles))
    for field in form.fields:
        if field.choices and field.id in answers and field.choice(answers[field.id]) is None:
            choices = ", ".join(choice.id for choice in field.choices)
            raise AnswersError(rule=_("{field} is one of {choices}").format(field=field.id, choices=choices))


def _check_identifiers(station: Station, channel: Channel, answers: Mapping[str, str]) -> None:
    """IdentifierError if something in the answers could name the sender; says where, never what."""
    form = station.directory.office.form(channel.form)
    found = []
    for field in form.fields if form else ():
        for kind in identifiers.find(answers.get(field.id, "")):
            title = terminal.safe(texts.named(field.titles))
            found.append(f"{title}: {_(identifiers.NAMES[kind])}")
    if found:
        raise IdentifierError(found="; ".join(found))

"""What the forms have in common: the codename, who must not read, and the sentences about what is wrong.

Problems are kept by the field they belong to, in the order of the page; the codename's come first.
"""

from collections.abc import Collection

from flask import g

from crypto import codename
from crypto.codename import Codename, ReporterKeys
from crypto.constants import CODENAME_WORDS
from crypto.directory import Reviewer, Slice
from crypto.errors import UnknownWordError
from crypto.fields import InstanceId, ReviewerId
from crypto.words import is_known
from source_app.noscript import offices
from source_app.noscript.errors import BadFormError
from source_app.noscript.offices import Place
from source_app.noscript.texts import gettext
from source_app.noscript.typed import Typed

Problems = dict[str, str]

CHANNEL = "channel"
CODENAME = "codename"
EXCLUDE = "exclude"
READER = "reader"
"""Each reviewer whom the form showed, hidden in it."""


def read_codename(typed: Typed, problems: Problems) -> Codename | None:
    """The codename; None with a problem that names the words which are on no list."""
    untrusted_text = typed.take(CODENAME)
    try:
        return codename.read(untrusted_text)
    except UnknownWordError:
        problems[CODENAME] = _what_is_wrong(codename.split(untrusted_text))
        return None


def keys_of(name: Codename, instance: InstanceId) -> ReporterKeys:
    """The keys of a codename; takes some milliseconds."""
    return codename.keys(codename.stretch(name, instance))


def read_excluded(
    typed: Typed, offered: Collection[Reviewer], recipients: Collection[ReviewerId], problems: Problems
) -> frozenset[ReviewerId]:
    """Those of the recipients who must not read; BadFormError.

    It is a problem if nobody is left, or if somebody would read whom the form did not show.
    """
    ticked, shown = typed.all(EXCLUDE), typed.all(READER)
    if not ticked <= {reviewer.id for reviewer in offered} | shown:
        raise BadFormError
    excluded = frozenset(recipient for recipient in recipients if recipient in ticked)
    joined = [one for one in offered if shown and one.id in recipients and one.id not in shown]
    if joined:
        problems[EXCLUDE] = gettext(
            "Since you opened this page, the office has added people who would read this: %(readers)s. Tick "
            "those who must not read it, then send it."
        ) % {"readers": ", ".join(one.titles[g.language] for one in joined)}
    elif len(excluded) == len(recipients):
        problems[EXCLUDE] = gettext("At least one person must be able to read it. Remove one of the ticks.")
    return excluded


def read_place(found: Slice, typed: Typed, problems: Problems) -> tuple[Place | None, frozenset[ReviewerId]]:
    """The channel that was chosen, and who of its recipients must not read; problems. BadFormError."""
    channel = found.office.channel(typed.one(CHANNEL))
    if channel is None:
        problems[CHANNEL] = gettext("Choose the kind of report.")
        return None, frozenset()
    excluded = read_excluded(typed, offices.readers(found), channel.recipients, problems)
    return Place(found, channel), excluded


def too_long(over: int) -> str:
    return gettext(
        "Too long, by about %(count)s letters. Shorten it, or send the rest later under the same codename."
    ) % {"count": over}


def _what_is_wrong(untrusted_words: list[str]) -> str:
    if not untrusted_words:
        return gettext("Type the eight words of your codename. Nothing has been sent.")
    unknown = [word[:20] for word in untrusted_words if not is_known(word)]
    if unknown:
        return gettext(
            "Not on the word list: %(words)s. Compare with what you wrote down. Nothing has been sent."
        ) % {"words": ", ".join(unknown[:CODENAME_WORDS])}
    return gettext("8 words are needed; there are %(count)s. Nothing has been sent.") % {
        "count": len(untrusted_words)
    }

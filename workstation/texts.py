"""Texts in the language of the person at the station: English in the source, others through gettext."""

import gettext
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

DOMAIN: Final = "workstation"
FOLDER: Final = Path(__file__).parent / "locales"
LANGUAGES: Final = ("id", "en")

_catalogue: gettext.NullTranslations = gettext.NullTranslations()
_language: str = "en"


def use(language: str) -> None:
    """Speaks this language from now on, in argparse's own texts too."""
    global _catalogue, _language
    _language = language
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain(DOMAIN, str(FOLDER))
    gettext.textdomain(DOMAIN)
    _catalogue = gettext.translation(DOMAIN, FOLDER, [language], fallback=True)


def from_environment() -> str:
    """`id` if the locale is Indonesian, `en` otherwise (POSIX order: LC_ALL, LC_MESSAGES, LANG)."""
    locale = next((v for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (v := os.environ.get(name))), "")
    return "id" if locale.split("_")[0].split(".")[0] == "id" else "en"


def language() -> str:
    """The language in use, `id` or `en`."""
    return _language


def _(text: str) -> str:
    """The text in the language in use."""
    return _catalogue.gettext(text)


def n_(one: str, many: str, count: int, **details: object) -> str:
    """The text for so many things, with `{count}` and the details filled in."""
    return _catalogue.ngettext(one, many, count).format(count=count, **details)


def N_(text: str) -> str:
    """Marks a text for translation where it stands; `_` translates it where it is shown."""
    return text


def named(names: Mapping[str, str]) -> str:
    """The one of an office's names that fits the language in use."""
    return names[_language]


HEADINGS: Final = {
    "message": N_("Message, received {days}"),
    "objection": N_("Objection, received {days}: the reporter asks to look at the answer again"),
    "threat": N_("THREAT, received {days}: the reporter says that somebody threatens or punishes them"),
    "withdrawal": N_("Withdrawal, received {days}: the reporter no longer wants this to be followed up"),
}
"""What stands above the words of a message, by its kind."""

STATUSES: Final = {
    "received": N_("Received"),
    "incomplete": N_("Needs completion"),
    "reviewing": N_("Under review"),
    "forwarded": N_("Forwarded"),
    "examining": N_("Under examination"),
    "on-hold": N_("On hold"),
    "answered": N_("Answered"),
    "closed-substantiated": N_("Closed: substantiated"),
    "closed-partly": N_("Closed: partly substantiated"),
    "closed-unsubstantiated": N_("Closed: not substantiated"),
    "closed-no-action": N_("Closed: not followed up"),
    "closed-forwarded": N_("Closed: forwarded"),
    "closed-answered": N_("Closed: answered"),
}

KIND_NAMES: Final = {
    "aduan": N_("Complaint"),
    "aspirasi": N_("Aspiration"),
    "permohonan-informasi": N_("Request for information"),
}
"""What a channel takes."""

PROBLEMS: Final = {
    "waiting": N_("opens with none of your keys; another reviewer may have one"),
    "no-epoch-key": N_("sealed for a week whose key you do not hold (destroyed, or never made here)"),
    "unknown-channel": N_("for a channel that this office does not have"),
    "malformed": N_("not a sealed item: damaged, or made by something else"),
    "wrong-version": N_("made by a newer version of Peluit"),
    "bad-content": N_("opens, but what is inside breaks the rules (signature, form or addressee)"),
    "unknown-office": N_("from another office that this one does not know, or whose keys are not up to date"),
}
"""Why an item is still sealed, as recorded for one reviewer."""

KINDS: Final = {
    "picture": N_("picture"),
    "pdf": N_("PDF"),
    "office": N_("Office document"),
    "text": N_("text"),
    "sound": N_("sound"),
    "video": N_("video"),
    "archive": N_("archive; only its list is shown, nothing is unpacked"),
    "unknown": N_("unknown; its first bytes are shown"),
}
"""What evidence is by its bytes: the names of `workstation.viewing.kinds.Family`."""

ARGPARSE: Final = (
    N_("usage: "),
    N_("positional arguments"),
    N_("options"),
    N_("show this help message and exit"),
    N_("the following arguments are required: %s"),
    N_("unrecognized arguments: %s"),
    N_("expected one argument"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("%(prog)s: error: %(message)s\n"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("invalid %(type)s value: %(value)r"),
    N_("not allowed with argument %s"),
    N_("one of the arguments %s is required"),
)
"""What Python's argparse says through gettext."""

"""An office's texts, in each language (docs/protocol.md section 4): plain text, never markup."""

from crypto.constants import LANGUAGES, MAX_NOTES_LENGTH, MAX_TITLE_LENGTH
from crypto.fields import Fields

Names = dict[str, str]
"""Language to a name or title, never empty."""

Notes = dict[str, str]
"""Language to a longer text, which may be empty: paragraphs, and items of lists behind `- `."""


def read_names(untrusted_value: object) -> Names:
    """MalformedError unless it is a name of 1 to 200 code points in each language."""
    return _read(untrusted_value, MAX_TITLE_LENGTH, 1)


def read_notes(untrusted_value: object) -> Notes:
    """MalformedError unless it is a text of up to 2,000 code points in each language."""
    return _read(untrusted_value, MAX_NOTES_LENGTH, 0)


def _read(untrusted_value: object, longest: int, shortest: int) -> dict[str, str]:
    fields = Fields(untrusted_value)
    texts = {language: fields.text(language, longest, shortest) for language in LANGUAGES}
    fields.end()
    return texts

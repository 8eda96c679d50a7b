"""Words that reviewers write into the forms of casework."""

from workstation.casework.errors import WordsMissingError, WordsTextError, WordsTooLongError

LONGEST = 4_000
"""Letters of one field."""


def checked(untrusted_text: str, what: str, needed: bool = True, longest: int = LONGEST) -> str:
    """The text without space around it; `what` names the field, in the language in use.

    WordsMissingError, WordsTooLongError, WordsTextError.
    """
    text = untrusted_text.replace("\r\n", "\n").strip()
    if needed and not text:
        raise WordsMissingError(what=what)
    if len(text) > longest:
        raise WordsTooLongError(what=what, limit=longest)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise WordsTextError(what=what) from None
    if "\0" in text:
        raise WordsTextError(what=what)
    return text

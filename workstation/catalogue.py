"""Collect the texts for translation: `python -m workstation.catalogue` brings the .po files up to date.

Texts are the arguments of `_`, `n_` and `N_`, in code and in templates, and the docstrings of the errors.
"""

import importlib
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import pofile
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir

from workstation import errors, texts

_KEYWORDS = {"_": None, "N_": None, "n_": (1, 2)}
_JINJA = {"**/templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}
_SOURCE = Path(__file__).parent


def template() -> Catalog:
    """Every text of the station, untranslated."""
    found = Catalog(project="peluit", charset="utf-8")
    methods = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
    for name, _line, text, _comments, _context in extract_from_dir(
        _SOURCE, methods, _JINJA, keywords=_KEYWORDS
    ):
        found.add(text, locations=[(name, 0)])
    for error in sentences():
        found.add(error, locations=[("errors.py", 0)])
    return found


def sentences() -> Iterator[str]:
    """The docstring of every error, in all modules of errors."""
    for path in sorted(_SOURCE.rglob("*errors.py")):
        name = ".".join((_SOURCE.name, *path.relative_to(_SOURCE).with_suffix("").parts))
        for error in vars(importlib.import_module(name)).values():
            if isinstance(error, type) and issubclass(error, errors.StationError) and error.__doc__:
                yield error.__doc__


def update() -> None:
    """Adds new texts to every .po file and drops those that are gone; nothing is guessed."""
    for path in sorted(texts.FOLDER.glob("*/LC_MESSAGES/*.po")):
        with path.open("rb") as file:
            catalogue = pofile.read_po(file, locale=path.parts[-3])
        catalogue.update(template(), no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        body = BytesIO()
        pofile.write_po(body, catalogue, width=110, no_location=True, omit_header=True, sort_output=True)
        path.write_bytes(_header(path.parts[-3], catalogue).encode() + body.getvalue())
        sys.stdout.write(f"{path}\n")


def _header(language: str, catalogue: Catalog) -> str:
    """Only what readers of the file need: no dates and no names of people."""
    return (
        "# The texts of the reading station in another language (terms: the project's glossary).\n"
        'msgid ""\nmsgstr ""\n'
        f'"Language: {language}\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {catalogue.plural_forms}\\n"\n\n'
    )


if __name__ == "__main__":
    update()

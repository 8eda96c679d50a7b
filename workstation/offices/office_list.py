"""A list of many offices in a file, CSV or JSON, as a spreadsheet or another program wrote it."""

import csv
import io
import json
from pathlib import Path

from workstation.errors import CannotReadError
from workstation.offices import registry
from workstation.offices.office_errors import BadOfficesFileError
from workstation.offices.registry import COLUMNS, Office
from workstation.reasons import reason
from workstation.texts import _

_LARGEST = 2**20


def read(path: Path) -> list[Office]:
    """BadOfficesFileError, BadOfficeError (which says where), CannotReadError."""
    try:
        with path.open("rb") as file:
            untrusted_data = file.read(_LARGEST + 1)
    except OSError as error:
        raise CannotReadError(path=path, reason=reason(error)) from None
    if len(untrusted_data) > _LARGEST:
        raise _bad(path, _("it is too large"))
    try:
        untrusted_text = untrusted_data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _bad(path, _("it is not in UTF-8")) from None
    rows = (
        _json(path, untrusted_text)
        if untrusted_text.lstrip()[:1] in ("[", "{")
        else _csv(path, untrusted_text)
    )
    if not rows:
        raise _bad(path, _("it names no office"))
    return [registry.read_office(row, str(number)) for number, row in enumerate(rows, 1)]


def _json(path: Path, untrusted_text: str) -> list[object]:
    try:
        rows = json.loads(untrusted_text)
    except (ValueError, RecursionError):
        raise _bad(path, _("it is no JSON")) from None
    if not isinstance(rows, list) or not all(
        isinstance(row, dict) and set(row) <= set(COLUMNS) for row in rows
    ):
        raise _bad(path, _("it holds other things than these"))
    return list(rows)


def _csv(path: Path, untrusted_text: str) -> list[object]:
    separator = ";" if ";" in untrusted_text.partition("\n")[0] else ","
    try:
        reader = csv.DictReader(io.StringIO(untrusted_text, newline=""), delimiter=separator, strict=True)
        rows: list[object] = list(reader)
    except csv.Error:
        raise _bad(path, _("it is no CSV")) from None
    columns = reader.fieldnames or ()
    if "id" not in columns or not set(columns) <= set(COLUMNS) or len(set(columns)) != len(columns):
        raise _bad(path, _("its first row does not name these columns"))
    return rows


def _bad(path: Path, what: str) -> BadOfficesFileError:
    return BadOfficesFileError(path=path, what=what, columns=", ".join(COLUMNS))

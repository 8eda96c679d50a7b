"""A paper as CSV (RFC 4180) for a spreadsheet, which must not take a cell for a formula."""

import csv
import io
from collections.abc import Sequence
from typing import Final

from workstation import watermark
from workstation.recap.paper import Paper

BOM: Final = "\ufeff"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def write(paper: Paper, bom: bool = False) -> bytes:
    """Each table under a row with its title, an empty row between two; UTF-8, with a mark that tells some
    spreadsheets so if `bom`. Of a training station, its mark stands above all."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    if watermark.is_in(paper.lead):
        writer.writerows([[watermark.LINE], []])
    for number, table in enumerate(paper.tables):
        if number:
            writer.writerow([])
        if len(paper.tables) > 1:
            writer.writerow(_safe([table.title]))
        writer.writerow(_safe(table.head))
        writer.writerows(_safe(row) for row in table.rows)
    return ((BOM if bom else "") + text.getvalue()).encode()


def _safe(row: Sequence[str]) -> list[str]:
    """A cell that a spreadsheet would compute gets an apostrophe before it, as OWASP has it."""
    return [
        f"'{cell}" if cell.lstrip().startswith(_FORMULA) or cell[:1] in _FORMULA else cell for cell in row
    ]

"""A paper as PDF, the same bytes each time: reportlab's `invariant` leaves out the time of its making."""

import io
from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Final

import reportlab
from reportlab.lib import colors
from reportlab.lib.enums import TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus import Table as Grid

from workstation import texts
from workstation.recap.paper import Paper, Table

_FONTS: Final = Path(reportlab.__file__).parent / "fonts"
_MARGIN: Final = 15 * mm
_BAR: Final = 45 * mm
_SHORT: Final = 20
"""Rows of a table that is not broken over pages."""
_MANY: Final = 7
_WIDE: Final = 9
"""Columns: with more, letters are small; with more still, the paper lies on its side."""


def write(paper: Paper) -> bytes:
    """The whole file in the language in use; wide tables in smaller letters."""
    _register()
    wide = any(len(table.head) > _WIDE for table in paper.tables)
    page = landscape(A4) if wide else A4
    found = io.BytesIO()
    document = SimpleDocTemplate(
        found, pagesize=page, invariant=1, title=paper.title, author="", lang=texts.language(),
        leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=_MARGIN, bottomMargin=_MARGIN,
    )  # fmt: skip
    story: list[Any] = [Paragraph(escape(paper.title), _style(15, "VeraBd")), Spacer(1, 3 * mm)]
    story += [Paragraph(escape(sentence), _style(9)) for sentence in paper.lead]
    for table in paper.tables:
        heading = Paragraph(escape(table.title), _style(11, "VeraBd"))
        grid = _grid(table, page[0] - 2 * _MARGIN - 12)
        # A short table stays in one piece; of a long one, each page begins with its head.
        parts = [heading, Spacer(1, 2 * mm), grid]
        story += [Spacer(1, 5 * mm), *([KeepTogether(parts)] if len(table.rows) < _SHORT else parts)]
    document.build(story, onFirstPage=_number, onLaterPages=_number)
    return found.getvalue()


@cache
def _register() -> None:
    for name in ("Vera", "VeraBd"):
        pdfmetrics.registerFont(TTFont(name, str(_FONTS / f"{name}.ttf")))


class _Bar(Flowable):  # type: ignore[misc]  # reportlab has no types
    """The bar of a row, its length a part of the column's width."""

    def __init__(self, part: float) -> None:
        super().__init__()
        self.width, self.height = part * (_BAR - 6), 6

    def draw(self) -> None:
        self.canv.setFillGray(0.45)
        self.canv.rect(0, 1, self.width, self.height, stroke=0, fill=1)


def _style(size: float, font: str = "Vera", align: int = TA_LEFT) -> ParagraphStyle:
    name = f"{font}{size}{align}"
    return ParagraphStyle(name, fontName=font, fontSize=size, leading=size * 1.35, alignment=align)


def _grid(table: Table, inside: float) -> Grid:
    size = 6.5 if len(table.head) > _MANY else 8.5
    bars = table.bars if any(table.bars) else ()
    head = _row(table, table.head, size, "VeraBd") + ([""] if bars else [])
    rows = [
        _row(table, row, size, "Vera") + ([_Bar(bars[n] / max(bars))] if bars else [])
        for n, row in enumerate(table.rows)
    ]
    grid = Grid([head, *rows], colWidths=_widths(table, inside, bool(bars), size), repeatRows=1)
    grid.setStyle(
        [
            ("LINEBELOW", (0, 0), (-1, -1), 0.25, colors.grey),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 2),
            ("RIGHTPADDING", (0, 0), (-1, -1), 5),
            ("TOPPADDING", (0, 0), (-1, -1), 1.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
        ]
    )
    return grid


def _row(table: Table, cells: Sequence[str], size: float, font: str) -> list[Any]:
    aligned = [TA_RIGHT if i in table.right else TA_LEFT for i in range(len(cells))]
    return [
        Paragraph(escape(cell), _style(size, font, align)) for cell, align in zip(cells, aligned, strict=True)
    ]


def _widths(table: Table, inside: float, with_bars: bool, size: float) -> Sequence[float]:
    """No word is broken that fits; what is left goes where the longest cells are."""
    room = inside - (_BAR if with_bars else 0)
    columns = list(zip(table.head, *table.rows, strict=True))
    least = [max(_wide(word, size) for cell in column for word in cell.split() or [""]) for column in columns]
    most = [max(_wide(cell, size) for cell in column) for column in columns]
    left = max(0.0, room - sum(least))
    wish = [max(0.0, high - low) for low, high in zip(least, most, strict=True)]
    share = min(1.0, left / sum(wish)) if sum(wish) else 0.0
    found = [low + share * more for low, more in zip(least, wish, strict=True)]
    scale = room / sum(found)
    return [scale * width for width in found] + ([_BAR] if with_bars else [])


def _wide(text: str, size: float) -> float:
    """Points that a text takes in bold, with the cell's margins."""
    return float(pdfmetrics.stringWidth(text, "VeraBd", size)) + 6


def _number(canvas: Any, document: Any) -> None:
    """The page's number at its foot."""
    canvas.setFont("Vera", 7)
    canvas.drawRightString(document.pagesize[0] - _MARGIN, 8 * mm, str(document.page))

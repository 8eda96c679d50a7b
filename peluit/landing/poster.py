"""A poster for an office's wall: A4 as PDF with its letters and the QR code as lines, ready for a printer.

The same facts give the same bytes. Neither a time nor the program that made it stands in the file: a poster
that somebody carries must not tell where and when it was printed.
"""

import io
from functools import cache
from pathlib import Path
from typing import Any, Final

import reportlab
import segno
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFInfo, PDFString
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from peluit.landing.facts import Facts, Office, texts

_FONTS: Final = Path(reportlab.__file__).parent / "fonts"
_PLAIN, _BOLD = "Vera", "VeraBd"
_WIDTH, _HEIGHT = A4
_MARGIN: Final = 18 * mm
_INSIDE: Final = _WIDTH - 2 * _MARGIN
_QR: Final = 76 * mm
# The library's two remarks about itself, outside of anything that is shown.
_REMARKS: Final = (
    b"ReportLab Generated PDF document (opensource)",
    b"ReportLab generated PDF document -- digest (opensource)",
)


def poster(facts: Facts, office: Office) -> bytes:
    """The whole file, one page: Indonesian, and below it English."""
    _register()
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=A4, invariant=1, pageCompression=1, lang="id", initialFontName=_PLAIN)
    canvas._doc.info = _Title(texts("id")["title"])
    _draw(canvas, facts, office)
    canvas.save()
    data = made.getvalue()
    for remark in _REMARKS:
        data = data.replace(remark, b" " * len(remark))  # of the same length: the file's table counts bytes
    return data


class _Title(PDFInfo):  # type: ignore[misc]  # reportlab has no types
    """What the file says of itself: its title, and nothing else."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = title

    def format(self, document: Any) -> Any:
        return PDFDictionary({"Title": PDFString(self.title)}).format(document)


@cache
def _register() -> None:
    for name in (_PLAIN, _BOLD):
        pdfmetrics.registerFont(TTFont(name, str(_FONTS / f"{name}.ttf")))


def _draw(canvas: Any, facts: Facts, office: Office) -> None:
    own = texts("id")
    y = _HEIGHT - _MARGIN - 12 * mm
    y = _text(canvas, y, own["title"], 34, _BOLD)
    y = _text(canvas, y, office.names["id"], _fitting(office.names["id"], 17))
    y = _text(canvas, y - 2 * mm, own["poster-lead"], 13) - 3 * mm
    for number, name in enumerate(("poster-1", "poster-2", "poster-3"), 1):
        y = _text(canvas, y, f"{number}. {own[name]}", 13, _BOLD)
    y = _address(canvas, y - 2 * mm, facts) - 2 * mm
    y = _text(canvas, y, f"4. {own['poster-4']}", 13, _BOLD) - 2 * mm
    y = _fingerprint(canvas, y, office) - 1 * mm
    y = _text(canvas, y, own["poster-paper"], 11) - 3 * mm
    _english(canvas, y, office)


def _address(canvas: Any, y: float, facts: Facts) -> float:
    """The QR code, and below it the address on two lines."""
    code = segno.make(facts.url, error="m", micro=False)
    rows = list(code.matrix_iter(border=0))
    side = _QR / len(rows)
    left, top = (_WIDTH - _QR) / 2, y + 2 * mm
    for down, row in enumerate(rows):
        for right, dark in enumerate(row):
            if dark:
                canvas.rect(left + right * side, top - (down + 1) * side, side, side, stroke=0, fill=1)
    y = top - _QR - 8 * mm
    half = len(facts.url) // 2
    canvas.setFont(_BOLD, 15)
    for line in (facts.url[:half], facts.url[half:]):
        canvas.drawCentredString(_WIDTH / 2, y, line)
        y -= 7 * mm
    return y


def _fingerprint(canvas: Any, y: float, office: Office) -> float:
    canvas.setFont(_BOLD, 14)
    words = office.words["id"]
    for line in (office.digits, words[:4], words[4:]):
        canvas.drawCentredString(_WIDTH / 2, y, "   ".join(line))
        y -= 7 * mm
    return y


def _english(canvas: Any, y: float, office: Office) -> None:
    own = texts("en")
    canvas.line(_MARGIN, y + 4 * mm, _WIDTH - _MARGIN, y + 4 * mm)
    title = f"{own['title']}. {office.names['en']}"
    y = _text(canvas, y - 2 * mm, title, _fitting(title, 12, _BOLD), _BOLD)
    said = " ".join(own[f"poster-{number}"] for number in (1, 2, 4))
    y = _text(canvas, y, said, 10.5)
    _text(canvas, y, " ".join(office.words["en"]), 11, _BOLD)


def _fitting(text: str, size: float, font: str = _PLAIN) -> float:
    """This size for what fits on one line, two thirds of it for longer names."""
    return size if pdfmetrics.stringWidth(text, font, size) <= _INSIDE else size * 2 / 3


def _text(canvas: Any, y: float, text: str, size: float, font: str = _PLAIN) -> float:
    """Lines in the middle from `y` (their base) down; where the next begins."""
    canvas.setFont(font, size)
    for line in simpleSplit(text, font, size, _INSIDE):
        canvas.drawCentredString(_WIDTH / 2, y, line)
        y -= size * 1.35
    return y

"""Evidence for training, made by code: a picture and a letter, each with the mark in it."""

import io
from typing import Final

from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from workstation import watermark

_SIZE: Final = (640, 420)
_INK: Final = (30, 30, 30)


def picture() -> bytes:
    """A JPEG of a receipt that nobody wrote."""
    image = Image.new("RGB", _SIZE, (236, 230, 214))
    draw = ImageDraw.Draw(image)
    draw.rectangle((60, 60, 580, 360), fill=(252, 251, 246), outline=_INK, width=2)
    for number, line in enumerate(
        ("KUITANSI", "Sudah terima dari: pemohon", "Jumlah: Rp 50.000", watermark.FILE * 4)
    ):
        draw.text((90, 90 + 60 * number), line, fill=_INK, font_size=26)
    for y in (20, 385):
        draw.text((40, y), watermark.LINE.replace("–", "-"), fill=(160, 30, 20), font_size=18)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=80)
    return file.getvalue()


def document() -> bytes:
    """A PDF of one page, an invoice."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=True)
    canvas.setTitle(watermark.LINE)
    lines = (
        watermark.LINE,
        "",
        "FAKTUR 017/2026",
        "12 meja kantor @ Rp 6.500.000",
        "Jumlah: Rp 78.000.000",
        "",
        watermark.LINE,
    )
    for number, line in enumerate(lines):
        canvas.setFont("Helvetica-Bold" if line == watermark.LINE else "Helvetica", 14)
        canvas.drawString(72, 760 - 28 * number, line)
    canvas.save()
    return file.getvalue()


MAKERS: Final = {"document": ("faktur-latihan.pdf", document), "picture": ("foto-latihan.jpg", picture)}
"""The reporter's name for the file, and what makes it."""

"""What kind of file this is, by its bytes and never by its name. Nothing here parses: it compares."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Family(StrEnum):
    """How a file is shown."""

    PICTURE = "picture"
    PDF = "pdf"
    OFFICE = "office"
    TEXT = "text"
    SOUND = "sound"
    VIDEO = "video"
    ARCHIVE = "archive"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Kind:
    """A family, and the ending by which programs know the file inside the sandbox."""

    family: Family
    ending: str


EDGE: Final = 2**16
"""Bytes from each end of a file by which it is told."""

UNKNOWN: Final = Kind(Family.UNKNOWN, "bin")
TEXT: Final = Kind(Family.TEXT, "txt")

_MAGIC: Final = (
    (0, b"\xff\xd8\xff", Kind(Family.PICTURE, "jpg")),
    (0, b"\x89PNG\r\n\x1a\n", Kind(Family.PICTURE, "png")),
    (0, b"GIF8", Kind(Family.PICTURE, "gif")),
    (8, b"WEBP", Kind(Family.PICTURE, "webp")),
    (0, b"II*\0", Kind(Family.PICTURE, "tiff")),
    (0, b"MM\0*", Kind(Family.PICTURE, "tiff")),
    (0, b"%PDF-", Kind(Family.PDF, "pdf")),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind(Family.OFFICE, "doc")),
    (0, b"{\\rtf", Kind(Family.OFFICE, "rtf")),
    (0, b"ID3", Kind(Family.SOUND, "mp3")),
    (0, b"\xff\xfb", Kind(Family.SOUND, "mp3")),
    (0, b"\xff\xf3", Kind(Family.SOUND, "mp3")),
    (0, b"fLaC", Kind(Family.SOUND, "flac")),
    (0, b"OggS", Kind(Family.SOUND, "ogg")),
    (0, b"#!AMR", Kind(Family.SOUND, "amr")),
    (8, b"WAVE", Kind(Family.SOUND, "wav")),
    (4, b"ftypM4A", Kind(Family.SOUND, "m4a")),
    (4, b"ftyp", Kind(Family.VIDEO, "mp4")),
    (8, b"AVI ", Kind(Family.VIDEO, "avi")),
    (0, b"\x1a\x45\xdf\xa3", Kind(Family.VIDEO, "mkv")),
    (0, b"\x30\x26\xb2\x75", Kind(Family.VIDEO, "wmv")),
    (257, b"ustar", Kind(Family.ARCHIVE, "tar")),
    (0, b"\x1f\x8b", Kind(Family.ARCHIVE, "tar.gz")),
    (0, b"BZh", Kind(Family.ARCHIVE, "tar.bz2")),
    (0, b"\xfd7zXZ\0", Kind(Family.ARCHIVE, "tar.xz")),
    (0, b"BM", Kind(Family.PICTURE, "bmp")),
)

_IN_ZIP: Final = (
    (b"mimetypeapplication/vnd.oasis.opendocument.text", "odt"),
    (b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "ods"),
    (b"mimetypeapplication/vnd.oasis.opendocument.presentation", "odp"),
    (b"word/document", "docx"),
    (b"xl/workbook", "xlsx"),
    (b"ppt/presentation", "pptx"),
)

_CONTROLS: Final = frozenset(range(32)) - frozenset(b"\t\n\f\r\x1b\x0b\x08")


def recognise(untrusted_head: bytes, untrusted_tail: bytes) -> Kind:
    """The kind of a file, given up to `EDGE` bytes of its beginning and of its end."""
    if untrusted_head.startswith(b"PK\x03\x04"):
        return _zip(untrusted_head, untrusted_tail)
    for at, magic, kind in _MAGIC:
        if untrusted_head.startswith(magic, at) and not (magic == b"BM" and _is_text(untrusted_head)):
            return kind
    return TEXT if _is_text(untrusted_head) else UNKNOWN


def _zip(untrusted_head: bytes, untrusted_tail: bytes) -> Kind:
    for mark, ending in _IN_ZIP:
        if mark in untrusted_head[:256] or (mark.find(b"/") < 8 and mark in untrusted_head + untrusted_tail):
            return Kind(Family.OFFICE, ending)
    return Kind(Family.ARCHIVE, "zip")


def _is_text(untrusted_head: bytes) -> bool:
    if untrusted_head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if _CONTROLS.intersection(untrusted_head):
        return False
    try:
        untrusted_head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(untrusted_head) - 4 and len(untrusted_head) == EDGE
    return True

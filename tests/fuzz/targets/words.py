"""What reporters wrote and sent, on its way to a person's eyes: names, texts, files, what viewers put out."""

import os
import tempfile
import unicodedata
from collections.abc import Iterator

from crypto.message import Evidence
from tests.fuzz.target import Target, text
from tests.fuzz.targets.sealed import BLOB, CONTENT, KEY, sealed_content
from workstation import incomplete, terminal
from workstation.errors import NotShownError
from workstation.filenames import safe_name
from workstation.page import media
from workstation.page.words import safe_text
from workstation.unsealing import unseal
from workstation.viewing import kinds, plain
from workstation.viewing.kinds import EDGE
from workstation.viewing.labels import telling
from workstation.viewing.pixels import Pixels, png, read_ppm
from workstation.viewing.rendering import lines
from workstation.viewing.source import Source

COLUMNS = 40
STRANGE = "Ayo‮gpj.exe\x1b[2J\r\n\t<b>é😀 ﷽ a\u0301\u0301\u0301\u0301\u0301\u0301 \u200b\ufeff\x00".encode()


def harmless(line: str) -> bool:
    """Nothing in it moves a cursor, turns the reading order or hides."""
    return not any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") for character in line)


def _screen(data: bytes) -> None:
    untrusted = text(data)
    assert harmless(terminal.safe(untrusted))
    assert all(map(harmless, safe_text(untrusted).split("\n")))
    for line in terminal.quoted(untrusted, COLUMNS):
        assert harmless(line)
        assert terminal.width(line) <= COLUMNS
    assert terminal.width(terminal.fit(untrusted, COLUMNS)) <= COLUMNS


def _file_name(data: bytes) -> None:
    for name in (safe_name(text(data), 7, 2), incomplete.name(text(data), 7, 2)):
        assert len(name.encode()) <= 120
        assert harmless(name)
        assert not set(name) & set('/\\:*?"<>|\0')
        assert name.startswith(("7-2-", incomplete.MARK))
        assert not name.endswith((".", " "))


def _path(data: bytes) -> None:
    """Whatever a reviewer types as the place of a stick is a path; the system may refuse it."""
    ticked, _, typed = text(data).partition("\n")
    path = media.chosen(ticked, typed)
    assert isinstance(path.exists(), bool)


def _kind(data: bytes) -> None:
    found = kinds.recognise(data[:EDGE], data[-EDGE:])
    assert found.ending.replace(".", "").isalnum()
    assert found.family in kinds.Family


def _kinds() -> Iterator[bytes]:
    for at, magic, _kind in kinds._MAGIC:
        yield bytes(at) + magic + b"rest of it"
    for mark, _ending in kinds._IN_ZIP:
        yield b"PK\3\4" + bytes(26) + mark
    yield b"plain words"


def _pixels(data: bytes) -> None:
    pixels = read_ppm(data)
    assert len(pixels.rgb) == pixels.width * pixels.height * 3
    assert png(pixels).startswith(b"\x89PNG")


def _picture() -> bytes:
    pixels = Pixels(3, 2, bytes(range(18)))
    return b"P6\n%d %d\n255\n" % (pixels.width, pixels.height) + pixels.rgb


def _program_lines(data: bytes) -> None:
    found = lines(data)
    assert all(map(harmless, found))
    for _label, values in telling(found):
        assert all(any(line.endswith(value) for line in found) for value in values)


def _plain(data: bytes) -> None:
    """Every page of a text, one too many on each side, and its first bytes."""
    descriptor = os.memfd_create("fuzz")
    try:
        os.write(descriptor, data)
        source = Source(descriptor, len(data))
        pages = plain.text(source, 1).pages
        assert pages == max(1, -(-len(data) // plain.PAGE))
        for page in range(pages + 2):
            assert all(map(harmless, plain.text(source, page).text))
        assert all(map(harmless, plain.hexdump(source).text))
    finally:
        os.close(descriptor)


def _evidence(data: bytes) -> None:
    """Damaged evidence is counted and never an error; intact only if it is the file."""
    evidence = Evidence(BLOB, KEY, "a", "", len(CONTENT), sealed_content()[1])
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        found = unseal(evidence, file.fileno())
    assert found.damage.found == (data != sealed_content()[0])
    assert all(map(harmless, found.damage.sentences()))


TARGETS = (
    Target("screen", _screen, (), lambda: [STRANGE, b"satu dua " * 20], longest=400, runs=200),
    Target(
        "file-name",
        _file_name,
        (),
        lambda: [STRANGE, b"../../etc/passwd", b"CON", ("é" * 200 + ".jpg").encode()],
    ),
    Target(
        "stick", _path, (OSError,), lambda: [b"/media/stick\n", b"\n~/stick", b"\n~nobody-here/x"], runs=500
    ),
    Target("kind", _kind, (), _kinds),
    Target("pixels", _pixels, (NotShownError,), lambda: [_picture()]),
    Target(
        "viewer-lines",
        _program_lines,
        (),
        lambda: [STRANGE, b"[EXIF] Make : Peluit\n[GPS] GPSPosition : 6 S\n\xff\xfe"],
    ),
    Target("plain-text", _plain, (), lambda: [STRANGE, b"\xff\xfea\0b\0", b"\xfe\xff\0a\xd8\0"], runs=200),
    Target("evidence", _evidence, (), lambda: [sealed_content()[0]], runs=200),
)

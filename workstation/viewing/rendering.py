"""The programs that turn a file into pixels or text, each in a sandbox of its own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from workstation import terminal
from workstation.errors import NotShownError
from workstation.texts import _
from workstation.viewing import sandbox
from workstation.viewing.kinds import Kind
from workstation.viewing.pixels import LONGEST_SIDE, MOST_BYTES, png, read_ppm
from workstation.viewing.sandbox import MIB, Limits, Output
from workstation.viewing.source import Source

_LISTING: Final = (Path(__file__).parent / "inside" / "listing.py").read_text("utf-8")
_PAGES: Final = re.compile(rb"^Pages: +([0-9]{1,6})$", re.MULTILINE)
_NO_PAGE: Final = 1_000_000
"""More than any file is said to have: then only the pages are counted."""

_MOST_LINES: Final = 5_001
_LONGEST_LINE: Final = 4_000

_PIXELS: Final = Limits(output=MOST_BYTES)
OFFICE: Final = Limits(seconds=120, memory=6144 * MIB, scratch=256 * MIB, output=MOST_BYTES, processes=128)
_WORDS: Final = Limits(output=8 * MIB)

_PDF_PAGE: Final = (
    f'pdfinfo "$1" >&2 && if [ "$(pdfinfo "$1" | sed -n "s/^Pages: *//p")" -ge "$2" ]; then '
    f'pdftoppm -q -f "$2" -l "$2" -scale-to {LONGEST_SIDE} "$1"; fi'
)
NO_MACROS: Final = (
    '<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    '<item oor:path="/org.openoffice.Office.Common/Security/Scripting">'
    '<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>'
    '<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item></oor:items>'
)
"""LibreOffice's profile, new each time: no macro runs, whoever signed it."""

TO_PDF: Final = (
    'mkdir -p /tmp/profile/user && printf %s "$3" >/tmp/profile/user/registrymodifications.xcu && '
    "soffice -env:UserInstallation=file:///tmp/profile --headless --norestore --nologo --nodefault "
    '--nolockcheck --convert-to pdf --outdir /tmp/out "$1" >/dev/null 2>&1 && '
    'set -- /tmp/out/file.pdf "$2" && '
)
_FFMPEG: Final = ("ffmpeg", "-v", "error", "-nostdin", "-threads", "1", "-protocol_whitelist", "file,pipe")
_STILL: Final = (
    *("-map", "0:v:0", "-frames:v", "1", "-pix_fmt", "rgb24", "-c:v", "ppm", "-f", "image2pipe", "-vf"),
    f"scale=w='min({LONGEST_SIDE},iw)':h='min({LONGEST_SIDE},ih)':force_original_aspect_ratio=decrease",
    "pipe:1",
)
_PROBE: Final = (
    *("ffprobe", "-v", "error", "-protocol_whitelist", "file", "-of", "default=noprint_wrappers=1"),
    "-show_entries",
    "format=format_long_name,duration,bit_rate:format_tags:stream=codec_type,codec_long_name,width,height,"
    "avg_frame_rate,sample_rate,channels:stream_tags",
)


@dataclass(frozen=True)
class Rendered:
    """How many pages there are, and what this one shows: a PNG file of our own, safe lines, or both."""

    pages: int
    picture: bytes | None = None
    text: tuple[str, ...] = ()


def picture(source: Source, kind: Kind) -> Rendered:
    """The first frame of a picture, at most `LONGEST_SIDE` points long."""
    return Rendered(1, _still(source, kind))


def pdf(source: Source, kind: Kind, page: int) -> Rendered:
    """A page of a PDF; no picture if it has no such page."""
    sandbox.need("pdfinfo", "pdftoppm")
    return _page(source, kind, page, _PDF_PAGE, _PIXELS)


def office(source: Source, kind: Kind, page: int) -> Rendered:
    """A page of a document, a table or slides, as LibreOffice prints it."""
    sandbox.need("soffice", "pdfinfo", "pdftoppm")
    return _page(source, kind, page, TO_PDF + _PDF_PAGE, OFFICE)


def recording(source: Source, kind: Kind) -> Rendered:
    """What sound or video says of itself, and the first frame if it has one."""
    sandbox.need("ffprobe", "ffmpeg")
    said = _run([*_PROBE, _path(kind)], source, kind, _WORDS)
    try:
        still = _still(source, kind)
    except NotShownError:  # no picture in it, or none that opens; the text is there
        still = None
    return Rendered(1, still, lines(said.untrusted_data))


def archive(source: Source, kind: Kind) -> Rendered:
    """Size and name of what is in an archive; nothing is unpacked."""
    sandbox.need("python3")
    command = ["python3", "-I", "-S", "-B", "-c", _LISTING, _path(kind)]
    listed = _run(command, source, kind, _WORDS)
    return Rendered(1, None, lines(listed.untrusted_data))


def lines(untrusted_data: bytes) -> tuple[str, ...]:
    """A program's words as safe lines, as many and as long as a person may look at."""
    untrusted_text = untrusted_data.decode("utf-8", "replace").rstrip("\n")
    found = [line for line in untrusted_text.split("\n") if line]
    cut = [*found[: _MOST_LINES - 1], "…"] if len(found) > _MOST_LINES else found
    return tuple(terminal.safe(line[:_LONGEST_LINE].replace("\t", "  ")) for line in cut)


def _still(source: Source, kind: Kind) -> bytes:
    sandbox.need("ffmpeg")
    command = [*_FFMPEG, "-max_pixels", "100000000", "-i", _path(kind), *_STILL]
    return png(read_ppm(_run(command, source, kind, _PIXELS).untrusted_data))


def _page(source: Source, kind: Kind, page: int, script: str, limits: Limits) -> Rendered:
    asked = page if 1 <= page < _NO_PAGE else _NO_PAGE
    command = ["sh", "-c", script, "sh", _path(kind), str(asked), NO_MACROS]
    output = _run(command, source, kind, limits)
    pages = _PAGES.search(output.untrusted_notes)
    if pages is None:
        raise NotShownError(reason=_("the program that reads such files gave up"))
    if not 1 <= page <= int(pages[1]):
        return Rendered(int(pages[1]))
    return Rendered(int(pages[1]), png(read_ppm(output.untrusted_data)))


def _run(command: Sequence[str], source: Source, kind: Kind, limits: Limits) -> Output:
    return sandbox.run(command, source.descriptor, kind.ending, limits, source.progress)


def _path(kind: Kind) -> str:
    return f"/in/file.{kind.ending}"

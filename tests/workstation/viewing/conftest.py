"""Files in memory, harmless and hostile, for the viewers."""

import os
import subprocess
from collections.abc import Callable, Iterator

import pytest

from workstation.viewing.source import Source

MakeSource = Callable[[bytes], Source]


@pytest.fixture
def source() -> Iterator[MakeSource]:
    """Puts bytes into a file in memory."""
    opened: list[int] = []

    def make(data: bytes) -> Source:
        descriptor = os.memfd_create("test")
        opened.append(descriptor)
        os.write(descriptor, data)
        return Source(descriptor, len(data))

    yield make
    for descriptor in opened:
        os.close(descriptor)


def ffmpeg(*words: str) -> bytes:
    """What ffmpeg makes of one of its own test pictures or sounds."""
    command = ["/usr/bin/ffmpeg", "-v", "error", "-nostdin", *words, "pipe:1"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def picture(size: str = "640x360", codec: str = "mjpeg") -> bytes:
    return ffmpeg(
        "-f", "lavfi", "-i", f"testsrc=size={size}", "-frames:v", "1", "-c:v", codec, "-f", "image2pipe"
    )


def pdf(pages: int, extra: bytes = b"") -> bytes:
    """A PDF of small pages; each shows a black box, and names its page."""
    kids = b" ".join(b"%d 0 R" % (4 + number) for number in range(pages))
    box = b"0 0 0 rg 10 10 50 50 re f"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R " + extra + b" >>",
        b"<< /Type /Pages /Count %d /Kids [" % pages + kids + b"] >>",
        b"<< /Length %d >>\nstream\n" % len(box) + box + b"\nendstream",
        *[b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents 3 0 R >>"] * pages,
    ]
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    trailer = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(data))
    return data + head + table + trailer

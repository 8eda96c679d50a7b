"""What each kind of file shows, and what hostile ones do not."""

import gzip
import io
import tarfile
import zipfile
import zlib
from struct import pack

import pytest

from tests.workstation.viewing.conftest import MakeSource, ffmpeg, pdf, picture
from workstation.errors import NoSuchPageError, NotShownError
from workstation.viewing import metadata, plain
from workstation.viewing.kinds import Family, recognise
from workstation.viewing.pixels import LONGEST_SIDE
from workstation.viewing.showing import View, show

SIDES = slice(16, 24)
"""Where a PNG file has its width and height."""


def sides(view: View) -> tuple[int, int]:
    assert view.picture is not None
    assert view.picture.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = view.picture[SIDES][:4], view.picture[SIDES][4:]
    return int.from_bytes(width, "big"), int.from_bytes(height, "big")


def archive(names: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as opened:
        for name, data in names.items():
            opened.writestr(name, data)
    return file.getvalue()


@pytest.mark.parametrize("codec", ["mjpeg", "png", "gif", "bmp", "tiff", "libwebp"])
def test_a_picture_is_shown_as_pixels(source: MakeSource, codec: str) -> None:
    view = show(source(picture("640x360", codec)), 1)
    assert (view.family, view.page, view.pages, view.text) == (Family.PICTURE, 1, 1, ())
    assert sides(view) == (640, 360)


def test_a_large_picture_is_made_smaller_and_keeps_its_shape(source: MakeSource) -> None:
    assert sides(show(source(picture("3200x1000")), 1)) == (LONGEST_SIDE, 500)


def test_a_pdf_is_shown_page_by_page(source: MakeSource) -> None:
    file = source(pdf(3))
    assert [show(file, page).pages for page in (1, 3)] == [3, 3]
    assert sides(show(file, 2)) == (LONGEST_SIDE, LONGEST_SIDE // 2)
    for page in (-1, 0, 4, 10**30):
        with pytest.raises(NoSuchPageError, match="this file has 3"):
            show(file, page)


def test_a_pdf_of_ten_thousand_pages(source: MakeSource) -> None:
    file = source(pdf(10_000))
    view = show(file, 10_000)
    assert (view.pages, sides(view)) == (10_000, (LONGEST_SIDE, LONGEST_SIDE // 2))


def test_sound_and_video_say_what_they_are(source: MakeSource) -> None:
    sound = show(source(ffmpeg("-f", "lavfi", "-i", "sine=d=1", "-metadata", "title=Rapat", "-f", "mp3")), 1)
    assert (sound.family, sound.picture) == (Family.SOUND, None)
    assert "TAG:title=Rapat" in sound.text
    assert "sample_rate=44100" in sound.text
    source_words = ("-f", "lavfi", "-i", "testsrc=size=320x240:d=1", "-f", "matroska")
    video = show(source(ffmpeg(*source_words)), 1)
    assert (video.family, sides(video)) == (Family.VIDEO, (320, 240))
    assert "width=320" in video.text


def test_an_archive_is_only_listed(source: MakeSource) -> None:
    names = {"../../../etc/passwd": b"x", "/abs": b"yy", "foto\u202egpj.exe": b"", "satu\ndua\x1b[2J": b"zzz"}
    view = show(source(archive(names)), 1)
    assert view.family is Family.ARCHIVE
    assert view.text == (
        "1  '../../../etc/passwd'",
        "2  '/abs'",
        "0  'foto\\u202egpj.exe'",
        "3  'satu\\ndua\\x1b[2J'",
    )


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_tar_files_are_listed_with_their_links(source: MakeSource, mode: str) -> None:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as opened:
        for name, link in (("isi.txt", ""), ("jalan", "/etc/shadow")):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = (tarfile.SYMTYPE, link) if link else (tarfile.REGTYPE, "")
            opened.addfile(info)
    assert show(source(file.getvalue()), 1).text == ("0  'isi.txt'", "0  'jalan -> /etc/shadow'")


def test_a_zip_bomb_costs_nothing(source: MakeSource) -> None:
    """64 MiB of zeros that say to be 4 GiB, and more names than anybody reads."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join(squeeze.compress(bytes(2**20)) for _ in range(64)) + squeeze.flush()
    head = pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 8, 0, 0, 0, len(packed), 2**32 - 2, 4, 0) + b"bomb"
    place = pack(
        "<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, 8, 0, 0, 0, len(packed), 2**32 - 2, 4, 0, 0, 0, 0, 0, 0
    )
    directory = place + b"bomb"
    end = pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1, 1, len(directory), len(head) + len(packed), 0)
    assert show(source(head + packed + directory + end), 1).text == (f"{2**32 - 2}  'bomb'",)
    many = show(source(archive({str(number): b"" for number in range(6_000)})), 1).text
    assert (len(many), many[-1]) == (5_001, "…")


def test_a_tar_bomb_is_listed_as_far_as_time_goes(source: MakeSource) -> None:
    """A member of 64 GiB of zeros in a file of 64 MB: the second name is behind it."""
    info = tarfile.TarInfo("bomb")
    info.size = 64 * 2**30
    zeros = gzip.compress(bytes(2**26))
    file = gzip.compress(info.tobuf()) + zeros * 1024 + gzip.compress(tarfile.TarInfo("second").tobuf())
    assert show(source(file), 1).text == (f"{info.size}  'bomb'", "…")


def chunk(name: bytes, data: bytes) -> bytes:
    return pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data))


@pytest.mark.parametrize("side", [50_000, 2**31 - 1])
def test_a_pixel_flood_is_refused(source: MakeSource, side: int) -> None:
    head = chunk(b"IHDR", pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(bytes(10**6), 9) * 100)
    with pytest.raises(NotShownError):
        show(source(b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")), 1)


def test_a_page_as_large_as_a_country_stays_small(source: MakeSource) -> None:
    assert sides(show(source(pdf(1).replace(b"200 100]", b"9e6 1e5]")), 1))[0] <= LONGEST_SIDE


@pytest.mark.parametrize(
    "text",
    [
        '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>fetch("http://x/")</script></svg>',
        "<!doctype html><script>location='http://x/'</script><img src=file:///etc/passwd>",
        "#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
        "ffconcat version 1.0\nfile /etc/passwd\n",
        "BM and other words that begin as a picture does",
    ],
    ids=["svg", "html", "playlist", "concat", "bm"],
)
def test_what_would_run_or_fetch_is_shown_as_its_source(source: MakeSource, text: str) -> None:
    view = show(source(text.encode()), 1)
    assert (view.family, view.picture) == (Family.TEXT, None)
    assert "\n".join(view.text) == text


def test_hidden_characters_in_text_are_shown(source: MakeSource) -> None:
    text = "satu\u202edua\u200b\x1b[31m\r\nA\u0301\n"
    assert show(source(text.encode()), 1).text == (*("satu‹U+202E›dua‹U+200B›‹U+001B›[31m", "A\u0301", ""),)
    for encoding in ("utf-16", "utf-8-sig"):
        assert show(source("Laporan é\u202e".encode(encoding)), 1).text == ("Laporan é‹U+202E›",)


def test_a_long_text_has_pages_that_miss_and_repeat_nothing(source: MakeSource) -> None:
    text = "é€😀x" * (plain.PAGE // 4)
    file = source(text.encode())
    first = show(file, 1)
    shown = "".join("\n".join(show(file, page).text) for page in range(1, first.pages + 1))
    assert first.pages > 2
    assert shown == text


def test_unknown_bytes_are_shown_as_hex(source: MakeSource) -> None:
    view = show(source(b"\x00\x01AB" + bytes(2_000)), 1)
    assert view.family is Family.UNKNOWN
    assert view.text[0] == "00000000  00 01 41 42" + " 00" * 12 + "  ..AB............"
    assert len(view.text) == 64
    assert show(source(b""), 1).text == ("",)


def test_a_polyglot_is_what_it_begins_as(source: MakeSource) -> None:
    tail = archive({"word/document.xml": b"<x/>"}) + b"<script>alert(1)</script>"
    assert show(source(picture() + tail), 1).family is Family.PICTURE
    assert show(source(pdf(1) + tail), 1).family is Family.PDF
    with pytest.raises(NotShownError):
        show(source(b"\xff\xd8\xff" + tail), 1)


@pytest.mark.parametrize(
    "magic",
    [
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"%PDF-1.7\n",
        b"ID3",
        b"\0\0\0 ftypisom",
        b"PK\3\4",
        b"\x1f\x8b",
    ],
    ids=["jpeg", "png", "pdf", "mp3", "mp4", "zip", "gz"],
)
def test_a_magic_number_before_rubbish_is_refused_in_plain_words(source: MakeSource, magic: bytes) -> None:
    with pytest.raises(NotShownError, match=r"could not be shown: .* The original is as it was"):
        show(source(magic + b"\xa5\x00rubbish" * 500), 1)


def test_only_bytes_count_for_the_kind() -> None:
    assert recognise(b"", b"") == recognise(b"words", b"words")
    assert recognise(b"MZ\x90\0", b"").family is Family.UNKNOWN
    for inside, ending in (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"), ("x", "zip")):
        data = archive({"first": bytes(10), inside: b""})
        assert recognise(data, data).ending == ending


def test_hidden_data_is_reported_with_its_traps_shown(source: MakeSource) -> None:
    words = ("-f", "lavfi", "-i", "sine=d=1", "-metadata", "artist=Budi\u202egpj", "-f", "mp3")
    found = metadata.report(source(ffmpeg(*words)))
    assert next(line for line in found if "Budi" in line).endswith(": Budi‹U+202E›gpj")
    assert any("Author" in line and "Siti" in line for line in metadata.report(source(with_author())))
    assert not any("/in/" in line for line in found)


def with_author() -> bytes:
    return pdf(1).replace(b"trailer << ", b"trailer << /Info << /Author (Siti) >> ")

"""Cleaned copies: the hidden data is gone, what is shown is the same, and nothing else comes out."""

import pytest

from tests.workstation.viewing.conftest import MakeSource, ffmpeg, pdf, picture
from workstation.errors import NotCleanableError, NotShownError
from workstation.viewing import cleaned, metadata, sandbox
from workstation.viewing.kinds import Family
from workstation.viewing.showing import show


def with_comment() -> bytes:
    """A JPEG file with a comment (ITU T.81, B.2.4.5)."""
    data = picture()
    return data[:2] + b"\xff\xfe\x00\x0eSiti-Rahasia" + data[2:]


def test_a_picture_loses_its_comment_and_looks_the_same(source: MakeSource) -> None:
    original = source(with_comment())
    assert any("Siti-Rahasia" in line for line in metadata.report(original))
    copy = cleaned.clean(original)
    assert b"Siti-Rahasia" not in copy
    view = show(source(copy), 1)
    assert view.family is Family.PICTURE
    assert view.picture is not None and len(view.picture) > 1_000


def test_a_pdf_loses_its_author(source: MakeSource) -> None:
    original = source(pdf(2).replace(b"trailer << ", b"trailer << /Info << /Author (Siti-Rahasia) >> "))
    copy = source(cleaned.clean(original))
    assert not any("Siti-Rahasia" in line for line in metadata.report(copy))
    assert show(copy, 2).pages == 2


def test_sound_loses_its_title(source: MakeSource) -> None:
    original = source(ffmpeg("-f", "lavfi", "-i", "sine=d=1", "-metadata", "title=Siti-Rahasia", "-f", "mp3"))
    assert b"Siti-Rahasia" not in cleaned.clean(original)


@pytest.mark.parametrize("data", [b"words", b"\0\1\2", b"PK\3\4"], ids=["text", "unknown", "archive"])
def test_kinds_that_it_does_not_clean_are_refused(source: MakeSource, data: bytes) -> None:
    with pytest.raises(NotCleanableError):
        cleaned.clean(source(data))


def test_a_damaged_file_gives_no_copy(source: MakeSource) -> None:
    with pytest.raises(NotShownError):
        cleaned.clean(source(b"%PDF-1.4\nrubbish"))


def test_what_comes_out_as_something_else_is_refused(
    source: MakeSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cleaner that was taken over gives a program instead of a picture."""
    monkeypatch.setattr(cleaned, "_SCRIPT", 'printf "#!/bin/sh\\nrm -rf /\\n"')
    with pytest.raises(NotShownError, match="of another kind"):
        cleaned.clean(source(picture()))
    monkeypatch.setattr(cleaned, "_SCRIPT", 'cat "/in/file.$1"')
    assert cleaned.clean(source(picture())) == picture()


def test_the_tools_of_the_tests_are_those_of_the_station() -> None:
    sandbox.need(*sandbox.PACKAGES)

"""What strangers wrote must not move the cursor, hide, or pass for the station's own words."""

import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation import progress, terminal, texts
from workstation.progressbar import TerminalProgress


@pytest.mark.parametrize(
    ("untrusted_text", "shown"),
    [
        ("biasa saja", "biasa saja"),
        ("\x1b[2Jhilang", "‹U+001B›[2Jhilang"),
        ("a\u202eb", "a‹U+202E›b"),
        ("\u2066x\u2069", "‹U+2066›x‹U+2069›"),
        ("nol\u200blebar", "nol‹U+200B›lebar"),
        ("\x9b31m", "‹U+009B›31m"),
        ("\r\b\a", "‹U+000D›‹U+0008›‹U+0007›"),
        ("\ud800", "‹U+D800›"),
        ("\u2028", "‹U+2028›"),
        ("e\u0301", "e\u0301"),
        ("日本", "日本"),
    ],
)
def test_safe(untrusted_text: str, shown: str) -> None:
    assert terminal.safe(untrusted_text) == shown


@given(st.text(max_size=300), st.integers(min_value=30, max_value=120))
def test_quoted_lines_are_harmless_and_narrow(untrusted_text: str, columns: int) -> None:
    for line in terminal.quoted(untrusted_text, columns):
        assert line.startswith("  │")
        assert terminal.width(line) <= columns
        assert not any(
            unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn") for character in line
        )


@given(st.text(alphabet="ab é日", max_size=200), st.integers(min_value=2, max_value=30))
def test_wrapping_loses_nothing_but_spaces(line: str, columns: int) -> None:
    pieces = terminal.wrap(line, columns)
    assert "".join(pieces).replace(" ", "") == line.replace(" ", "")
    assert all(terminal.width(piece) <= columns for piece in pieces)


def test_wrapping_is_between_words() -> None:
    assert terminal.wrap("satu dua tiga empat", 9) == ["satu dua", "tiga", "empat"]
    assert terminal.wrap("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]


def test_stacked_marks_are_limited() -> None:
    assert terminal.safe("a" + "\u0301" * 50).count("\u0301") == 4


def test_table_aligns_wide_letters() -> None:
    lines = terminal.table(("No.", "Nama"), [("1", "日本"), ("22", "x")], right=(0,))
    assert lines == ["No.  Nama", "  1  日本", " 22  x"]


def test_fit() -> None:
    assert terminal.fit("pendek.txt", 20) == "pendek.txt"
    assert terminal.width(terminal.fit("nama yang sangat panjang sekali.txt", 20)) <= 20
    assert terminal.fit("nama yang sangat panjang sekali.txt", 20).endswith("…")


@pytest.mark.parametrize(
    ("count", "point", "comma"),
    [
        (0, "0 B", "0 B"),
        (999, "999 B", "999 B"),
        (1_000, "1.0 kB", "1,0 kB"),
        (999_960, "1.0 MB", "1,0 MB"),
        (5_300_000_000, "5.3 GB", "5,3 GB"),
        (5_300_000_000_000, "5300.0 GB", "5300,0 GB"),
    ],
)
def test_size(count: int, point: str, comma: str) -> None:
    assert terminal.size(count) == point
    texts.use("id")
    assert terminal.size(count) == comma


def test_progress_in_plain_lines_and_live() -> None:
    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    for stream in (io.StringIO(), Screen()):
        shown = TerminalProgress(stream)
        shown.begin(progress.READING, 4, 4_000_000)
        for _ in range(4):
            shown.advance(1, 1_000_000)
        shown.end()
        text = stream.getvalue()
        assert ("\x1b" in text) is stream.isatty()
        assert "Reading and checking" in text
    assert text.endswith("\r\x1b[K")

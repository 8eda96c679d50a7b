"""The rules of the codename word lists, and that the checker sees each breach."""

import subprocess
import sys
from pathlib import Path

import pytest

from crypto.wordlists import checker

FOLDER = Path(checker.__file__).parent
ROOT = FOLDER.parent.parent
LISTS = ["id", "en"]


@pytest.fixture(scope="module", params=LISTS)
def words(request: pytest.FixtureRequest) -> list[str]:
    return checker.read_words(FOLDER / f"{request.param}.txt")


def test_list_meets_all_rules(words: list[str]) -> None:
    assert checker.violations(words, checker.read_banned()) == []


def test_list_gives_eleven_bits_a_word_from_four_letters(words: list[str]) -> None:
    assert len({word[:4] for word in words}) == 2**11


@pytest.mark.parametrize("name", ["id.txt", "en.txt", "banned.txt"])
def test_first_line_says_what_the_file_is(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="ascii")
    assert text.startswith("# ")
    assert text.endswith("\n")
    assert "\r" not in text


@pytest.mark.parametrize(
    "word",
    [
        *("lapor", "report"),  # the report domain
        *("masjid", "church"),  # religious
        *("batak", "gypsy"),  # ethnic
        *("partai", "senate"),  # political
        *("bodoh", "slut"),  # crude
        *("bunuh", "murder"),  # violent
        *("bandung", "toyota"),  # names
        *("yang", "which"),  # function words
        *("tujuh", "seven"),  # numbers
    ],
)
def test_banned_file_holds_each_kind(word: str) -> None:
    assert checker.violations([word], checker.read_banned(), count=1)


@pytest.mark.parametrize("language", LISTS)
def test_a_banned_word_in_a_real_list_is_found(language: str) -> None:
    real = checker.read_words(FOLDER / f"{language}.txt")
    found = checker.violations(sorted([*real[1:], "korupsi"]), checker.read_banned())
    assert "korupsi is banned" in found


@pytest.mark.parametrize(
    ("words", "violation"),
    [
        (["kebun", "payung"], "2 words instead of 3"),
        (["gajah", "payung", "kebun"], "not sorted: payung stands before kebun"),
        (["gajah", "kebun", "kebun"], "kebun stands 2 times"),
        (["Gajah", "kebun", "payung"], "'Gajah' is not 4 to 8 letters from a to z"),
        (["gajah", "kebun", "paying1"], "'paying1' is not 4 to 8 letters from a to z"),
        (["gajah", "ibu", "kebun"], "'ibu' is not 4 to 8 letters from a to z"),
        (["gajah", "kacamatas", "rumah"], "'kacamatas' is not 4 to 8 letters"),
        (["gajah", "kebun", "kebun "], "'kebun ' is not 4 to 8 letters from a to z"),
        (["", "gajah", "kebun"], "'' is not 4 to 8 letters from a to z"),
        (["gajah", "kelapa", "kelas"], "same first 4 letters kela: kelapa, kelas"),
        (["gajah", "kayu", "kayuh"], "same first 4 letters kayu: kayu, kayuh"),
        (["gajah", "lidah", "ludah"], "one slip apart: lidah, ludah"),  # changed
        (["arang", "barang", "gajah"], "one slip apart: arang, barang"),  # added
        (["gajah", "labu", "lalbu"], "one slip apart: labu, lalbu"),  # added within
        (["gajah", "garam", "ragam"], None),  # two letters changed are two slips
        (["gajah", "kilat", "kliat"], "one slip apart: kilat, kliat"),  # swapped
        (["gajah", "rahasia", "tomat"], "rahasia is banned"),
        (["gajah", "sandinya", "tomat"], "sandinya has a banned start"),
    ],
)
def test_checker_finds(words: list[str], violation: str | None) -> None:
    found = checker.violations(words, {"rahasia", "sand*"}, count=3)
    if violation is None:
        assert found == []
    else:
        assert any(line.startswith(violation) for line in found), found


def test_list_without_comment_is_refused(tmp_path: Path) -> None:
    (tmp_path / "xx.txt").write_text("gajah\nkebun\n")
    with pytest.raises(ValueError, match="first line"):
        checker.read_words(tmp_path / "xx.txt")


@pytest.mark.parametrize(
    ("text", "status", "output"),
    [
        ((FOLDER / "id.txt").read_text(), 0, "all rules are met\n"),
        ("# short\nkebun\n", 1, "1 words instead of 2048\n"),
    ],
    ids=["whole", "short"],
)
def test_command_line(tmp_path: Path, text: str, status: int, output: str) -> None:
    (tmp_path / "list.txt").write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "crypto.wordlists.checker", tmp_path / "list.txt"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (status, output)

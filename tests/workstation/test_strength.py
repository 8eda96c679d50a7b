"""Which passphrases are taken, and what is said about the others."""

import pytest

from crypto.words import words
from workstation import texts
from workstation.errors import WeakPassphraseError
from workstation.strength import check_new_passphrase


@pytest.mark.parametrize(
    ("passphrase", "why"),
    [
        ("x9!kQ", "too short"),
        ("password1234", "common words"),
        ("inspektorat1", "common words"),
        ("Penelaah-Satu", "common words"),
        ("qwertyuiop[]", "neighbouring"),
        ("aaaaaaaaaaaaaaaaaa", "repetitions"),
        ("abcdefghijklmnop", "sequences"),
        ("17 08 194517", "days and years"),
    ],
)
def test_weak_ones(passphrase: str, why: str) -> None:
    with pytest.raises(WeakPassphraseError, match=why) as caught:
        check_new_passphrase(passphrase, "penelaah-satu")
    assert passphrase not in str(caught.value)


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_five_words_of_our_own_lists_are_enough_although_the_lists_are_known(language: str) -> None:
    listed = words(language)
    check_new_passphrase(" ".join(listed[at] for at in (3, 1_700, 512, 90, 2_000)), "r1")


def test_two_words_of_our_own_lists_are_not() -> None:
    with pytest.raises(WeakPassphraseError):
        check_new_passphrase(f"{words('id')[0]}-{words('id')[1]}", "r1")


def test_long_ones_are_taken_whatever_their_length() -> None:
    check_new_passphrase("kuda nil makan rumput di tepi sungai " * 30, "r1")

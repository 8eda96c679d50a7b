"""Passphrases: their hashes take turns."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from store import passphrase
from store.errors import WeakPassphraseError

AT_ONCE = 8


class Counting:
    """Stands in for Argon2id; counts how many ask for its memory at the same time."""

    def __init__(self) -> None:
        self.inside = 0
        self.most = 0
        self._others = threading.Event()

    def verify(self, *_: object) -> bool:
        self.inside += 1
        self.most = max(self.most, self.inside)
        self._others.wait(0.05)
        self.inside -= 1
        return True


def test_many_sign_ins_at_once_take_the_memory_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    hasher = Counting()
    monkeypatch.setattr(passphrase, "_HASHER", hasher)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert all(pool.map(lambda _: passphrase.matches("kept", "said"), range(AT_ONCE)))
    assert hasher.most == 1


GOOD = [
    "kuda terbang di atas bukit",
    "abai gajah lentera semut",
    "correct horse battery staple",
    80 * "a1!Xk9 ",
]


@pytest.mark.parametrize("chosen", GOOD)
def test_good_passphrases(chosen: str) -> None:
    passphrase.check_strength(chosen, ("rina", "inspektorat-kota"))


@pytest.mark.parametrize(
    ("chosen", "weakness"),
    [
        ("", "short"),
        ("x9!kQ2#mZ7p", "short"),
        ("inspektorat2026", "personal"),
        ("Rina1990-10-10", "personal"),
        ("passwordpassword", "repeat"),
        ("aaaaaaaaaaaaaa", "repeat"),
        ("abcdefghijklmnop", "sequence"),
        ("qwertyuiop[]", "keyboard"),
        ("zxcvbnm,./asdfghjkl", "keyboard"),
        ("iloveyou12345", "common"),
    ],
)
def test_weak_passphrases_are_refused_with_a_reason(chosen: str, weakness: str) -> None:
    with pytest.raises(WeakPassphraseError) as refused:
        passphrase.check_strength(chosen, ("rina", "inspektorat-kota"))
    assert refused.value.weakness == weakness


def test_a_word_of_our_lists_counts_as_a_word() -> None:
    """zxcvbn by itself knows no Indonesian, and finds these good enough."""
    for chosen in ("lentera123456", "abandonability"):
        with pytest.raises(WeakPassphraseError):
            passphrase.check_strength(chosen, ())

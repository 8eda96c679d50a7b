"""Passphrases: their hashes take turns."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from store import passphrase

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

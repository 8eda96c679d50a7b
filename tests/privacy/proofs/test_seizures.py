"""Disk, keys and memory of a server on which people reported: nothing of them; what is planted is found."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from store import keyfile
from store.reader import open_inbox
from tests.privacy.proofs import seizure_cold, seizure_hot, seizure_keys, world
from tests.privacy.proofs.seizing import Seized, told

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def seized(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seized]:
    with told(tmp_path_factory.mktemp("seized")) as found:
        yield found


def test_disks_hold_nothing_of_what_people_said(seized: Seized, tmp_path: Path) -> None:
    disk = seizure_cold.copy(seized, tmp_path / "disk")
    assert seizure_cold.search(seized, disk) == set()
    assert seizure_cold.planted(disk, seized) == 3


def test_with_all_keys_there_is_nothing_of_what_was_erased(seized: Seized) -> None:
    assert seizure_keys.search(seized) == set()
    assert seizure_keys.unlisted(seized.layout) == set()
    assert seizure_keys.living(seized) == 5, "two texts, their tokens, the name of a file"


def test_plain_deletion_would_be_found(seized: Seized) -> None:
    """Until the tidying takes it too."""
    database = open_inbox(seized.layout.inbox, keyfile.read(seized.layout.inbox_key))
    row = ("office", seized.deleted[0])
    for statement in ("INSERT INTO doomed VALUES (?, ?)", "DELETE FROM doomed WHERE office = ? AND id = ?"):
        with database.write() as connection:
            connection.execute(statement, row)
    database.close()
    assert {hit.canary for hit in seizure_keys.search(seized)} == {"erased (0)"}
    world.tidy(seized.layout)
    assert seizure_keys.search(seized) == set()


def test_memory_holds_no_text_codename_or_key(seized: Seized) -> None:
    assert seizure_hot.search(seized) == set()


def test_a_text_or_key_in_memory_would_be_found(seized: Seized) -> None:
    text, key = seized.people[0].mark[10:], seized.keys[0]
    script = (
        "import sys; kept = sys.stdin.readline(), bytes.fromhex(sys.stdin.readline()); print(1, flush=True)"
    )
    pipe = subprocess.PIPE
    line = [sys.executable, "-c", f"{script}; sys.stdin.readline()"]
    with subprocess.Popen(line, stdin=pipe, stdout=pipe, text=True) as child:
        assert child.stdin and child.stdout
        child.stdin.write(f"{text}\n{key.hex()}\n")
        child.stdin.flush()
        child.stdout.readline()
        hits = seizure_hot.search(replace(seized, processes=[child.pid]))
        child.communicate("\n")
    assert {hit.canary for hit in hits} == {text, "a reviewer's key (0)"}

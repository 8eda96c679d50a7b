"""No reader of something untrusted is left out: the name of its parameter says so (docs/decisions/0030)."""

import tempfile

import pytest

from tests.fuzz.readers import reached, takers
from tests.fuzz.targets import TARGETS

_COMPARES = "looks it up or compares it, and reads nothing out of it"
_STORES = "stores bytes that it does not look into"
_FUZZED = "reads it only through journalist_app/outbound.py, which is fuzzed"
_NAMED = "reads it only through hardening/deploy/tor/client.py, which is fuzzed"

ELSEWHERE = {
    "journalist_app/relay.py:brought": _FUZZED,
    "journalist_app/relay.py:look": _FUZZED,
    "journalist_app/taking.py:preview": _FUZZED,
    "journalist_app/taking.py:take": _FUZZED,
    "peluit/tor/clients.py:add": _NAMED,
    "peluit/tor/clients.py:revoke": _NAMED,
    "peluit/tor/people.py:add": _NAMED,
    "peluit/tor/people.py:revoke": _NAMED,
    "store/board.py:Board.page": _COMPARES,
    "store/broker/server.py:Desk.answer": "reads it only through store/broker/wire.py, which is fuzzed",
    "store/directories.py:Directories.publish": "checks it with `verify`, which is fuzzed",
    "store/passphrase.py:matches": _COMPARES,
    "store/pieces.py:Pieces.receive": _STORES,
    "store/staff/browsers.py:is_known": _COMPARES,
    "store/staff/browsers.py:renew": _COMPARES,
    "store/staff/credentials.py:Credentials.confirm": _COMPARES,
    "store/staff/credentials.py:Credentials.match": _COMPARES,
    "store/staff/invitations.py:Invitations.choose_passphrase": _COMPARES,
    "store/staff/invitations.py:Invitations.complete": _COMPARES,
    "store/staff/invitations.py:Invitations.read": _COMPARES,
    "store/staff/people.py:People.add": _COMPARES,
    "store/staff/people.py:People.change_role": _COMPARES,
    "store/staff/people.py:People.invite": _COMPARES,
    "store/staff/people.py:People.person": _COMPARES,
    "store/staff/people.py:People.remove": _COMPARES,
    "store/staff/people.py:People.reset": _COMPARES,
    "store/staff/sessions.py:Sessions.account": _COMPARES,
    "store/staff/sessions.py:Sessions.sign_in": _COMPARES,
    "store/staff/sessions.py:Sessions.sign_out": _COMPARES,
    "store/uploads.py:Uploads.put": _STORES,
    "workstation/timing/due.py:use_own": "reads it only through timing/presets.py, which is fuzzed",
    "workstation/dispositions/received.py:take": "reads it only through crypto/disposition.py, fuzzed",
    "workstation/page/again.py:prove": _COMPARES,
    "workstation/page/visit.py:Visit.begin": _COMPARES,
}
"""Readers that are in no target, and why."""


def is_public(taker: str) -> bool:
    """Whether no part of the name behind the path begins with an underscore; `__init__` counts as public."""
    return not any(part.startswith("_") and part != "__init__" for part in taker.split(":")[1].split("."))


@pytest.fixture(scope="module")
def called(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What the targets' examples reach; each of them is accepted."""
    scratch = str(tmp_path_factory.mktemp("fuzz"))
    with pytest.MonkeyPatch.context() as patch, reached() as found:
        patch.setattr(tempfile, "tempdir", scratch)
        refused = [t.name for t in TARGETS.values() for seed in t.seeds() if not t.accepts(seed)]
    assert not refused
    return found


def test_every_public_reader_is_in_a_target(called: set[str]) -> None:
    public = {taker for taker in takers() if is_public(taker)}
    assert public - called == set(ELSEWHERE)


def test_there_are_as_many_readers_as_the_name_promises() -> None:
    """If the pattern broke, the test above would find nothing to check."""
    assert len(takers()) > 150

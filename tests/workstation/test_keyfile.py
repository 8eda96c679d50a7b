"""Key files: passphrase, cost and owner."""

import json

import pytest

from crypto import canonical
from crypto.binding import b64
from tests.workstation.office import CHEAP
from workstation import keyfile
from workstation.errors import KeyFileError, StationError, WrongPassphraseError
from workstation.keyfile import DEFAULT_COST, Cost

PASS = "kuda nil makan rumput"


def with_header(file: bytes, **changes: object) -> bytes:
    length = int.from_bytes(file[8:10])
    header = json.loads(file[10 : 10 + length])
    header |= {name: value for name, value in changes.items() if name in header}
    header["kdf"] |= {name: value for name, value in changes.items() if name in header["kdf"]}
    text = canonical.dump(header)
    return file[:8] + len(text).to_bytes(2) + text + file[10 + length :]


def test_there_and_back() -> None:
    file = keyfile.seal({"a": 1}, "r1", PASS, CHEAP)
    assert keyfile.open_(file, "r1", PASS) == {"a": 1}
    assert PASS.encode() not in file


def test_default_cost_is_in_the_header() -> None:
    file = keyfile.seal({}, "r1", PASS)
    assert b'"kdf":{"memory":65536,"passes":3' in file
    assert Cost(65_536, 3) == DEFAULT_COST
    assert keyfile.open_(file, "r1", PASS) == {}


def test_wrong_passphrase() -> None:
    file = keyfile.seal({}, "r1", PASS, CHEAP)
    with pytest.raises(WrongPassphraseError) as caught:
        keyfile.open_(file, "r1", PASS + "x")
    assert PASS not in repr(caught.value) + str(caught.value)


def test_passphrases_are_normalised() -> None:
    file = keyfile.seal({}, "r1", "caf\u00e9 caf\u00e9 caf\u00e9", CHEAP)
    assert keyfile.open_(file, "r1", "cafe\u0301 cafe\u0301 cafe\u0301") == {}


@pytest.mark.parametrize(
    "changes",
    [
        {"memory": 2**21},
        {"memory": 4},
        {"passes": 0},
        {"passes": 17},
        {"memory": -1},
        {"memory": "8"},
        {"salt": b64(bytes(15))},
        {"suite": "peluit/2"},
        {"owner": "r2"},
    ],
)
def test_headers_outside_the_bounds_are_refused_before_any_work(changes: dict[str, object]) -> None:
    file = keyfile.seal({}, "r1", PASS, CHEAP)
    with pytest.raises(KeyFileError):
        keyfile.open_(with_header(file, **changes), "r1", PASS)


@pytest.mark.parametrize("changes", [{"memory": 16}, {"passes": 2}, {"salt": b64(bytes(16))}])
def test_the_header_is_part_of_the_key(changes: dict[str, object]) -> None:
    file = keyfile.seal({}, "r1", PASS, CHEAP)
    with pytest.raises(WrongPassphraseError):
        keyfile.open_(with_header(file, **changes), "r1", PASS)


def test_every_damaged_byte_is_noticed() -> None:
    file = keyfile.seal({"a": "b"}, "r1", PASS, CHEAP)
    for at in range(0, len(file), 7):
        with pytest.raises(StationError):
            keyfile.open_(file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :], "r1", PASS)
        with pytest.raises(StationError):
            keyfile.open_(file[:at], "r1", PASS)
